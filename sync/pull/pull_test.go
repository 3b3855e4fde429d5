package pull

import (
	"fmt"
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

const (
	head = "version: 1\ntenant: {name: acme, prefix: \"12037\"}\n"
	one  = "extensions: {\"101\": {label: One}}\n"
)

func filesOf(text string) []file.File {
	return []file.File{{Name: "tenant.yaml", Data: []byte(head + text)}}
}

func options() observe.Options { return observe.Options{Catalogue: schema.Builtin(), Parallelism: 1} }

// told says what pulling has come to, line by line.
func told(got *Pulled, err error) string {
	var w canned.Words
	if err != nil {
		w.Line("error", err)
		return w.String()
	}
	for _, x := range got.Taken {
		w.Line(x.How, x.Address, x.Field)
	}
	for _, p := range got.Left {
		w.Line("left", p.Address, p.Message)
	}
	for _, f := range got.Files {
		w.WriteString(strings.TrimPrefix(string(f.Data), head))
	}
	return w.String()
}

func refusing(at string) func(*canned.Server) {
	return func(s *canned.Server) { s.Refuse = map[string]error{at: canned.Status(500)} }
}

func having(at string, values map[string]any) func(*canned.Server) {
	return func(s *canned.Server) { s.Change("PUT", at, values) }
}

// withPhone adds an extension with a phone.
func withPhone(s *canned.Server) {
	s.Put("/client/12/extension/", 10, map[string]any{"name": "12037*104", "type": "phone", "status": "active"}, nil)
	s.Tenant["/extension/10/phone/"] = map[string]any{"hangup_timeout": canned.Num(25)}
}

// moving gives an extension another label after each call, so that no two looks are alike.
func moving(s *canned.Server) {
	n := 0
	s.On = func(string, string) {
		n++
		s.Change("PUT", "/client/12/extension/7", map[string]any{"label": fmt.Sprint("call ", n)})
	}
}

// Files say afterwards what the tenant has. What no file can say, or what files ask for, is told
// as left, and as nothing else. What cannot be read or chosen ends it.
func TestPull(t *testing.T) {
	for _, test := range []struct {
		name, files string
		only        []string
		change      func(*canned.Server)
		want        string
	}{
		{"all", "extensions: {\"101\": {label: One, status: blocked}, \"109\": {type: queue, status: active}}\n", nil, nil, `
changed extension/101 label
changed extension/101 status
appeared extension/102
appeared extension/103
gone extension/109
extensions: {"101": {label: null, status: active}, "102": {type: queue, status: active, queue: {}}, "103": {type: fax, status: blocked, fax: {}}}`},
		{"a part", one + "variables: {A: \"5\"}\n", []string{"extension/101"}, nil, `
changed extension/101 label
extensions: {"101": {label: null}}
variables: {A: "5"}`},
		{"what no file can hold", "extensions: {\"101\": {label: One, status: blocked}}\n", []string{"extension/101"}, having("/client/12/extension/7", map[string]any{"label": "a\x00"}), `
changed extension/101 status
left extension/101 label stays as it is: it holds the control character U+0000, which no file may hold; change it in the tenant
extensions: {"101": {label: One, status: active}}`},
		{"what files ask for", "extensions: {\"102\": {absent: true}, \"103\": {type: queue, status: active, replaces: [\"103\"]}}\nextension_groups: {c: {previously: [b]}}\n", []string{"extension/102", "extension/103", "extension_group/c"}, nil, `
left extension/102 is to be deleted, and is still there
left extension/103 is to take the place of extension/103, which is still there
left extension_group/c is to be renamed, and is still called b`},
		{"a tenant that changes meanwhile", one, []string{"extension/101"}, moving, `
changed extension/101 label
extensions: {"101": {label: call 2}}`},
		{"no such object", one, []string{"extension/109"}, nil, `
error --only "extension/109" chooses nothing; patterns are addresses, a kind and a key, such as extension/101 or 'did/*'; * in a name is %2A`},
		{"no such kind", one, []string{"nothing/1"}, nil, `
error --only "nothing/1" chooses nothing; patterns are addresses, a kind and a key, such as extension/101 or 'did/*'; * in a name is %2A`},
		{"no such kind, whatever the name", one, []string{"nothing/*"}, nil, `
error --only "nothing/*" chooses nothing; patterns are addresses, a kind and a key, such as extension/101 or 'did/*'; * in a name is %2A`},
		{"what would be pruned", "prune: [extension_group]\nextension_groups: {a: {}}\n", nil, nil, `
appeared extension_group/b
prune: [extension_group]
extension_groups: {a: {}, b: {}}`},
		{"a list that cannot be read", one, nil, refusing("/client/12/extension/"), "\nerror the server answered 500"},
		{"one of a list that cannot be read", one, []string{"extension/102"}, refusing("/client/12/extension/"), "\nerror the server answered 500"},
		{"a phone with what is always below it", "extensions: {\"101\": {label: null}}\n", []string{"extension/104"}, withPhone, `
appeared extension/104
extensions: {"101": {label: null}, "104": {type: phone, status: active, phone: {hangup_timeout: 25}}}`},
		{"files with a problem", "extensions: {\"101\": {lable: One}}\n", nil, nil, "\nerror tenant.yaml:3:22: extension/101: unknown field \"lable\" in extension; did you mean \"label\"?"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := canned.NewServer()
			if test.change != nil {
				test.change(s)
			}
			if got := told(Pull(t.Context(), s, filesOf(test.files), test.only, options())); got != test.want[1:]+"\n" {
				t.Errorf("got\n%s\nwanted\n%s", got, test.want)
			}
		})
	}
}

