package checks

import (
	"net/netip"

	"pbxsync/schema/country"
)

// findOver finds items of lists whose last day is past. Dates are compared as they are written.
func findOver(r *run) {
	kind, field := r.use("lists")
	for _, o := range r.objects(kind) {
		items, _ := o.Values[field].([]any)
		for i, item := range items {
			values, _ := item.(map[string]any)
			if last, ok := values[r.Uses["last"]].(string); ok && r.today != "" && last < r.today {
				r.tell(o, o.PlaceOfItem(field, i), "it ended on %s", last)
			}
		}
	}
}

// findPremium finds numbers to which calls are sent on and that cost more than others.
func findPremium(r *run) {
	for _, as := range []string{"agent", "diversion"} {
		kind, field := r.use(as)
		for _, o := range r.objects(kind) {
			number, _ := o.Values[field].(string)
			if c := country.Premium(number); c != nil {
				r.tell(o, o.PlaceOf(field), "%s is a premium number (%s)", number, c.Code)
			}
		}
	}
}

// findEverybody finds networks that every address is in.
func findEverybody(r *run) {
	kind, field := r.use("networks")
	for _, o := range r.objects(kind) {
		items, _ := o.Values[field].([]any)
		for i, item := range items {
			text, _ := item.(string)
			if p, err := netip.ParsePrefix(text); err == nil && p.Bits() == 0 {
				r.tell(o, o.PlaceOfItem(field, i), "%s is every address", text)
			}
		}
	}
}
