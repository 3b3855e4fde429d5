package plan_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/schema/wording"
	"pbxsync/sync/plan"
)

// The saved form is small, and has the signs that were written.
func TestSavedFormIsRead(t *testing.T) {
	v := &plan.Value{Changes: []plan.Change{{Address: "a", Fields: []plan.FieldChange{{Name: "f", New: "<&>"}}}}}
	data, err := v.Bytes()
	if text := string(data); err != nil || strings.Count(text, "\n") != 1 || !strings.Contains(text, `"new":"<&>"`) {
		t.Errorf("%v\n%s", err, data)
	}
	v.Changes[0].Fields[0].New = func() {}
	if _, err := v.Bytes(); err == nil {
		t.Error("what has no saved form is saved")
	}
	decoded, err := plan.Decode([]byte(`{"wanted": [{"address": "extension/1", "kind": "extension", "key": "1", "values": {"n": 9007199254740993}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	desired, err := decoded.Desired(schema.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	k := schema.Builtin().Kind("extension")
	if _, managed := desired.Managed[k]; !managed || desired.Objects[0].Values["n"] != int64(9007199254740993) {
		t.Errorf("managed %v, %v", managed, desired.Objects[0].Values)
	}
}

// Values that came through JSON have one form: a whole number is an int64.
func TestPlainValues(t *testing.T) {
	got := plan.PlainValues(map[string]any{"n": json.Number("9007199254740993"), "f": json.Number("1.5"), "l": []any{json.Number("1"), "x"}, "o": map[string]any{"a": json.Number("2")}, "z": nil})
	if text := fmt.Sprintf("%#v", got); text != `map[string]interface {}{"f":1.5, "l":[]interface {}{1, "x"}, "n":9007199254740993, "o":map[string]interface {}{"a":2}, "z":interface {}(nil)}` {
		t.Error(text)
	}
	if plan.ThroughJSON(int64(9007199254740993)) != json.Number("9007199254740993") {
		t.Error("a number loses its end")
	}
	unsayable := make(chan int)
	if plan.ThroughJSON(unsayable) != any(unsayable) || wording.InWords(unsayable) != fmt.Sprint(unsayable) {
		t.Error("what JSON cannot say becomes something else")
	}
}

// Only the records know what was made of a kind that no list tells.
func TestOnlyOnRecord(t *testing.T) {
	c := schema.Builtin()
	for want, s := range map[bool]plan.Step{true: {Makes: &schema.Object{Kind: c.Kind("task_scheduler")}}, false: {Makes: &schema.Object{Kind: c.Kind("extension")}}} {
		if s.OnlyOnRecord() != want || !s.Creates() {
			t.Errorf("%s: %v", s.Makes.Kind.Word, !want)
		}
	}
	if s := (plan.Step{Subject: &schema.Object{Kind: c.Kind("task_scheduler")}}); s.OnlyOnRecord() || s.Creates() {
		t.Error("an update makes something")
	}
}

// Losses are said in words: what goes on, what is kept, what nobody could look at.
func TestLossesInWords(t *testing.T) {
	c := schema.Builtin()
	o := &schema.Object{Kind: c.Kind("extension"), Key: "101"}
	calls, recordings := c.Kind("current_call"), c.Kind("recording")
	list := []*plan.Loss{
		{Object: o, Kind: calls, Rows: []string{"a", " ", "b", "c"}},
		{Object: o, Kind: calls, Rows: []string{"a", "b", "c", "d", "e"}},
		{Object: o, Kind: calls, Rows: []string{""}},
		{Object: o, Kind: calls, Unknown: "403"},
		{Object: o, Kind: recordings, Rows: []string{"", ""}},
		{Object: o, Kind: recordings, Rows: []string{"", ""}},
		{Object: o, Parts: []string{"x", "y", "z"}},
		{Object: o, Users: []string{"x"}},
		{Object: o, Parts: []string{"x"}, Users: []string{"y", "z"}},
		{Object: o, Parts: []string{"x"}, Closed: []string{"dids: 403", "more"}},
		{Object: &schema.Object{Kind: o.Kind, Key: "102"}, Users: []string{"x"}},
	}
	var got []string
	for _, g := range plan.GroupLosses(list) {
		got = append(got, fmt.Sprint(g.Who(), " ", g.Text, " ", g.Running))
	}
	canned.Lines(t, "losses", got, `
extension/101 has 4 calls going on (a; b; c) true
extension/101 has 5 calls going on (a; b; c; and 2 more) true
extension/101 has 1 call going on true
extension/101 may have calls, and nobody could look (403) true
extension/101 has 2 recordings, lost with it false
extension/101 has 2 recordings, lost with it false
extension/101 loses its x, y and z, which this version cannot read false
extension/101, extension/102: each may be in use by x, which this version does not read false
extension/101 loses its x, which this version cannot read; y and z, not read either, may refer to it false
extension/101 may be in use by what cannot be read here: dids: 403; more false`)
	if some := plan.Some([]string{"a", "b", "c"}) + "; " + plan.Some([]string{"a", "b", "c", "d"}); some != "a, b, c; a, b, c and 1 more" {
		t.Error(some)
	}
}

// A plan says of a tenant that is not there yet that it is not, and of a place where it is known.
func TestWhereAndWhich(t *testing.T) {
	if text := plan.Placed(schema.Place{}, "x %d", 1) + ", " + plan.Placed(schema.Place{File: "f", Line: 2, Column: 3}, "y"); text != "x 1, f:2:3: y" {
		t.Error(text)
	}
	p := &plan.Value{Changes: []plan.Change{{Action: diff.Update}, {Action: diff.Delete}}, Wanted: []plan.Wanted{{}, {Pruned: true}}}
	if p.Count(diff.Update) != 1 || p.Count(diff.Create) != 0 || p.Pruned() != 1 {
		t.Error("counted otherwise")
	}
}
