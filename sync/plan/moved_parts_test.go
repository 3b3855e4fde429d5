package plan_test

import (
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/canned"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// changing is a plan that changes one object.
func changing(action diff.Action, fields ...plan.FieldChange) plan.Value {
	return plan.Value{Changes: []plan.Change{{Action: action, Address: "a", Fields: fields}}}
}

func sending(method string, body map[string]any, changes ...string) plan.Value {
	return plan.Value{Steps: []plan.Step{{Method: method, Body: body, Changes: changes}}}
}

func knowing(v plan.Value, ids map[string]int64) plan.Value {
	v.IDs = ids
	return v
}

type m = map[string]any

// Each thing that a plan was made from and that has moved is said in words of its own, and once.
func TestPartsThatMoved(t *testing.T) {
	old := plan.FieldChange{Name: "f", Old: "x", New: "y"}
	rows := func(list ...any) map[string]any { return m{"rows": list} }
	both := func(ch plan.Change, s plan.Step) plan.Value {
		return plan.Value{Changes: []plan.Change{ch}, Steps: []plan.Step{s}}
	}
	for name, test := range map[string]struct {
		was, now plan.Value
		want     string
	}{
		"nothing":                {changing(diff.Update, old), changing(diff.Update, old), ""},
		"the tenant":             {plan.Value{Tenant: plan.TenantID{ID: 1, Name: "n", Prefix: "p"}}, plan.Value{}, "the tenant was n (prefix p, id 1) when the plan was made, it is  (not on the server) now"},
		"an id":                  {knowing(plan.Value{}, map[string]int64{"a": 1, "b": 2}), knowing(plan.Value{}, map[string]int64{"a": 3, "b": 2}), "a: it had id 1 when the plan was made, another object (id 3) has its name now"},
		"an object":              {knowing(plan.Value{}, map[string]int64{"a": 1}), changing(diff.Create), "a: it was there when the plan was made (id 1), it is gone or has another name now"},
		"an id that is no more":  {knowing(changing(diff.Update, old), map[string]int64{"a": 1}), changing(diff.Update, old), "the ids of what it names would not be the same; the plan was edited, or made by another version"},
		"deleted":                {changing(diff.Delete), plan.Value{}, "a: it was there when the plan was made, it is gone now"},
		"made":                   {changing(diff.Create, old), plan.Value{}, "a: it was not there when the plan was made, it is there now, as the plan wants it"},
		"done":                   {changing(diff.Update, old), plan.Value{}, `a.f: it was "x" when the plan was made, it is "y" now`},
		"done without a field":   {changing(diff.Update), plan.Value{}, "a: there was something to do for it when the plan was made, there is nothing now"},
		"another action":         {changing(diff.Update, old), changing(diff.Replace, old), "a: the plan was to update it, now it would replace it"},
		"another live value":     {changing(diff.Update, old), changing(diff.Update, plan.FieldChange{Name: "f", Old: "z", New: "y"}), `a.f: it was "x" when the plan was made, it is "z" now`},
		"another wanted value":   {changing(diff.Update, old), changing(diff.Update, plan.FieldChange{Name: "f", Old: "x", New: "z"}), `a.f: the plan says "y", and wants "z": it was edited, or a file changed`},
		"a field more":           {changing(diff.Update), changing(diff.Update, old), `a.f: it was "y" when the plan was made, it is "x" now`},
		"a field less":           {changing(diff.Update, old), changing(diff.Update), `a.f: it was "x" when the plan was made, it is "y" now`},
		"made in the meantime":   {changing(diff.Create, plan.FieldChange{Name: "f", New: "y", First: true}), changing(diff.Update, plan.FieldChange{Name: "f", Old: "x", New: "y"}), "a: the plan was to create it, now it would update it\n" + `a.f: it was to be made with "y", it is "x" now`},
		"new in both":            {changing(diff.Create, plan.FieldChange{Name: "f", New: "y", First: true}), changing(diff.Create, plan.FieldChange{Name: "f", New: "z", First: true}), "the changes would not be the same; the plan was edited, or made by another version"},
		"new now":                {changing(diff.Update, old), changing(diff.Update, plan.FieldChange{Name: "f", New: "z", First: true}), "the changes would not be the same; the plan was edited, or made by another version"},
		"new before":             {changing(diff.Create, plan.FieldChange{Name: "f", New: "y", First: true}), changing(diff.Create), "the changes would not be the same; the plan was edited, or made by another version"},
		"another object":         {plan.Value{}, changing(diff.Update, old), `a.f: it was "y" when the plan was made, it is "x" now`},
		"another one, no field":  {plan.Value{}, changing(diff.Delete), "a: the plan had nothing to do for it, now it would delete it"},
		"another one to be made": {plan.Value{}, changing(diff.Create, old), "a: it was there when the plan was made, it is gone or has another name now"},
		"children": {plan.Value{Changes: []plan.Change{{Action: diff.Delete, Address: "a", Gone: []string{"a/x", "a/y"}}}}, plan.Value{Changes: []plan.Change{{Action: diff.Delete, Address: "a", Gone: []string{"a/y", "a/z"}}}},
			"a/z: it was not there when the plan was made, and would go with a now\na/x: it was to go with a, and is gone now"},
		"what it replaces":    {plan.Value{Changes: []plan.Change{{Address: "a", Replaces: "b"}}}, plan.Value{Changes: []plan.Change{{Address: "a"}}}, "a: it was to replace b, now nothing"},
		"what rings it":       {plan.Value{Changes: []plan.Change{{Address: "a", Silent: []plan.Outage{{Key: "1", Calls: 2}}}}}, plan.Value{Changes: []plan.Change{{Address: "a", Silent: []plan.Outage{{Key: "1", Calls: 3}}}}}, "a: what rings it is not what it was when the plan was made"},
		"a carried value":     {sending("PUT", m{"f": 1, "g": 2}, "a"), sending("PUT", m{"f": 1, "g": 3}, "a"), "a.g: the call was to send 2, now it would send 3"},
		"one more":            {sending("PUT", m{"f": 1}, "a"), sending("PUT", m{"f": 1, "g": 3}, "a"), "a.g: the call was to send null, now it would send 3"},
		"one where none was":  {sending("PUT", nil, "a"), sending("PUT", m{"g": 3}, "a"), "a.g: the call was to send null, now it would send 3"},
		"another call":        {sending("PUT", m{"f": 1}, "a"), sending("PUT", m{"f": 2}, "b"), "the steps or their order would not be the same; the plan was edited, or made by another version"},
		"a list that is sent": {sending("PUT", rows("1", "2"), "a"), sending("PUT", rows("2", "3"), "a"), `a.rows: the call was to send ["1", "2"], now it would send ["2", "3"]`},
		"rows": {sending("POST", rows("1", "2"), "a", "b"), sending("POST", rows("2", "3"), "a", "b"),
			"a: the call was to send \"1\" as well, and would not now\na: the call would send \"3\" as well now"},
		"a row less":           {sending("POST", rows("1", "2"), "a"), sending("POST", rows("2"), "a"), `a: the call was to send "1" as well, and would not now`},
		"a row more":           {sending("POST", rows("2"), "a"), sending("POST", rows("2", "3"), "a"), `a: the call would send "3" as well now`},
		"rows in other places": {sending("POST", rows("1", "2"), "a"), sending("POST", rows("2", "1"), "a"), `a.rows: the call was to send ["1", "2"], now it would send ["2", "1"]`},
		"rows that are none":   {sending("POST", rows("1"), "a"), sending("POST", m{"rows": "1"}, "a"), `a.rows: the call was to send ["1"], now it would send "1"`},
		"none that are rows":   {sending("POST", m{"rows": "1"}, "a"), sending("POST", rows("1"), "a"), `a.rows: the call was to send "1", now it would send ["1"]`},
		"said already": {both(plan.Change{Action: diff.Update, Address: "a", Fields: []plan.FieldChange{old}}, plan.Step{Body: m{"g": 1}, Changes: []string{"a"}}),
			both(plan.Change{Action: diff.Delete, Address: "a", Fields: []plan.FieldChange{old}}, plan.Step{Body: m{"g": 2}, Changes: []string{"a"}}), "a: the plan was to update it, now it would delete it"},
		"said of one of two": {both(plan.Change{Action: diff.Update, Address: "a"}, plan.Step{Body: m{"g": 1}, Changes: []string{"a", "b"}}),
			both(plan.Change{Action: diff.Delete, Address: "a"}, plan.Step{Body: m{"g": 2}, Changes: []string{"a", "b"}}), "a: the plan was to update it, now it would delete it\na.g: the call was to send 1, now it would send 2"},
		"said of the field": {both(plan.Change{Action: diff.Update, Address: "a", Fields: []plan.FieldChange{old}}, plan.Step{Body: m{"f": 1}, Changes: []string{"a", "b"}}),
			both(plan.Change{Action: diff.Update, Address: "a", Fields: []plan.FieldChange{{Name: "f", Old: "z", New: "y"}}}, plan.Step{Body: m{"f": 2}, Changes: []string{"a", "b"}}), `a.f: it was "x" when the plan was made, it is "z" now`},
		"what was read": {plan.Value{Read: []string{"x"}}, plan.Value{}, "the kinds that it read would not be the same; the plan was edited, or made by another version"},
		"what is wanted": {plan.Value{Wanted: []plan.Wanted{{Object: record.Object{Address: "a"}}}, Read: []string{"x"}}, plan.Value{},
			"what is wanted would not be the same; the plan was edited, or made by another version\nthe kinds that it read would not be the same; the plan was edited, or made by another version"},
	} {
		t.Run(name, func(t *testing.T) { canned.Lines(t, name, test.was.Moved(&test.now), test.want) })
	}
}
