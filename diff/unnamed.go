package diff

import (
	"slices"
	"strings"

	"pbxsync/schema"
)

// Unnamed returns the kinds that have to be read before it can be told who moved: the base
// has the keys of their objects, and the tenant showed ids.
func Unnamed(r *Result, desired *schema.Tenant, live *Live, base *Base) []*schema.Kind {
	s := &siding{desired: desired, live: live, base: base, handles: handled(base)}
	found := map[*schema.Kind]bool{}
	for _, ch := range r.Changes {
		if ch.Live == nil {
			continue
		}
		was := s.was(ch.Object())
		if was == nil {
			was = s.was(ch.Live)
		}
		for _, f := range ch.Live.Kind.Fields {
			if was != nil && was.Values[f.Name] != nil && (ch.Ends() || ch.Sets(f)) {
				s.unnamed(f, ch.Live.Values[f.Name], found)
			}
		}
	}
	out := make([]*schema.Kind, 0, len(found))
	for k := range found {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b *schema.Kind) int { return strings.Compare(a.Word, b.Word) })
	return out
}

// unnamed notes what a live value refers to by ids that nobody has looked up.
func (s *siding) unnamed(f *schema.Field, v any, found map[*schema.Kind]bool) {
	f.EachRef(v, func(f *schema.Field, v any) {
		if f.RefBy == "" && schema.RefOf(v).ID != 0 && len(f.Ref.Parents) == 0 && !s.live.Lists[f.Ref] {
			found[f.Ref] = true
		}
	})
}
