package proof

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/undo"
)

// steepest is the slope on paper with logarithms on both sides: 1 is a straight line, 2 a square.
const steepest = 1.15

// shape is something that people have a lot of, and what is done with it.
type shape struct {
	name string
	do   func(t *testing.T, n int) func() // for n of it
}

// Cost grows in a straight line, also where much is wrong: each shape of 4,000 takes twice the
// allocations of one of 2,000, and no more. Time is not asked, since machines are busy. A sample
// compares 500 and 1,000.
func TestSlopes(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			var counts, bytes []float64
			sizes := []int{500, 1000}
			if evidence.More() {
				sizes = []int{1000, 2000, 4000}
			}
			for _, n := range sizes {
				c, b := allocated(s.do(t, n))
				counts, bytes = append(counts, c), append(bytes, b)
			}
			t.Logf("allocations %.0f, bytes %.0f", counts, bytes)
			for _, sums := range [][]float64{counts, bytes} {
				if slope := math.Log2(sums[len(sums)-1] / sums[len(sums)-2]); slope > steepest {
					t.Errorf("%d take %.0f: a slope of %.2f", sizes, sums, slope)
				}
			}
		})
	}
}

func allocated(f func()) (count, bytes float64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs - before.Mallocs), float64(after.TotalAlloc - before.TotalAlloc)
}

const tenantOfFour = "tenants:\n  - settings: {id: 12, name: acme, prefix: \"12037\", extension_len: 4}\n"

var shapes = []shape{
	{"wrong names", func(t *testing.T, n int) func() {
		text := head + lines("extension_groups:", n, "  Department %04d: {}") + lines("extensions:", n, "  \"%04d\": {type: queue, extension_group: Depratment %04[1]d}")
		return parsed(t, n, text)
	}},
	{"unknown fields", func(t *testing.T, n int) func() {
		return parsed(t, n, head+lines("extension_groups:", n, "  Department %04d: {nmae: x}"))
	}},
	{"many files", func(t *testing.T, n int) func() {
		files := []file.File{{Name: "tenant.yaml", Data: []byte(head)}}
		for i := range n / 2 {
			files = append(files, file.File{Name: fmt.Sprintf("g%04d.yaml", i), Data: fmt.Appendf(nil, "version: 1\nextension_groups: {g%04d: {}}\n", i)})
		}
		return func() {
			if _, problems := file.Parse(schema.Builtin(), files); len(problems) > 0 {
				t.Fatal(problems[0])
			}
		}
	}},
	{"missing objects", func(t *testing.T, n int) func() {
		return looked(t, n, tenantOfFour+lines("    did:", n, "      - {name: \"4930%04d0\"}"), head+lines("dids:", n, "  \"4930%04d1\": {}"))
	}},
	{"creates", func(t *testing.T, n int) func() {
		return looked(t, n, tenantOfFour, head+lines("extensions:", n, "  \"%04d\": {type: queue, status: active}"))
	}},
	{"replacements", func(t *testing.T, n int) func() {
		return looked(t, n, tenantOfFour+lines("    extension:", n, "      - {name: \"%04d\", type: queue, status: active}"),
			head+lines("extensions:", n, "  \"%04d\": {type: ivr, status: active, replaces: [\"%04[1]d\"]}"))
	}},
	{"a large cycle", func(t *testing.T, n int) func() {
		return looked(t, n, tenantOfFour+"    extension: [{id: 501, name: \"9999\", type: ivr, status: active}]\n"+lines("    did:", n, "      - {name: \"4930%04d\", extension_id: 501}"),
			head+"extensions: {old: {name: \"9999\", id: 501, absent: true}, \"9999\": {type: ivr, status: active}}\n"+lines("dids:", n, "  \"4930%04d\": {extension: \"9999\"}"))
	}},
	{"one long list", func(t *testing.T, n int) func() {
		return looked(t, 1, tenantOfFour, head+lines("dial_rule_lists:\n  long:\n    dial_rules:", n, "      - {match_exp: '^%04d(.*)$', repl_exp: '+\\1'}"))
	}},
	{"a stale plan", func(t *testing.T, n int) func() {
		seed := tenantOfFour + lines("    extension:", n, "      - {name: \"%04d\", type: queue, status: active, label: a}")
		made := orderOf(t, seed, head+lines("extensions:", n, "  \"%04d\": {type: queue, label: b}"))
		now := orderOf(t, strings.ReplaceAll(seed, "label: a", "label: c"), head+lines("extensions:", n, "  \"%04d\": {type: queue, label: b}"))
		return func() {
			if moved := made.Moved(&now.Value); len(moved) < n {
				t.Fatalf("%d parts have moved", len(moved))
			}
		}
	}},
	{"undo of creates", func(t *testing.T, n int) func() {
		return undone(t, n, orderOf(t, tenantOfFour, head+lines("extension_groups:", n, "  Department %04d: {}")+lines("extensions:", n, "  \"%04d\": {type: queue, status: active, extension_group: Department %04[1]d}")))
	}},
	{"undo of deletes", func(t *testing.T, n int) func() {
		seed := tenantOfFour + lines("    extension_group:", n, "      - {id: 1%04d, name: Department %04[1]d}") + lines("    extension:", n, "      - {id: 5%04d, name: \"%04[1]d\", type: queue, status: active, extension_group_id: 1%04[1]d}")
		return undone(t, n, orderOf(t, seed, head+lines("extension_groups:", n, "  Department %04d: {absent: true}")+lines("extensions:", n, "  \"%04d\": {absent: true}")))
	}},
}

