package edit

import (
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"pbxsync/schema/file"
)

// at finds a node by keys and numbers of items, such as "a.b.2".
func at(t *testing.T, d *Document, path string) (*Node, *Part) {
	t.Helper()
	n, p := d.Root(), (*Part)(nil)
	for _, name := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' }) {
		if n.Kind == yaml.SequenceNode {
			p = n.Parts()[name[0]-'0']
		} else {
			p = n.Entry(name)
		}
		if p == nil {
			t.Fatalf("no %s of %s", name, path)
		}
		n = p.Value
	}
	return n, p
}

// tree is a YAML text as a node.
func tree(t *testing.T, text string) *yaml.Node {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Content[0]
}

func word(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s} }

// ask takes a line of a case: put PATH VALUE, cut PATH, or add PATH [KEY] VALUE (behind the last
// part), front PATH [KEY] VALUE.
func ask(t *testing.T, d *Document, line string) error {
	f := strings.SplitN(line, " ", 3)
	n, p := at(t, d, f[1])
	switch f[0] {
	case "put":
		return n.Put(tree(t, f[2]))
	case "cut":
		return p.Remove()
	}
	after := n.Last()
	if f[0] == "front" {
		after = nil
	}
	if n.Kind == yaml.SequenceNode {
		return n.Add(after, nil, tree(t, f[2]))
	}
	key, value, _ := strings.Cut(f[2], " ")
	return n.Add(after, word(key), tree(t, value))
}

