package proof

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// madeUp is the catalogue with the kinds of testdata/kinds, for which there is no
// line of Go.
func madeUp(t testing.TB) *schema.Catalogue {
	t.Helper()
	c, err := schema.Load(os.DirFS("../../schema/kinds"), os.DirFS("../../testdata/kinds"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// inModes runs a test in every mode of the simulator.
func inModes(t *testing.T, f func(t *testing.T, b *box)) {
	t.Helper()
	c := madeUp(t)
	for _, m := range modes {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			o := m.o
			o.Catalogue = c
			b := testBox(t, o)
			b.turn, b.saved = m.turn, m.saved
			f(t, b)
		})
	}
}

// whys returns the steps that were put off or cleared first.
func whys(p *plan.Plan) []string {
	var out []string
	for _, s := range p.Steps {
		if s.Why != "" {
			out = append(out, s.Method+" "+s.Changes[0]+": "+s.Why)
		}
	}
	return out
}

func (b *box) wantWhys(p *plan.Plan, want ...string) {
	b.Helper()
	got := whys(p)
	ok := len(got) == len(want)
	for i := 0; ok && i < len(got); i++ {
		ok = strings.Contains(got[i], want[i])
	}
	if !ok {
		b.Errorf("reasons %q, wanted %q\n%s", got, want, steps(p))
	}
}

func TestAKindOfDataAlone(t *testing.T) {
	inModes(t, func(t *testing.T, b *box) {
		for _, s := range []struct {
			text  string
			steps int
		}{
			{`menus:
  main: {mood: calm, tags: [b, a, b], options: [{digit: "1", mood: loud, note: x}, {digit: "0"}]}
  night: {mood: loud, next: main, home: main, badge: gold}
show: {badges: {gold: {pin: "1"}, tin: {}, iron: {}}}
`, 5},
			{`menus:
  main: {tags: [a, b], options: [{digit: "1", mood: loud, note: x}, {digit: "0", mood: null, note: ""}]}
  night: {}
show: {badges: {gold: {pin: "1"}}}
`, 0},
			{`menus:
  main: {tags: [], options: [{digit: "0"}, {digit: "1", mood: loud, note: x}]}
  night: {next: null, mood: loud, badge: {live: tin}}
`, 2},
			{`menus: {main: {mood: loud, home: main}, night: {absent: true}}
show: {badges: {gold: {pin: null, menu: main}, iron: {absent: true}}}
`, 4},
		} {
			_, p := b.apply(head + s.text)
			if len(p.Steps) != s.steps {
				t.Errorf("%d steps, wanted %d:\n%s\n%s", len(p.Steps), s.steps, s.text, steps(p))
			}
		}
		if _, _, err := b.look(b.parse(head + "menus: {main: {home: null}}\n")); err == nil || !strings.Contains(err.Error(), "the API cannot clear it") {
			t.Errorf("home: null is not refused: %v", err)
		}
	})
}

// Two new objects that refer to each other: one reference is left out at create
// and set later.
func TestReferencesPutOff(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		whys       []string
	}{
		{"two", `menus: {a: {mood: calm, next: b}, b: {mood: loud, next: a}}`,
			[]string{"PUT menu/a: next was left out at create"}},
		{"itself", `menus: {a: {mood: calm, next: a}}`,
			[]string{"PUT menu/a: next was left out at create"}},
		{"one that cannot be cleared", `menus: {a: {mood: calm, home: b}, b: {mood: calm, home: a}}`,
			[]string{"home was left out at create"}},
		{"two references to the same", `menus: {a: {mood: calm, next: b, home: b}, b: {mood: loud, home: a}}`,
			[]string{"left out at create"}},
		{"ring of three", `menus: {a: {mood: calm, next: b}, b: {mood: calm, next: c}, c: {mood: calm, next: a}}`,
			[]string{"left out at create"}},
		{"over two kinds", `{menus: {a: {mood: calm, badge: x}}, show: {badges: {x: {pin: "1", menu: a}}}}`,
			[]string{"left out at create"}},
		{"in the place of another", `{menus: {a: {mood: calm, badge: x}}, show: {badges: {x: {pin: "9", menu: a, replaces: [old]}}}}`,
			[]string{"replaced by badge/x", "PUT badge/x: menu was left out at create"}},
		{"two rings", `menus: {a: {mood: calm, next: b}, b: {mood: calm, next: a}, c: {mood: calm, next: d}, d: {mood: calm, next: c}}`,
			[]string{"left out at create", "left out at create"}},
		{"two rings in one", `menus: {a: {mood: calm, next: b, home: c}, b: {mood: calm, next: a}, c: {mood: calm, next: a}}`, nil},
		{"what stays refers to it too", `menus: {a: {mood: calm, next: b}, b: {mood: calm, next: a}, live: {next: a, home: b}}`,
			[]string{"left out at create"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inModes(t, func(t *testing.T, b *box) {
				b.apply(head + "menus: {live: {mood: calm}}\nshow: {badges: {old: {pin: \"9\", menu: live}}}\n")
				text := strings.Replace(tt.text, "{menus:", "menus:", 1)
				if text != tt.text { // a flow map of two sections
					text = strings.Replace(strings.TrimSuffix(text, "}"), ", show:", "\nshow:", 1)
				}
				_, p := b.apply(head + text + "\n")
				if tt.whys != nil {
					b.wantWhys(p, tt.whys...)
				} else if n := len(whys(p)); n > 2 {
					t.Errorf("%d references put off:\n%s", n, steps(p))
				}
			})
		})
	}
}

