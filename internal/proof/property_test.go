package proof

import (
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// checks is how many cases each property has unless -rapid.checks says so.
var checks = strconv.Itoa(evidence.Quick(12, 80))

// seed makes the cases the same in every run unless -rapid.seed says otherwise.
const seed = "20261121"

func TestMain(m *testing.M) {
	debug.SetGCPercent(400)              // thousands of small tenants: a third of the time went to the collector
	_ = flag.Set("rapid.seed", seed)     // a run that anybody can repeat; -rapid.seed=0 draws another
	_ = flag.Set("rapid.checks", checks) // the flags of the command line come after
	_ = flag.Set("rapid.nofailfile", "true")
	_ = flag.Set("rapid.shrinktime", "5s")
	flag.Parse()
	os.Exit(m.Run())
}

// TestAnyChain goes through desired states that are made by chance, one after
// the other, and back to nothing. Every promise is checked after each: see box.apply.
func TestAnyChain(t *testing.T) {
	never := func(*box, error) bool { return false }
	anyChainOn(t, func(t *rapid.T) *box {
		if rapid.IntRange(0, 2).Draw(t, "server") == 2 {
			return otherByChance(t, seedFile(t))
		}
		return byChance(t, schema.Builtin())
	}, never)
}

// TestAnyChainOfMadeUpKinds does the same with kinds that can refer to each other
// in rings. Only what no order can do may be refused.
func TestAnyChainOfMadeUpKinds(t *testing.T) {
	anyChain(t, madeUp(t), func(b *box, err error) bool {
		var g *plan.Guard
		var ps schema.Problems // what is doubled in the tenant may hold a value that no file says
		return errors.As(err, &g) && strings.Contains(g.Message, "cannot be put in an order") ||
			errors.As(err, &ps) && strings.Contains(ps.Error(), "is taken in the tenant by")
	})
}

func anyChain(t *testing.T, c *schema.Catalogue, excused func(*box, error) bool) {
	t.Helper()
	anyChainOn(t, func(t *rapid.T) *box { return byChance(t, c) }, excused)
}

// byChance is a simulator with one of the ways in which it can behave.
func byChance(t *rapid.T, c *schema.Catalogue) *box {
	o := simulator.Options{Catalogue: c, VariablesReplace: rapid.Bool().Draw(t, "replace")}
	o.Admin = rapid.Bool().Draw(t, "admin")
	if rapid.Bool().Draw(t, "null") {
		o.OnDelete = simulator.Null
	}
	return newBox(t, o, seedFile(t))
}

// otherByChance is the contrary server in one of its dialects.
func otherByChance(t *rapid.T, seed string) *box {
	return otherBox(t, met[rapid.IntRange(0, len(met)-1).Draw(t, "dialect")], seed)
}

func anyChainOn(t *testing.T, start func(*rapid.T) *box, excused func(*box, error) bool) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		b := start(t)
		b.saved = rapid.Bool().Draw(t, "saved")
		if rapid.Bool().Draw(t, "turned") {
			r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "turns"), 0))
			b.options.Parallelism = 1
			b.turn = func(p *plan.Plan) *plan.Plan {
				return reordered(p, func(ready []int) int { return r.IntN(len(ready)) })
			}
		}
		for range rapid.IntRange(2, 3).Draw(t, "states") {
			if b.sim != nil && rapid.IntRange(0, 99).Draw(t, "doubled") > 60 {
				b.double(t)
			}
			g := &gen{t: t, b: b, now: b.snapshot()}
			text := g.state()
			t.Logf("%s", text)
			if _, _, err := b.look(b.parse(text)); err != nil {
				if excused(b, err) {
					return
				}
				t.Fatalf("refused: %v", err)
			}
			b.apply(text)
		}
		nothing := b.nothing()
		if _, _, err := b.look(b.parse(nothing)); err != nil && excused(b, err) {
			return // a ring that nothing can open
		}
		b.apply(nothing)
		b.bare()
	})
}
