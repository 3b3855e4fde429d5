package observe_test

import (
	"fmt"
	"os"
	"testing"
	"testing/fstest"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
)

// compared compares files with the tenant.
func compared(t *testing.T, s *server, text string) *observe.State {
	t.Helper()
	state, err := observe.Observe(t.Context(), s, canned.Parse(t, text), options())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// The tenants that an administrator sees are listed by id, a long list twice.
func TestTenants(t *testing.T) {
	search := schema.Builtin().Root().Tenant.Search
	row := func(id any, name string) map[string]any {
		return map[string]any{"id": id, "name": name, "prefix": "1"}
	}
	for name, test := range map[string]struct {
		lists [2][]map[string]any
		pages int
		want  string
	}{
		"one page":       {[2][]map[string]any{{row(canned.Num(9007199254740991), "b"), row("7", "a")}, nil}, 1, "[{7 a 1} {9007199254740991 b 1}] <nil> 1 0"},
		"two pages":      {[2][]map[string]any{{row(canned.Num(10), "b")}, {row(canned.Num(10), "b")}}, 2, "[{10 b 1}] <nil> 2 2"},
		"that change":    {[2][]map[string]any{{row(canned.Num(10), "b")}, {row(canned.Num(10), "c")}}, 2, "[] the list of tenants changed while it was read (1 rows, then 1); run again 2 2"},
		"without an id":  {[2][]map[string]any{{row(nil, "b")}, nil}, 1, "[] list of tenants: the tenant has no id; is this the PBX's API? 1 0"},
		"with id 0":      {[2][]map[string]any{{row(canned.Num(0), "b")}, nil}, 1, "[] list of tenants: id is 0, a whole number above zero was expected; is this the PBX's API? 1 0"},
		"not to be seen": {[2][]map[string]any{nil, nil}, 0, "[] the server answered 403 1 0"},
		"not twice":      {[2][]map[string]any{{row(canned.Num(10), "b")}, nil}, 3, "[] the server answered 500 3 0"},
	} {
		l := busy()
		l.list = func(_ string, nth int) ([]map[string]any, int, bool) {
			if test.pages == 3 {
				l.fail = map[string]error{"LIST " + search: status(500)}
			}
			return test.lists[nth-1], test.pages, true
		}
		if test.pages == 0 {
			l.fail = map[string]error{"LIST " + search: status(403)}
		}
		list, calls, err := observe.Tenants(t.Context(), l, schema.Builtin())
		if got := fmt.Sprint(list, " ", err, " ", calls.Tenant, " ", calls.Second); got != test.want {
			t.Errorf("%s: %s, wanted %s", name, got, test.want)
		}
	}
	odd := fstest.MapFS{"pager.yaml": {Data: []byte(`title: Pager
description: A made-up kind that nothing reads.
x-kind: pager
x-yaml: pagers
x-key: [name]
x-collection: /client/{client_id}/pager/
x-verbs: [create]
type: object
required: [name]
properties: {name: {type: string, description: Name of the pager.}}
`)}}
	c, err := schema.Load(os.DirFS("../../schema/kinds"), odd)
	if err != nil {
		t.Fatal(err)
	}
	if all, more := observe.LeastCalls(schema.Builtin()), observe.LeastCalls(c); all != more {
		t.Errorf("%d calls, and %d with a kind that nothing reads", all, more)
	}
	if n := observe.LeastCalls(schema.Builtin()); n < 10 {
		t.Errorf("%d calls", n)
	}
}

// Values of many objects are not overwritten at once: it is counted by kind who has a value
// that somebody has set and loses it.
func TestOverwrites(t *testing.T) {
	l := busy()
	files := tenantLine + "extension_groups:\n"
	var groups []map[string]any
	for i := range 12 {
		groups = append(groups, map[string]any{"id": canned.Num(300 + i), "name": fmt.Sprint("g", i), "extra_params": map[bool]any{true: "set", false: nil}[i < 5]})
		if i < 8 {
			name := fmt.Sprint("g", i)
			if i == 4 {
				name = "new: {previously: [g4], extra_params: x}"
				files += "  " + name + "\n"
				continue
			}
			files += fmt.Sprintf("  %s: {extra_params: x}\n", name)
		}
	}
	l.rows["/client/12/extension_group/"] = groups
	s := compared(t, l, files)
	list := observe.Overwrites(s)
	if len(list) != 1 || list[0].Kind.Word != "extension_group" || list[0].Objects != 5 || list[0].Of != 12 {
		t.Fatalf("%+v", list)
	}
	const want = "this overwrites what is set at 5 of 12 (extension_group), over 30 % of a kind; apply needs --allow-updates 5"
	if g := observe.OverwriteGuard(list, 4); g == nil || g.Error() != want {
		t.Errorf("%v", g)
	}
	if g := observe.OverwriteGuard(list, 5); g != nil {
		t.Errorf("%v", g)
	}
	l.rows["/client/12/extension_group/"] = groups[:9]
	if s := compared(t, l, files); len(observe.Overwrites(s)) > 0 {
		t.Error("of few objects it is asked")
	}
}

// A snapshot is of a tenant, and in the version that this program knows.
func TestSnapshotsThatAreNone(t *testing.T) {
	for text, want := range map[string]string{
		`{}`: "it has no tenant",
		`{"format_version": "1.0", "tenant": {"id": 0}}`:  "it has no tenant",
		`{"format_version": "1.0", "tenant": {"id": -1}}`: "it has no tenant",
		`{"tenant": {"id": 12}}`:                          "it has no tenant",
		`{"format_version": "2.0", "tenant": {"id": 1}}`:  `it has format_version "2.0", this program knows 1.0`,
		`{"format_version": "1.0", "tenant": {"id": 1}}`:  "<nil>",
	} {
		if _, err := observe.DecodeSnapshot([]byte(text)); fmt.Sprint(err) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// What stands below declared objects and the files leave out is counted, kind by kind: not
// below what is not there, is absent, has said it or cannot have it.
func TestBelow(t *testing.T) {
	for text, want := range map[string]int{
		`{"102": {}, "103": {}}`:                            2,
		`{"102": {events: []}, "103": {}}`:                  1,
		`{"102": {absent: true}, "103": {}}`:                1,
		`{"199": {type: phone, status: active}, "103": {}}`: 1,
		`{"101": {}}`:           0,
		`{"102": {events: []}}`: 0,
	} {
		s := compared(t, busy(), tenantLine+"extensions: "+text+"\n")
		got := 0
		for _, b := range s.Below {
			if b.Kind.Word == "extension_event" && b.Parent.Word == "extension" {
				got += b.Objects
			}
		}
		if got != want {
			t.Errorf("%s: %d of %v, %d were expected", text, got, s.Below, want)
		}
	}
}