// X goes, a new Z claims its unique value, and Y moves from X to Z: Y has to let
// go first.
func TestReferencesClearedFirst(t *testing.T) {
	inModes(t, func(t *testing.T, b *box) {
		b.apply(head + `menus: {y: {mood: loud, badge: x}, y2: {mood: calm, badge: x, next: y}}
show: {badges: {x: {pin: "1"}}}
`)
		_, p := b.apply(head + `menus: {y: {badge: z}, y2: {badge: z}}
show: {badges: {x: {absent: true}, z: {pin: "1"}}}
`)
		b.wantWhys(p, "PUT menu/y: badge is cleared first, so that badge/x can be deleted", "PUT menu/y2: badge is cleared first")
		for _, s := range p.Steps {
			if s.Method == "PUT" && s.Body["mood"] == nil {
				t.Errorf("step %d does not carry what every update has to: %v", s.Number, s.Body)
			}
		}
	})
}

// A unique value that is not the key may move from one object that stays to a
// new one, and to one that is there.
func TestUniqueValuesMove(t *testing.T) {
	inModes(t, func(t *testing.T, b *box) {
		b.apply(head + `show: {badges: {a: {pin: "1"}, b: {pin: "2"}, c: {}, d: {pin: null}}}` + "\n")
		_, p := b.apply(head + `show: {badges: {a: {pin: "3"}, n: {pin: "1"}}}` + "\n")
		if got := stepLines(p); !slices.Equal(got, []string{"PUT badge/a", "POST badge/n"}) {
			t.Errorf("%v", got)
		}
		_, p = b.apply(head + `show: {badges: {a: {pin: null}, c: {pin: "3"}, b: {pin: "4"}, d: {pin: "2"}}}` + "\n")
		if len(p.Steps) != 4 {
			t.Errorf("%s", steps(p))
		}
		_, _, err := b.look(b.parse(head + `show: {badges: {c: {pin: "2"}}}` + "\n"))
		if err == nil || !strings.Contains(err.Error(), `pin "2" is taken in the tenant by badge/d`) {
			t.Errorf("a taken pin: %v", err)
		}
	})
}

// What cannot be put in an order is refused in plain words, and nothing is written.
func TestUnbreakable(t *testing.T) {
	const start = `menus: {m: {mood: calm}}
show: {badges: {a: {pin: "1"}, b: {pin: "2"}}, holders: {h: {badge: a}}}
`
	for _, tt := range []struct{ name, text, want string }{
		{"two swapped values", `show: {badges: {a: {pin: "2"}, b: {pin: "1"}}}`,
			"updating badge/a needs updating badge/b needs updating badge/a"},
		{"held for good", `show: {badges: {a: {absent: true}, z: {pin: "1"}}, holders: {h: {badge: z}}}`,
			"wait for each other and cannot be put in an order"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inModes(t, func(t *testing.T, b *box) {
				b.apply(head + start)
				b.server.ResetCounts()
				_, _, err := b.look(b.parse(head + tt.text + "\n"))
				var g *plan.Guard
				if !errors.As(err, &g) || !strings.Contains(g.Message, tt.want) || g.Hint == "" {
					t.Errorf("%T %v", err, err)
				}
				if n := b.server.Counts().Writes; n != 0 {
					t.Errorf("%d writes", n)
				}
			})
		})
	}
}

// The whole of what is made up can be taken away again, whatever refers to what.
func TestMadeUpBackToNothing(t *testing.T) {
	inModes(t, func(t *testing.T, b *box) {
		b.apply(head + `menus: {a: {mood: calm, next: b, badge: x}, b: {mood: calm, next: c}, c: {mood: loud}}
show: {badges: {x: {pin: "1"}, y: {menu: a}}, holders: {h: {badge: x}}}
`)
		b.apply(b.nothing())
		b.bare()
	})
}

// Deleting objects that refer to each other takes a call that lets go first.
func TestRingIsDeleted(t *testing.T) {
	inModes(t, func(t *testing.T, b *box) {
		b.apply(head + "menus: {a: {mood: calm, next: b}, b: {mood: calm, next: a}}\n")
		_, p := b.apply(head + "prune: [menu, sound]\nmenus: {}\nsounds: {}\n")
		if len(p.Steps) != 3+2 { // and the two sounds of the seed
			t.Errorf("%s", steps(p))
		}
		b.bare()
	})
}

// A catalogue of made-up kinds alone does without the built-in ones' words.
func TestMadeUpKindsLoad(t *testing.T) {
	c := madeUp(t)
	for _, word := range []string{"menu", "badge", "holder"} {
		if k := c.Kind(word); k == nil || !k.Managed() {
			t.Errorf("%s is not there", word)
		}
	}
	for _, file := range []string{"menu.yaml", "badge.yaml", "holder.yaml"} {
		if _, err := os.Stat("../../schema/kinds/" + file); err == nil {
			t.Errorf("%s is built in", file)
		}
	}
	_ = simulator.New(simulator.Options{Catalogue: c})
}
