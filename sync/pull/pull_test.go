package pull

import (
	"fmt"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/observe"
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
extensions: {"101": {label: null, status: active}, "102": {type: queue, status: active}, "103": {type: fax, status: blocked}}`},
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
		{"a list that cannot be read", one, nil, refusing("/client/12/extension/"), "\nerror the server answered 500"},
		{"one of a list that cannot be read", one, []string{"extension/102"}, refusing("/client/12/extension/"), "\nerror the server answered 500"},
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
