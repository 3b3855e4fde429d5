package plan_test

import (
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

func shifts(list []plan.Staleness) (out []string) {
	for _, s := range list {
		out = append(out, s.String())
	}
	return out
}

// A saved plan that does not fit any more says what has moved since it was made: values,
// objects, what goes with them, and what a call carries along.
func TestWhatMoved(t *testing.T) {
	l := canned.Busy()
	l.Put("/client/12/agent/local/221/event/", 401, map[string]any{"event_type": "agent-login", "method": "GET", "url": "https://a.example/"}, nil)
	now := func(desired *schema.Tenant) *plan.Plan {
		s, err := observe.Observe(t.Context(), l, desired, observe.Options{Catalogue: schema.Builtin(), Parallelism: 1, Records: canned.NoneSaid})
		if err != nil {
			t.Fatal(err)
		}
		return order(t, s)
	}
	p, err := plan.Decode(canned.Bytes(t, now(canned.Parse(t, canned.BusyRun))))
	if err != nil {
		t.Fatal(err)
	}
	again := func() *plan.Value {
		desired, err := p.Desired(schema.Builtin())
		if err != nil {
			t.Fatal(err)
		}
		return &now(desired).Value
	}
	if got := p.Moved(again()); len(got) > 0 {
		t.Errorf("nothing has moved: %v", got)
	}
	l.Change("PUT", "/client/12/extension_group/31", map[string]any{"extra_params": "theirs"})
	l.Change("PUT", "/client/12/extension/7", map[string]any{"label": "One", "extension_group_id": canned.Num(32)})
	l.Change("PUT", "/client/12/did/202", map[string]any{"message_extension_id": nil})
	l.Change("PUT", "/client/12/user/client/71", map[string]any{"email": "a@a.example", "name": "Somebody"})
	l.Change("DELETE", "/client/12/extension/9", nil)
	l.Change("DELETE", "/client/12/interval/61", nil)
	l.Put("/client/12/interval/", 66, map[string]any{"name": "Day", "timezone": "Europe/Paris", "conditions": []any{}}, nil)
	l.Put("/client/12/extension_group/", 33, map[string]any{"name": "d", "extra_params": nil}, nil)
	l.Tenant["/client/12/variables/"] = []map[string]any{{"var": "A", "value": "9"}, {"var": "D", "value": "2"}}
	canned.Lines(t, "moved", shifts(p.Moved(again())), `
client_user/ada.name: it was "Ada" when the plan was made, it is "Somebody" now
client_user/ada.email: it was "ada@a.example" when the plan was made, it is "a@a.example" now
did/49302.extension: it was "103" when the plan was made, it is {id: 9} now
did/49302.message_extension: it was "103" when the plan was made, it is null now
extension/101.extension_group: it was "a" when the plan was made, it is "c" now
extension/101.label: it was null when the plan was made, it is "One" now
extension/103: it was there when the plan was made, it is gone now
extension_group/a.extra_params: it was null when the plan was made, it is "theirs" now
extension_group/d: it was not there when the plan was made, it is there now, as the plan wants it
interval/Day: the plan was to create it, now it would update it
interval/Day.timezone: it was to be made with "Europe/Berlin", it is "Europe/Paris" now
interval/Night: it was there when the plan was made, it is gone now
variable/C: the call was to send {value: "1", var: "A"} as well, and would not now
variable/C: the call was to send {value: "2", var: "B"} as well, and would not now
variable/C: the call would send {value: "2", var: "D"} as well now
variable/C: the call would send {value: "9", var: "A"} as well now`)
	other := *p
	other.Tenant.Name, other.Tenant.ID = "other", 13
	canned.Lines(t, "another tenant", shifts(p.Moved(&other)), `
the tenant was acme (prefix 12037, id 12) when the plan was made, it is other (prefix 12037, id 13) now`)
	edited := *p
	edited.Read = nil
	canned.Lines(t, "an edited plan", shifts(p.Moved(&edited)), `
the kinds that it read would not be the same; the plan was edited, or made by another version`)
	edited.Changes = edited.Changes[1:]
	canned.Lines(t, "a plan with one change less", shifts(p.Moved(&edited)), `
alias/sales.extension: it was null when the plan was made, it is "104" now`)
	canned.Lines(t, "and the other way round", shifts(edited.Moved(p)), `
alias/sales.extension: it was "104" when the plan was made, it is null now`)
}
