package run_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

const spelt = tenantLine + `extension_groups: {a: {extra_params: "Long Text"}, New Group: {extra_params: " x "}}
extensions: {"101": {label: "One ", status: blocked}, "102": {label: kept, extension_group: New Group}}
intervals: {Day: {timezone: Europe/Berlin, conditions: []}}
variables: {A: " 2 ", C: "3 "}
`

// rewriting is a server that keeps texts without blanks, and names in small letters.
func rewriting() *canned.Server {
	l := keeping()
	l.Kept = func(at string, row map[string]any) {
		for name, v := range row {
			if text, ok := v.(string); ok && !strings.Contains(at, "interval") {
				row[name] = strings.TrimSpace(text)
				if name == "name" && strings.HasSuffix(at, "/") {
					row[name] = strings.ToLower(row[name].(string))
				}
			}
		}
	}
	return l
}

func respelled(list []record.Respelled) (out []string) {
	for _, m := range list {
		data, _ := json.Marshal(m)
		out = append(out, string(data))
	}
	return out
}

func said(list schema.Problems) (out []string) {
	for _, p := range list {
		out = append(out, p.String())
	}
	return out
}

// again plans with what is on record of other forms.
func again(t *testing.T, l *canned.Server, text string, o observe.Options) *observe.State {
	t.Helper()
	s, err := observe.Observe(t.Context(), l, canned.Parse(t, text), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func steps(t *testing.T, s *observe.State) []string {
	t.Helper()
	return canned.Calls(canned.Order(t, &s.Basis))
}

// What a server keeps in another form is told by the answer to the write, goes on record, and
// is not written again: it is a warning that says what to write.
func TestOtherForms(t *testing.T) {
	l := rewriting()
	p := ordered(t, l, spelt)
	sum, _ := carriedOut(t, l, p)
	canned.Lines(t, "respelled", respelled(sum.Respelled), `
{"address":"extension/101","id":7,"field":"label","sent":"One ","kept":"One"}
{"address":"extension_group/New Group","id":901,"field":"name","sent":"New Group","kept":"new group"}
{"address":"variable/A","field":"value","sent":" 2 ","kept":"2"}
{"address":"variable/C","field":"value","sent":"3 ","kept":"3"}`)
	s := again(t, l, spelt, reading(sum.Respelled...))
	canned.Lines(t, "again", steps(t, s), `
PUT /client/{tenant}/extension_group/{extension_group/New Group} {"extra_params":" x "}`)
	canned.Lines(t, "warnings", said(s.Problems), `
tenant.yaml:3:52: warning: extension_group/New Group: it was made as "new group", id 901: the server keeps that instead of "New Group"; write "new group" in the file
tenant.yaml:4:22: warning: extension/101: label: "One " was sent, and the server keeps "One"; write "One" in the file
tenant.yaml:6:13: warning: variable/A: value: " 2 " was sent, and the server keeps "2"; write "2" in the file
tenant.yaml:6:23: warning: variable/C: value: "3 " was sent, and the server keeps "3"; write "3" in the file`)
	canned.Lines(t, "taken out", respelled(s.Respelled), `
{"address":"extension/101","id":7,"field":"label","sent":"One ","kept":"One"}
{"address":"extension_group/New Group","id":901,"field":"name","sent":"New Group","kept":"new group"}
{"address":"variable/A","field":"value","sent":" 2 ","kept":"2"}
{"address":"variable/C","field":"value","sent":"3 ","kept":"3"}`)
	o := reading()
	o.Respelled = sum.Respelled
	canned.Lines(t, "what the run was told and has not recorded", steps(t, again(t, l, spelt, o)), `
PUT /client/{tenant}/extension_group/{extension_group/New Group} {"extra_params":" x "}`)
	o = reading(sum.Respelled...)
	o.Approved = &p.Value
	if s := again(t, l, spelt, o); len(s.Respelled) > 0 {
		t.Errorf("an approved plan lost changes: %v", s.Respelled)
	}
	l.Change("PUT", "/client/12/extension/7", map[string]any{"label": "theirs"})
	changed := strings.Replace(spelt, "Long Text", " x y ", 1)
	canned.Lines(t, "after an edit, and another text", steps(t, again(t, l, changed, reading(sum.Respelled...))), `
PUT /client/{tenant}/extension/{extension/101} {"label":"One "}
PUT /client/{tenant}/extension_group/{extension_group/New Group} {"extra_params":" x "}
PUT /client/{tenant}/extension_group/{extension_group/a} {"extra_params":" x y "}`)
	for i := range sum.Respelled {
		sum.Respelled[i].ID += 50
	}
	canned.Lines(t, "of other objects", steps(t, again(t, l, spelt, reading(sum.Respelled...))), `
PUT /client/{tenant}/extension/{extension/101} {"label":"One "}
POST /client/{tenant}/extension_group/ {"extra_params":" x ","name":"New Group"}`)
}

// What the answer does not tell, and stays as it was, is found after the run.
func TestWrittenInVain(t *testing.T) {
	l := keeping()
	text := tenantLine + "extension_groups: {a: {extra_params: x}, b: {extra_params: y}}\nextensions: {\"101\": {label: One, status: blocked}, \"102\": {label: Two}}\n"
	l.Tenant["/client/12/extension_group/"] = []map[string]any{{"id": canned.Num(31), "name": "a", "extra_params": "old"}, {"id": canned.Num(32), "name": "b", "extra_params": nil}}
	for i, row := range l.Tenant["/client/12/extension/"].([]map[string]any) {
		row["label"] = fmt.Sprint("old ", i)
	}
	l.Kept = func(_ string, row map[string]any) { clear(row) }
	p := ordered(t, l, text)
	sum, _ := carriedOut(t, l, p)
	l.Change("PUT", "/client/12/extension/8", map[string]any{"label": "theirs"})
	after := again(t, l, text, reading())
	canned.Lines(t, "in vain", respelled(run.Unmoved(p, sum, after.Diff)), `
{"address":"extension/101","id":7,"field":"label","sent":"One","kept":"old 0"}
{"address":"extension_group/a","id":31,"field":"extra_params","sent":"x","kept":"old"}`)
}

// A name that is another form of the one that was sent is that object; another is not, and
// neither is one that is there already.
func TestNamesOfWhatWasMade(t *testing.T) {
	for _, test := range []struct {
		kept string
		id   int
		ours bool
	}{
		{"new group", 0, true}, {"New Gr", 0, true}, {"new&nbsp;group", 0, true}, {"New Group", 0, true}, {"New Group 2", 0, true},
		{"Other", 0, false}, {"", 0, true}, {"new group", 31, false},
	} {
		l := keeping()
		l.Kept = func(at string, row map[string]any) {
			if row["name"] = test.kept; test.id > 0 {
				l.Next = int64(test.id) - 901
			}
		}
		p := ordered(t, l, tenantLine+"extension_groups: {New Group: {}}\n")
		if test.id > 0 {
			l.Next = int64(test.id) - 901
		}
		sum, err := run.Apply(t.Context(), l, p, nil, run.Options{Catalogue: schema.Builtin(), Run: "r"}, nil, nil)
		if err != nil || (sum.Failed == 0) != test.ours {
			t.Errorf("%+v: %v %v", test, err, failures(sum))
		}
		if known := slices.ContainsFunc(sum.Respelled, func(m record.Respelled) bool { return m.Kept == test.kept }); known != (test.ours && test.kept != "New Group" && test.kept != "") {
			t.Errorf("%+v: %v", test, sum.Respelled)
		}
	}
}
