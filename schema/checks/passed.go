package checks

import (
	"reflect"
	"slices"
	"strings"

	"pbxsync/schema"
)

// incoming is a rule for calls that come in: when it is tried, and whether the call ends with it.
type incoming struct {
	at                            schema.Place
	hours, after, caller, pattern any // nil: always, for everybody
	ends                          bool
}

// findPassedOver finds rules that never get a call, since an earlier one fits whenever they do and
// ends the call. After one that sends the call on, later ones have it where nobody answers.
func findPassedOver(r *run) {
	kind, field := r.use("list")
	for _, o := range r.objects(kind) {
		items, _ := o.Values[field].([]any)
		var before []incoming
		for i, item := range items {
			now := r.incoming(o.PlaceOfItem(field, i), item)
			if by := slices.IndexFunc(before, func(b incoming) bool { return b.ends && b.fitsWith(now) }); by >= 0 {
				r.tell(o, now.at, "rule %d never gets a call: rule %d has each of them first (%s)", i+1, by+1, before[by].at)
			}
			before = append(before, now)
		}
	}
}

// incoming reads a rule. A condition that says everything is none.
func (r *run) incoming(at schema.Place, item any) incoming {
	values, _ := item.(map[string]any)
	of := func(as string) any {
		if v := values[r.Uses[as]]; v != r.Uses["everything"] {
			return v
		}
		return nil
	}
	does, _ := of("does").(string)
	out := incoming{at: at, hours: of("hours"), after: of("after"), caller: of("caller"), pattern: of("pattern")}
	out.ends = slices.Contains(strings.Fields(r.Uses["ends the call"]), does)
	return out
}

// fitsWith reports whether a rule fits whenever another one does. Rules for different results of what
// was tried before never meet; of hours and callers only the same ones are known to.
func (b incoming) fitsWith(now incoming) bool {
	return b.after == now.after &&
		(b.hours == nil || reflect.DeepEqual(b.hours, now.hours)) &&
		(b.caller == nil || reflect.DeepEqual(b.caller, now.caller) && reflect.DeepEqual(b.pattern, now.pattern))
}