func TestEdits(t *testing.T) {
	for _, c := range []struct{ name, in, ask, want string }{
		{"plain", "a: x # c\nb: 1\n", "put a y", "a: y # c\nb: 1\n"},
		{"double", `a: "x"` + "\n", "put a y", `a: "y"` + "\n"},
		{"single", "a: 'x'\n", "put a it's", "a: 'it''s'\n"},
		{"number", "a:   7\n", "put a 8", "a:   8\n"},
		{"text like a number", "a: x\n", `put a "8"`, `a: "8"` + "\n"},
		{"umlauts", "ä: {ö: \"ü\", b: 1}\n", "put ä/b 2", "ä: {ö: \"ü\", b: 2}\n"},
		{"crlf", "a: x\r\nb: y\r\n", "put a z", "a: z\r\nb: y\r\n"},
		{"to brackets", "a: x # c\n", "put a {dealer: Jazz}", "a: {dealer: Jazz} # c\n"},
		{"from brackets", "a: {dealer: Jazz} # c\n", "put a x", "a: x # c\n"},
		{"from a block", "a: # c\n  dealer: Jazz\nb: 1\n", "put a x", "a: x # c\nb: 1\n"},
		{"add", "a:\n  b: 1 # c\n\n# d\ne: 2\n", "add a c {x: y}", "a:\n  b: 1 # c\n  c: {x: y}\n\n# d\ne: 2\n"},
		{"add crlf", "a:\r\n  b: 1\r\n", "add a c 2", "a:\r\n  b: 1\r\n  c: 2\r\n"},
		{"add without an end", "a:\n  b: 1", "add a c 2", "a:\n  b: 1\n  c: 2"},
		{"add behind a block", "a:\n  b:\n    c: 1\n    # e\n  # f\nd: 1\n", "add a g 2", "a:\n  b:\n    c: 1\n    # e\n  g: 2\n  # f\nd: 1\n"},
		{"add a block", "a:\n    b: 1\n", "add a c {d: {e: 1}, f: [1, 2]}", "a:\n    b: 1\n    c: {d: {e: 1}, f: [1, 2]}\n"},
		{"front", "a:\n  # one\n  b: 1\n", "front a c 2", "a:\n  # one\n  c: 2\n  b: 1\n"},
		{"add in brackets", "a: {b: 1} # c\n", "add a c 2", "a: {b: 1, c: 2} # c\n"},
		{"add in empty ones", "a: {} # c\n", "add a c x, y", "a: {c: 'x, y'} # c\n"},
		{"add a block to empty ones", "a: {} # c\nb: 1\n", "add a c {d: {e: 1}}", "a: # c\n  c: {d: {e: 1}}\nb: 1\n"},
		{"add a block to empty ones below", "a:\n  b:\n    c: {} # x\n", "add a/b/c d {e: {f: 1}}", "a:\n  b:\n    c: # x\n      d: {e: {f: 1}}\n"},
		{"add what just fits in empty ones", "a: {}\n", "add a c " + strings.Repeat("x", 63), "a: {c: " + strings.Repeat("x", 63) + "}\n"},
		{"add what just does not fit in empty ones", "a: {}\n", "add a c " + strings.Repeat("x", 64), "a:\n  c: " + strings.Repeat("x", 64) + "\n"},
		{"add at lines of brackets", "a: {\n  b: 1,\n  c: 2 }\n", "add a d 3", "a: {\n  b: 1,\n  c: 2,\n  d: 3 }\n"},
		{"front in brackets", "a: {b: 1}\n", "front a c 2", "a: {c: 2, b: 1}\n"},
		{"trailing comma", "a: {b: 1, }\n", "add a c 2", "a: {b: 1, c: 2, }\n"},
		{"json", "{\"a\": {\n  \"b\": \"x\"\n}}\n", "add a c y", "{\"a\": {\n  \"b\": \"x\",\n  \"c\": \"y\"\n}}\n"},
		{"cut", "a:\n  # of b\n  b:\n    x: 1 # y\n    # in b\n    z: 2\n  c: 1\n", "cut a/b", "a:\n  # of b\n  c: 1\n"},
		{"cut the only one", "a: # c\n  # d\n  b:\n    x: 1\ne: 1\n", "cut a/b", "a: {} # c\n  # d\ne: 1\n"},
		{"cut at the end", "a:\n  b: 1\n  c: 2", "cut a/c", "a:\n  b: 1\n"},
		{"cut in brackets", "a: {b: 1, c: 2, d: 3}\n", "cut a/c", "a: {b: 1, d: 3}\n"},
		{"cut first in brackets", "a: {b: 1, c: 2}\n", "cut a/b", "a: {c: 2}\n"},
		{"cut last in brackets", "a: {b: 1, c: 2}\n", "cut a/c", "a: {b: 1}\n"},
		{"cut all in brackets", "a: {b: 1}\n", "cut a/b", "a: {}\n"},
		{"cut two and add", "a: {b: 1, c: 2, d: 3}\n", "cut a/b\ncut a/d\nadd a e 4", "a: {c: 2, e: 4}\n"},
		{"cut and add", "a:\n  b: 1 # x\n  c: 2\n", "cut a/b\ncut a/c\nadd a e 4", "a:\n  e: 4 # x\n"},
		{"cut the last and add", "a:\n  b: 1\n  # of c\n  c: 2\n\nd: 1\n", "cut a/c\nadd a e 4", "a:\n  b: 1\n  e: 4\n  # of c\n\nd: 1\n"},
		{"cut the last without an end and add", "a:\n  b: 1\n  c: 2", "cut a/c\nadd a e 4", "a:\n  b: 1\n  e: 4\n"},
		{"cut in the last and add", "a:\n  b:\n    c:\n      - 1\n\n# d\n", "cut a/b/c/0\nadd a e 4", "a:\n  b:\n    c: []\n  e: 4\n\n# d\n"},
		{"cut the end of the last and add", "a:\n  b:\n    c: 1\n    d: 2", "cut a/b/d\nadd a e 4", "a:\n  b:\n    c: 1\n  e: 4\n"},
		{"list", "a:\n- x # c\n- y\n", "cut a/0\nadd a z", "a:\n- y\n- z\n"},
		{"list of maps", "a:\n  - b: 1\n    c: 2\n", "add a {d: 1}", "a:\n  - b: 1\n    c: 2\n  - {d: 1}\n"},
		{"cut at a dash", "a:\n  - b: 1\n    c: 2\n", "cut a/0/b", "a:\n  - c: 2\n"},
		{"cut all at a dash", "a:\n  - b: 1\n    c: 2\n  - d: 1\n", "cut a/0/b\ncut a/0/c", "a:\n  - {}\n  - d: 1\n"},
		{"cut all items", "a:\n  - x\n  - y\n", "cut a/0\ncut a/1", "a: []\n"},
		{"empty list", "a: []\n", "add a {b: {c: 1}}", "a:\n  - {b: {c: 1}}\n"},
		{"literal stays", "a: |\n  x\n  # no comment\n\nb: 1\n", "put b 2", "a: |\n  x\n  # no comment\n\nb: 2\n"},
		{"cut a literal", "a: |\n  x\n  # no comment\n\nb: 1\n", "cut a", "\nb: 1\n"},
		{"cut a folded text", "a: x\n  y\n\n  z\nb: 1\n", "cut a", "b: 1\n"},
		{"byte order mark", "\ufeffa: x\nb: 1\n", "put a y", "\ufeffa: y\nb: 1\n"},
		{"at the root", "a: 1\n\n# end\n", "add  b {c: 1}", "a: 1\nb: {c: 1}\n\n# end\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Open(file.File{Name: "f.yaml", Data: []byte(c.in)})
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range strings.Split(c.ask, "\n") {
				if err := ask(t, d, line); err != nil {
					t.Fatal(err)
				}
			}
			got, err := d.Bytes()
			if err != nil || string(got) != c.want {
				t.Errorf("got  %q (%v)\nwant %q", got, err, c.want)
			}
		})
	}
}

// What is not changed by position is refused, with its place and the way out.
func TestRefused(t *testing.T) {
	for in, want := range map[string]string{
		"a: |\n  x\n":             "f.yaml:1:4: a text behind | or > is not changed by position; write it by hand, or as one line in quotes, and pull again",
		"b: 1\na: x\n  y\n":       "f.yaml:2:4: a value over several lines is not changed by position; write it on one line, and pull again",
		"b: 1\na: \"x\n  y\"\n":   "f.yaml:2:4: a value over several lines is not changed by position; write it on one line, and pull again",
		"a: !!str x\n":            "f.yaml:1:4: tag !!str is not supported; delete the tag; text goes in quotes",
		"a: &x y\n":               "f.yaml:1:4: anchor &x is not supported; write the value again where it is needed, or use defaults:",
		"b: 1\na: *x\n":           "f.yaml:2:4: *x is read as a YAML alias, and aliases are not supported; patterns belong in single quotes: '\\*x', where \\* is a star that is dialled",
		"b: {c: 1}\na: {<<: 1}\n": "f.yaml:2:5: merge key << is not supported; use defaults:, or write the values again",
	} {
		d, err := Open(file.File{Name: "f.yaml", Data: []byte(in)})
		if err == nil {
			err = ask(t, d, "put a y")
		}
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v\nwant %s", in, err, want)
		}
	}
}
