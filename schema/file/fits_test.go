package file

import (
	"maps"
	"math"
	"slices"
	"testing"

	"pbxsync/schema"
)

// What fits says of an object holds: the published schema lets it pass. What the
// schema lets pass and fits does not see costs time and nothing else, and for the
// scalars that people write it may not happen.
func TestFitsAgreesWithThePublishedSchema(t *testing.T) {
	c := schema.Builtin()
	v := validatorOf(c)
	cases, seen := 0, 0
	for _, k := range c.Kinds {
		s := v.of(k)
		if s == nil {
			continue
		}
		for _, f := range k.Fields {
			for _, x := range samples(f) {
				plain := map[string]any{f.Name: x}
				err := s.Validate(plain)
				cases++
				if !fitsKind(k, plain) {
					continue
				}
				seen++
				if err != nil {
					t.Errorf("%s.%s: %#v fits, and the schema says %v", k.Word, f.Name, x, err)
				}
			}
		}
	}
	if cases < 2000 || seen < cases/10 {
		t.Errorf("%d cases, of which %d fit", cases, seen)
	}
	t.Logf("%d values, %d of them fit", cases, seen)
}

// samples are values of every type, those about the field's bounds among them.
func samples(f *schema.Field) []any {
	out := []any{nil, true, false, int64(0), int64(1), int64(-1), int64(math.MaxInt64), "", "x", "101", "true",
		"Europe/Berlin", "DE AT", "a@b.example", "https://a.example/x", "^1$", "(", "192.0.2.0/24", "08:00", "192.0.2.7:5060",
		"+4930", []any{}, []any{"x"}, map[string]any{}, map[string]any{"id": int64(1)}, map[string]any{"dealer": "x"}, 1.5}
	for _, bound := range []*int64{f.Minimum, f.Maximum} {
		if bound != nil {
			out = append(out, *bound-1, *bound, *bound+1)
		}
	}
	for _, e := range f.Enum {
		out = append(out, e, e+"x")
	}
	for _, w := range f.Words {
		out = append(out, w.File, w.API)
	}
	return out
}

// Most objects of a tenant are judged without the schema.
func TestFitsSeesWhatPeopleWrite(t *testing.T) {
	c := schema.Builtin()
	for word, plain := range map[string]map[string]any{
		"extension": {"type": "phone", "label": "Alice", "status": "active", "extension_group": "sales", "dial_rule": nil},
		"phone":     {"hangup_timeout": int64(25), "record_enabled": false, "vm_mailto": "a@b.example", "geo_list": "DE", "external_number": "+4930"},
	} {
		if !fitsKind(c.Kind(word), plain) {
			t.Errorf("%s %v", word, slices.Sorted(maps.Keys(plain)))
		}
	}
}