// What both sides moved since the base stays as the files say, unless somebody asks for the object.
func TestPullOfAConflict(t *testing.T) {
	o := options()
	o.Base = func(plan.TenantID) (*diff.Base, error) {
		return &diff.Base{Tenant: canned.Parse(t, head+"extensions: {\"101\": {label: Zero}, \"102\": {}, \"103\": {}}\n")}, nil
	}
	for _, test := range []struct {
		only []string
		want string
	}{
		{[]string{"extension/101"}, "changed extension/101 label\nextensions: {\"101\": {label: null}, \"102\": {}, \"103\": {}}\n"},
		{nil, "left extension/101 label was changed on both sides: it is null in the tenant, and One in the files\n"},
	} {
		files := filesOf("extensions: {\"101\": {label: One}, \"102\": {}, \"103\": {}}\n")
		if got := told(Pull(t.Context(), canned.NewServer(), files, test.only, o)); got != test.want {
			t.Errorf("%v: got\n%s\nwanted\n%s", test.only, got, test.want)
		}
	}
}

// One difference that is left without a reason is a fault of the program, and writes nothing.
func TestNewFilesThatDiffer(t *testing.T) {
	for _, test := range []struct{ files, want string }{
		{"extensions: {\"101\": {label: null}}\n", ""},
		{one, "extension/101.label"},
		{"extensions: {\"102\": {absent: true}}\n", "extension/102"},
		{"extensions: {\"109\": {type: queue, status: active}}\n", "extension/109.status, extension/109.type"},
		{"extensions: {\"101\": {label: One, status: blocked}}\n", "extension/101.label, extension/101.status"},
	} {
		p := &pulling{api: remembering(canned.NewServer()), files: filesOf(test.files), options: options(), taking: newTaking()}
		if err := p.prove(t.Context(), nil); test.want == "" && err != nil || test.want != "" && !strings.HasSuffix(fmt.Sprint(err), "please report this: "+test.want) {
			t.Errorf("%s: %v, want %q", test.files, err, test.want)
		}
	}
}

// What moved on both sides is taken where somebody asked for it, and else told.
func TestSides(t *testing.T) {
	o := &schema.Object{Kind: schema.Builtin().Kind("extension"), Key: "101"}
	const address = "extension/101"
	for _, test := range []struct {
		x           diff.Sided
		only        []string
		may         bool
		left, stays int
	}{
		{diff.Sided{Fate: diff.Changed, Side: diff.Conflict}, nil, true, 0, 0},
		{diff.Sided{Fate: diff.Appeared, Side: diff.Conflict}, nil, true, 0, 0},
		{diff.Sided{Fate: diff.Deleted, Side: diff.Drift}, nil, true, 0, 0},
		{diff.Sided{Fate: diff.Deleted, Side: diff.Conflict}, nil, false, 1, 0},
		{diff.Sided{Fate: diff.Deleted, Side: diff.Conflict}, []string{address}, true, 0, 0},
		{diff.Sided{Fate: diff.Deleted, Side: diff.Pending}, []string{address}, false, 0, 1},
		{diff.Sided{Fate: diff.Undeclared}, nil, false, 0, 0},
		{diff.Sided{Fate: diff.Undeclared}, []string{address}, true, 0, 0},
	} {
		p := &pulling{taking: newTaking()}
		p.only, p.sides = test.only, map[string]*diff.Sided{address: &test.x}
		if may := p.may(o); may != test.may || len(p.left) != test.left || p.unapplied() != test.stays || p.kept(o, "") == test.may {
			t.Errorf("%+v %v: %v, left %v, stays %v", test.x, test.only, may, p.left, p.stays)
		}
	}
}

// A field that only the files moved stays, also where somebody asks for its object; one that both
// moved is told, unless somebody asks.
func TestSidesOfOneField(t *testing.T) {
	o := &schema.Object{Kind: schema.Builtin().Kind("extension"), Key: "101"}
	const address = "extension/101"
	for _, test := range []struct {
		side  diff.Side
		only  []string
		may   bool
		left  int
		stays bool
	}{
		{diff.Drift, nil, true, 0, false},
		{diff.Conflict, nil, false, 1, false},
		{diff.Conflict, []string{address}, true, 0, false},
		{diff.Pending, nil, false, 0, true},
		{diff.Pending, []string{address}, false, 0, true},
	} {
		p := &pulling{taking: newTaking()}
		p.only = test.only
		p.sides = map[string]*diff.Sided{address: {Fate: diff.Changed, Side: test.side, Fields: []diff.SidedField{{Name: "label", Side: test.side}}}}
		if may := p.mayField(o, diff.Field{Name: "label"}); may != test.may || len(p.left) != test.left || p.stays[address+".label"] != test.stays {
			t.Errorf("%s %v: %v, left %v, stays %v", test.side, test.only, may, p.left, p.stays)
		}
		if !p.mayField(o, diff.Field{Name: "status"}) {
			t.Error("nobody moved status")
		}
	}
}

// A value is news once.
func TestFieldIsTakenOnce(t *testing.T) {
	p := newTaking()
	if !p.field("extension/101", "label", "A") || p.field("extension/101", "label", "A") || !p.field("extension/101", "status", "active") {
		t.Errorf("%v", p.fields)
	}
}
