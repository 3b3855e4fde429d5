package journal

import (
	"maps"
	"strings"

	"pbxsync/sync/record"
)

// later returns what a run left for the guards of the next one, and of kinds that it
// did not read what earlier ones left.
func later(before, now *record.Verified) *record.Verified {
	all := map[string]int{}
	if before != nil {
		maps.Copy(all, before.Objects)
	}
	maps.Copy(all, now.Objects)
	return &record.Verified{Objects: all, Protected: now.Protected}
}

// fewer takes off what a run has deleted, or may have: it may have been cut off before
// it read the tenant again.
func fewer(v *record.Verified, s *Step) {
	for _, a := range s.Intent.Address {
		if word, key, _ := strings.Cut(a, "/"); v != nil && !strings.Contains(key, "/") && v.Objects[word] > 0 {
			v.Objects[word]--
		}
	}
}

// vouched takes over the versions of secrets that a run took the tenant to have.
func vouched(k *record.Records, versions map[string]map[string]record.Sent) {
	for address, fields := range versions {
		if k.Sent[address] == nil {
			k.Sent[address] = map[string]record.Sent{}
		}
		maps.Copy(k.Sent[address], fields)
	}
}
