package journal

import (
	"fmt"
	"net/http"
	"slices"

	"pbxsync/sync"
)

// Known folds records, oldest first, into what they tell and the API cannot.
// Only what was acknowledged counts.
func Known(records []*Record) *sync.Records {
	k := &sync.Records{None: len(records) == 0, Sent: map[string]map[string]sync.Sent{}, Seen: map[sync.Name][]sync.Seen{}, Unsettled: map[sync.Name]string{}}
	for _, r := range records {
		for _, s := range r.Steps() {
			fold(k, r.Run, s)
		}
	}
	return k
}

func fold(k *sync.Records, run string, s *Step) {
	first := ""
	if len(s.Intent.Address) > 0 {
		first = s.Intent.Address[0]
	}
	name := sync.Name{Kind: s.Intent.Kind, Key: s.Intent.Key}
	switch {
	case s.Outcome == TypeUnknown && s.Intent.Creates:
		k.Unsettled[name] = fmt.Sprintf("run %s, step %d", run, s.Number)
	case s.Outcome != TypeAck:
	case s.Intent.Method == http.MethodDelete:
		for _, a := range s.Intent.Address {
			delete(k.Sent, a)
		}
	default:
		id := max(s.Intent.Object, s.ID)
		if name.Kind != "" && id > 0 && !slices.ContainsFunc(k.Seen[name], func(o sync.Seen) bool { return o.ID == id }) {
			k.Seen[name] = append(k.Seen[name], sync.Seen{Address: first, ID: id})
		}
		for address, fields := range s.Intent.Sends {
			if k.Sent[address] == nil {
				k.Sent[address] = map[string]sync.Sent{}
			}
			for field, version := range fields {
				k.Sent[address][field] = sync.Sent{Version: version, ID: id}
			}
		}
	}
}
