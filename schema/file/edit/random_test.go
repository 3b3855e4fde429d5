package edit

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"pbxsync/schema/file"
)

// gen writes random YAML: blocks and brackets, comments, blank lines, both kinds of quotes and
// of line ends, texts behind | and over several lines.
type gen struct {
	*rapid.T
	out strings.Builder
	n   int
}

func (g *gen) pick(what string, of ...string) string { return rapid.SampledFrom(of).Draw(g.T, what) }

func (g *gen) num(most int) int { return rapid.IntRange(0, most).Draw(g.T, "n") }

func (g *gen) key() string {
	g.n++
	return g.pick("key", "k%d", "ä%d", `"%d"`, `'q %d'`, `"é\"%d"`)
}

func (g *gen) comment(indent int) {
	switch g.num(7) {
	case 0:
		fmt.Fprintf(&g.out, "%s# c%d: {[\"'\n", strings.Repeat(" ", g.num(indent+3)), g.n)
	case 1:
		g.out.WriteString("\n")
	}
}

func (g *gen) end() { g.out.WriteString(g.pick("end", "\n", "\n", "  # c '\"\n", " \n")) }

func (g *gen) scalar() string {
	return g.pick("scalar", "x", "x y", "7", "true", "null", `"a \" b"`, `'it''s'`, "über", `""`, "a#b", "http://x/y")
}

func (g *gen) flow(depth int) string {
	switch k := g.num(4); {
	case depth == 0 || k < 2:
		return g.pick("scalar", "x", "7", `"a, b"`, `'}'`, "ö")
	case k == 2:
		var items []string
		for range g.num(3) {
			items = append(items, g.flow(depth-1))
		}
		return "[" + strings.Join(items, g.pick("comma", ", ", ",", " , ", ",\n            ")) + g.pick("last", "", " ") + "]"
	}
	var items []string
	for range g.num(3) {
		items = append(items, fmt.Sprintf(g.key(), g.n)+": "+g.flow(depth-1))
	}
	return "{" + strings.Join(items, g.pick("comma", ", ", " , ", ",\n            ")) + g.pick("last", "", " ") + "}"
}

// block writes the entries of a mapping or items of a list, of which the first may stand behind a dash.
func (g *gen) block(indent, depth int, inline bool) {
	list := g.num(2) == 0 && depth < 3
	for i := range 1 + g.num(3) {
		if i > 0 || !inline {
			g.comment(indent)
			g.out.WriteString(strings.Repeat(" ", indent))
		}
		if list {
			g.out.WriteString("-")
			g.value(indent, depth, true)
			continue
		}
		fmt.Fprintf(&g.out, g.key()+":", g.n)
		g.value(indent, depth, false)
	}
}

func (g *gen) value(indent, depth int, item bool) {
	kind := g.num(9)
	switch {
	case depth > 0 && kind < 3 && item && g.num(1) == 0:
		g.out.WriteString(" ")
		g.block(indent+2, depth-1, true)
	case depth > 0 && kind < 4:
		g.end()
		g.block(indent+1+g.num(3), depth-1, false)
	case kind == 4:
		g.out.WriteString(" " + g.flow(2))
		g.end()
	case kind == 5:
		pad := strings.Repeat(" ", indent+20) // further in than any comment, which would be text there
		g.out.WriteString(g.pick("text", " |\n"+pad+"a\n"+pad+"# no comment\n", " >-\n"+pad+"a\n\n"+pad+"b\n", " a\n"+pad+"b\n", " \"a\n"+pad+"b\"\n"))
	default:
		g.out.WriteString(" " + g.scalar())
		g.end()
	}
}

// ops asks for random changes, and says of what they were. What is refused at once is left out.
func ops(t *rapid.T, n *Node, left *int) {
	if *left <= 0 {
		return
	}
	add := func() {
		key := word(fmt.Sprintf("new%d", *left))
		value := rapid.SampledFrom([]string{"x", "'7'", "{a: 1}", "{a: {b: [1, 2]}}", "[]", "\"a\\nb\"", "null"}).Draw(t, "value")
		var doc yaml.Node
		_ = yaml.Unmarshal([]byte(value), &doc)
		var after *Part
		if len(n.parts) > 0 && rapid.Bool().Draw(t, "behind") {
			after = rapid.SampledFrom(n.parts).Draw(t, "after")
		}
		if n.Kind == yaml.SequenceNode {
			key = nil
		}
		if n.Add(after, key, doc.Content[0]) == nil {
			*left--
		}
	}
	for _, p := range n.parts {
		switch rapid.IntRange(0, 5).Draw(t, "op") {
		case 0:
			if p.Remove() == nil {
				*left--
			}
		case 1:
			if p.Value.Put(word(rapid.SampledFrom([]string{"new", "it's", "a: b", "10", "x\ty", ""}).Draw(t, "text"))) == nil {
				*left--
			}
		case 2, 3:
			ops(t, p.Value, left)
		}
	}
	if (n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode) && rapid.IntRange(0, 2).Draw(t, "add") == 0 {
		add()
	}
}

// Any changes of any file can be made by position, and leave the bytes of all else.
func TestRandom(t *testing.T) {
	done, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		g := &gen{T: t}
		g.out.WriteString("first: 1\n")
		g.block(0, 3, false)
		g.out.WriteString("last: {}\n") // a text behind | is another one where the file ends in it
		text := g.out.String()
		if rapid.Bool().Draw(t, "crlf") {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		if rapid.Bool().Draw(t, "open") {
			text = strings.TrimRight(text, "\r\n")
		}
		d, err := Open(file.File{Name: "f.yaml", Data: []byte(text)})
		if err != nil {
			t.Skip()
		}
		left := 1 + rapid.IntRange(0, 6).Draw(t, "changes")
		ops(t, d.Root(), &left)
		out, err := d.Bytes()
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if done++; !bytes.Equal(out, []byte(text)) {
			refused++
		}
		if strings.Count(text, "\r\n") == strings.Count(text, "\n") && strings.Count(out2(out), "\r\n") != strings.Count(out2(out), "\n") && strings.Contains(text, "\r\n") {
			t.Fatalf("ends of lines are mixed\n%q\n%q", text, out)
		}
	})
	t.Logf("%d files, %d of them changed", done, refused)
}

func out2(b []byte) string { return string(b) }
