package proof

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/file/export"
)

// deep is the catalogue with the made-up kinds that stand under each other, for which
// there is no line of Go.
func deep(t testing.TB) *schema.Catalogue {
	t.Helper()
	c, err := schema.Load(os.DirFS("../../schema/kinds"), os.DirFS("../../testdata/kinds/deep"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestChainsOfLevels goes through the chains of made-up kinds, which together do to each
// of them whatever can be done to it.
func TestChainsOfLevels(t *testing.T) {
	cat := deep(t)
	seen := &coverage{did: map[string]bool{}}
	all := chainsIn(t, "../../testdata/chains/deep")
	simulated := modes[:4] // the documents do not know these kinds
	if !evidence.Full() {
		simulated = []mode{modes[0], modes[3]} // both policies, both orders, from saved plans and not
	}
	t.Run("chain", func(t *testing.T) {
		for _, c := range all {
			for _, m := range simulated {
				t.Run(c.name+"/"+m.name, func(t *testing.T) {
					t.Parallel()
					o := m.o
					o.Catalogue = cat
					b := newBox(t, o, c.seed)
					b.turn, b.saved = m.turn, m.saved
					if m.turn != nil {
						b.options.Parallelism = 1
					}
					c.run(t, b, seen)
				})
			}
		}
	})
	if seen.runs != len(all)*len(simulated) {
		return // only those that -run chose
	}
	files, err := filepath.Glob("../../testdata/kinds/deep/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		word := filepath.Base(path)
		seen.demand(t, cat.Kind(word[:len(word)-len(".yaml")]))
	}
}

// What an import writes of each state of the chains has nothing to do.
func TestImportOfLevels(t *testing.T) {
	for _, c := range chainsIn(t, "../../testdata/chains/deep") {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t, simulator.Options{Catalogue: deep(t)}, c.seed)
			for _, s := range c.states {
				t.Run(s.name, func(t *testing.T) {
					b := b.with(t)
					if len(s.refused) > 0 {
						return
					}
					b.carryOut(b.start(s.text))
					for _, sparse := range []bool{false, true} {
						_, e := b.imported(sparse)
						b.unchanged(e, !sparse)
					}
				})
			}
		})
	}
}

// Each state of the chains can be taken back, whatever went with what.
func TestUndoOfLevels(t *testing.T) {
	for i, c := range chainsIn(t, "../../testdata/chains/deep") {
		policies := modes[:2]
		if !evidence.Full() {
			policies = modes[i%2 : i%2+1]
		}
		for _, m := range policies {
			t.Run(c.name+"/"+m.name, func(t *testing.T) {
				t.Parallel()
				o := m.o
				o.Catalogue = deep(t)
				b := newBox(t, o, c.seed)
				for _, s := range c.states {
					t.Run(s.name, func(t *testing.T) { s.undone(b.with(t), c.name) })
				}
			})
		}
	}
}

// A run over all levels that is broken off anywhere, and a create whose answer is lost,
// lead to the same end. What is found by its texts is looked for by these.
func TestAnyCrashOfLevelsSameEnd(t *testing.T) {
	cat := deep(t)
	box := func(t *testing.T) *box { return testBox(t, simulator.Options{Catalogue: cat}) }
	crashAt(t, box, evidence.Size(5, 1), head+`desks: {a: {mode: board, board: {idle: 1, pages: {M: {buttons: {"1": {}}}}}}}
`, head+`desks:
  a: {board: {idle: 2, pages: {M: {buttons: {"1": {absent: true}, "*": {lamp: {colour: green}, tags: [{area: a, word: b}]}}}}}}
`)
	crashAt(t, box, evidence.Size(5, 1), head+`desks: {"10": {mode: plain, forward: "20"}, "20": {mode: plain, forward: "10"}}
`, head+`desks: {"10": {forward: "21"}, "21": {previously: ["20"], forward: "30"}, "30": {mode: plain, forward: "21"}}
`)
	crashAt(t, box, evidence.Size(5, 1), head+`desks: {a: {mode: board, lines: [{text: a}, {text: b}], board: {pages: {M: {notes: [{text: a}, {text: b}], buttons: {"1": {steps: [{does: play}, {does: ring}, {does: play}]}}}}}}}
`, head+`desks: {a: {lines: [{text: c}, {text: b}], board: {pages: {M: {notes: [{text: b}, {text: c}, {text: c}, {text: a}], buttons: {"1": {steps: [{does: ring, voice: Ann}, {does: play}, {does: play}, {does: play}]}}}}}}}
`)
}

