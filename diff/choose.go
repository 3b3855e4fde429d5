package diff

import "pbxsync/schema"

// Choose returns the live objects that patterns of addresses choose.
func (l *Live) Choose(patterns []string) ([]*schema.Object, schema.Problems) {
	var out []*schema.Object
	used := map[string]bool{}
	for _, o := range l.Objects {
		if o.Shared || !o.Kind.Managed() {
			continue
		}
		for _, p := range patterns {
			if schema.Matches(p, o) {
				if used[p] = true; len(out) == 0 || out[len(out)-1] != o {
					out = append(out, o)
				}
			}
		}
	}
	return out, schema.Unchosen(patterns, used)
}
