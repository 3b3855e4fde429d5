package amend

import (
	"os"
	"testing"
	"testing/fstest"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/file/edit"
)

// What two lists share stays where it is, with its comments. What is new stands behind what was
// before it, and one that became another is changed in its place.
func TestItems(t *testing.T) {
	const four = "a:\n  - {start_mday: 1} # one\n  - {start_mday: 2} # two\n  - {start_mday: 3} # three\n  - {start_mday: 4} # four\n"
	for name, test := range map[string]struct{ have, want, gets string }{
		"the same":          {four, "[{start_mday: 1}, {start_mday: 2}, {start_mday: 3}, {start_mday: 4}]", four},
		"one is new":        {four, "[{start_mday: 1}, {start_mday: 2}, {start_mday: 9}, {start_mday: 3}, {start_mday: 4}]", "a:\n  - {start_mday: 1} # one\n  - {start_mday: 2} # two\n  - {start_mday: 9}\n  - {start_mday: 3} # three\n  - {start_mday: 4} # four\n"},
		"two are, apart":    {four, "[{start_mday: 1}, {start_mday: 8}, {start_mday: 2}, {start_mday: 3}, {start_mday: 9}, {start_mday: 4}]", "a:\n  - {start_mday: 1} # one\n  - {start_mday: 8}\n  - {start_mday: 2} # two\n  - {start_mday: 3} # three\n  - {start_mday: 9}\n  - {start_mday: 4} # four\n"},
		"the first is":      {four, "[{start_mday: 9}, {start_mday: 1}, {start_mday: 2}, {start_mday: 3}, {start_mday: 4}]", "a:\n  - {start_mday: 9}\n  - {start_mday: 1} # one\n  - {start_mday: 2} # two\n  - {start_mday: 3} # three\n  - {start_mday: 4} # four\n"},
		"the last is":       {four, "[{start_mday: 1}, {start_mday: 2}, {start_mday: 3}, {start_mday: 4}, {start_mday: 9}]", four + "  - {start_mday: 9}\n"},
		"one goes":          {four, "[{start_mday: 1}, {start_mday: 3}, {start_mday: 4}]", "a:\n  - {start_mday: 1} # one\n  - {start_mday: 3} # three\n  - {start_mday: 4} # four\n"},
		"one is another":    {four, "[{start_mday: 1}, {start_mday: 9}, {start_mday: 3}, {start_mday: 4}]", "a:\n  - {start_mday: 1} # one\n  - {start_mday: 9} # two\n  - {start_mday: 3} # three\n  - {start_mday: 4} # four\n"},
		"one is two others": {four, "[{start_mday: 1}, {start_mday: 8}, {start_mday: 9}, {start_mday: 3}, {start_mday: 4}]", "a:\n  - {start_mday: 1} # one\n  - {start_mday: 8} # two\n  - {start_mday: 9}\n  - {start_mday: 3} # three\n  - {start_mday: 4} # four\n"},
		"two are one other": {four, "[{start_mday: 1}, {start_mday: 9}, {start_mday: 4}]", "a:\n  - {start_mday: 1} # one\n  - {start_mday: 9} # two\n  - {start_mday: 4} # four\n"},
		"empty brackets":    {"a: []\n", "[{start_mday: 1}]", "a:\n  - {start_mday: 1}\n"},
	} {
		d, err := edit.Open(file.File{Name: "f.yaml", Data: []byte(test.have)})
		if err != nil {
			t.Fatal(err)
		}
		var want yaml.Node
		if err := yaml.Unmarshal([]byte(test.want), &want); err != nil {
			t.Fatal(err)
		}
		k := schema.Builtin().Kind("interval")
		a := &Files{c: schema.Builtin()}
		a.items(k, k.Field("conditions"), d.Root().Entry("a").Value, want.Content[0])
		got, err := d.Bytes()
		if err != nil || len(a.Problems) > 0 || string(got) != test.gets {
			t.Errorf("%s: %v %v\n%s\nwanted\n%s", name, err, a.Problems, got, test.gets)
		}
	}
}

// An entry that says what the server has where nothing is said may stand where what is not said is
// filled in, and there alone.
func TestSilent(t *testing.T) {
	pager := fstest.MapFS{"pager.yaml": {Data: []byte(`title: Pager
description: A made-up kind.
x-kind: pager
x-yaml: pagers
x-key: [name]
x-collection: /client/{client_id}/pager/
x-item: /client/{client_id}/pager/{pager_id}
x-verbs: [list, create, read, update, delete]
type: object
required: [name]
properties:
  name: {type: string, description: Name of the pager.}
  tune: {type: object, description: How it sounds., properties: {loud: {type: integer, default: 5, description: How loud.}}}
  id: {type: integer, readOnly: true}
`)}}
	c, err := schema.Load(os.DirFS("../../kinds"), pager)
	if err != nil {
		t.Fatal(err)
	}
	k := c.Kind("pager")
	tune := k.Field("tune")
	item := *tune
	item.Whole = true
	for text, want := range map[string][2]bool{"loud: 5": {false, true}, "loud: 6": {false, false}, "loud: null": {true, true}, "other: 5": {false, false}} {
		d, err := edit.Open(file.File{Name: "f.yaml", Data: []byte("a: {" + text + "}\n")})
		if err != nil {
			t.Fatal(err)
		}
		a, e := &Files{c: c}, d.Root().Entry("a").Value.Parts()[0]
		if got := [2]bool{a.silent(k, tune, e), a.silent(k, &item, e)}; got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