// lines writes one line for each number below another.
func lines(above string, n int, line string) string {
	var b strings.Builder
	b.WriteString(above + "\n")
	for i := range n {
		fmt.Fprintf(&b, line+"\n", i)
	}
	return b.String()
}

// parsed reads files in which n problems are found.
func parsed(t *testing.T, n int, text string) func() {
	return func() {
		if _, problems := file.Parse(schema.Builtin(), []file.File{{Name: "tenant.yaml", Data: []byte(text)}}); len(problems) < n {
			t.Fatalf("%d problems", len(problems))
		}
	}
}

// looked compares files with a tenant, and orders n changes if nothing is wrong with them.
func looked(t *testing.T, n int, seed, text string) func() {
	b := newBox(t, simulator.Options{}, seed)
	desired := b.parse(text)
	state := func() *observe.State {
		s, err := observed(context.Background(), b.api, desired, b.options)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	return func() {
		s := state()
		if len(s.Problems) > 0 {
			if len(s.Problems) < n {
				t.Fatalf("%d problems", len(s.Problems))
			}
			return
		}
		if p, err := plan.Order(&s.Basis); err != nil || len(p.Changes) < n {
			t.Fatalf("%v, %v", p, err)
		}
	}
}

func orderOf(t *testing.T, seed, text string) *plan.Plan {
	b := newBox(t, simulator.Options{}, seed)
	s, err := observed(context.Background(), b.api, b.parse(text), b.options)
	if err != nil || s.Problems.Err() != nil {
		t.Fatal(err, s.Problems.Err())
	}
	p, err := plan.Order(&s.Basis)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// undone takes back a run that did all of a plan.
func undone(t *testing.T, n int, p *plan.Plan) func() {
	past := &undo.Past{Run: "r", Plan: &p.Value, Before: p.Before, Begun: map[int]bool{}, Made: map[int]int64{}}
	for i := range p.Steps {
		if past.Begun[i+1] = true; p.Steps[i].Creates() {
			past.Made[i+1] = int64(100_000 + i)
		}
	}
	return func() {
		if u, err := undo.Undo(schema.Builtin(), past); err != nil || len(u.Tenant.Objects) < n {
			t.Fatalf("%v %v", u, err)
		}
	}
}