// What patterns choose of the levels is read with what stands above it and below that.
func TestPartOfLevels(t *testing.T) {
	b := testBox(t, simulator.Options{Catalogue: deep(t)})
	b.carryOut(b.start(head + `desks:
  a: {mode: board, board: {idle: 1, pages: {M: {buttons: {"1": {tags: [{area: a, word: b}]}, "2": {}}}, N: {}}}}
  b: {mode: board, board: {pages: {M: {}}}}
`))
	const all = "desk/a desk/a/board desk/a/board/page/M desk/a/board/page/M/button/1 desk/a/board/page/M/button/1/lamp desk/a/board/page/M/button/1/step desk/a/board/page/M/button/1/tag/a b " +
		"desk/a/board/page/M/button/2 desk/a/board/page/M/button/2/lamp desk/a/board/page/M/button/2/step desk/a/board/page/M/note desk/a/board/page/N desk/a/board/page/N/note desk/a/line"
	for only, want := range map[string]string{
		"desk/a/board/page/M/button/1": all,
		"desk/*/board/page/N":          all,
		"desk/b":                       "desk/b desk/b/board desk/b/board/page/M desk/b/board/page/M/note desk/b/line",
	} {
		w, err := b.readAll([]string{only})
		if err != nil {
			t.Fatal(err)
		}
		e, err := export.Tenant(b.cat, &w.Live.Tenant, export.Options{Part: w.Part})
		if err != nil {
			t.Fatal(err)
		}
		s, _ := b.unchanged(e, false)
		var got []string
		for _, o := range s.Desired.Objects {
			got = append(got, o.Address())
		}
		slices.Sort(got)
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%s: %s, wanted %s", only, text, want)
		}
	}
}

// A key that names nothing below the same parent is refused with its place, though
// another parent has something of that name.
func TestScopesInFiles(t *testing.T) {
	const other = "\n  b: {mode: board, board: {pages: {Night: {}}}}\n"
	for _, tt := range []struct{ text, want string }{
		{"desks:\n  a: {mode: board, board: {first: Night, pages: {Main: {}}}}" + other,
			`tenant.yaml:4:35: desk/a/board: first: no page "Night" below desk/a/board in these files; declare it under pages: at desk/a/board`},
		{"desks:\n  a: {mode: board, board: {first: Mian, pages: {Main: {}}}}" + other, `did you mean "Main"?`},
		{"desks:\n  a: {mode: board, board: {first: {live: Main}, pages: {Main: {}}}}" + other, "write the key of a page that these files declare there"},
		{"defaults: {board: {first: Main}}\ndesks:\n  a: {mode: board, board: {pages: {Main: {}}}}" + other, "has no default; state it at each object"},
		{"desks:\n  a: {mode: board, board: {pages: {Main: {id: 5, buttons: {\"1\": {id: 5}}}}}}" + other, "id"},
		{"desks:\n  a: {mode: plain, lines: {text: x}}", "lines is keys and values where a list is due"},
		{"desks:\n  a: {mode: plain, lines: null}", "lines of line cannot be null"},
		{"desks:\n  a: {mode: plain, lines: }", "desk/a: lines has no value; write lines: [], or delete the line"},
		{"desks:\n  a: {mode: plain, lines: [{text: x}, null]}", "lines: an item cannot be null"},
		{"desks:\n  a: {mode: plain, lines: [{text: x}, {}]}", "tenant.yaml:4:39: desk/a/line: text is missing here"},
		{"desks:\n  a: {mode: plain, lines: [{text: x, id: 7}]}", `unknown field "id" in line; known: text`},
		{"desks:\n  a: {mode: plain, forward: b}\n  b: {absent: true}", "tenant.yaml:4:29: desk/a: forward: desk/b is to be deleted (tenant.yaml:5:3); give it another one, or null"},
		{"desks:\n  a: {mode: plain, forward: 12037*10}\n  \"10\": {absent: true}", "desk/a: forward: desk/10 is to be deleted"},
		{"desks:\n  a: {mode: plain, forward: north}\n  b: {name: north}", `desk/a: forward: "north" is the name of desk/b; write b`},
		{"desks:\n  a: {mode: plain, forward: {live: b}}", "forward is keys and values where text is due; write the key of desk, or text"},
		{"desks:\n  a: {mode: board, board: {pages: {Main: {buttons: {\"1\": {call: me}}}}}}", "call"},
		{"desks:\n  a: {mode: board, board: {first: Main, pages: {Main: {absent: true}}}}" + other, "first: desk/a/board/page/Main is to be deleted"},
	} {
		_, problems := file.Parse(deep(t), []file.File{{Name: "tenant.yaml", Data: []byte(head + tt.text)}})
		if err := problems.Err(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s\n%v, wanted %s", tt.text, err, tt.want)
		}
	}
}
