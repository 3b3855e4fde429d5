package proof

import (
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/sync"
)

// checks is how many cases each property has unless -rapid.checks says so.
const checks = "60"

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", checks) // the flags of the command line come after
	_ = flag.Set("rapid.nofailfile", "true")
	_ = flag.Set("rapid.shrinktime", "5s")
	flag.Parse()
	os.Exit(m.Run())
}

// TestAnyChain goes through desired states that are made by chance, one after
// the other, and back to nothing. Every promise is checked after each: see box.apply.
func TestAnyChain(t *testing.T) {
	anyChain(t, schema.Builtin(), func(*box, error) bool { return false })
}

// TestAnyChainOfMadeUpKinds does the same with kinds that can refer to each other
// in rings. Only what no order can do may be refused.
func TestAnyChainOfMadeUpKinds(t *testing.T) {
	anyChain(t, madeUp(t), func(b *box, err error) bool {
		var g *sync.Guard
		return errors.As(err, &g) && strings.Contains(g.Message, "cannot be put in an order")
	})
}

func anyChain(t *testing.T, c *schema.Catalogue, excused func(*box, error) bool) {
	seed := seedFile(t)
	rapid.Check(t, func(t *rapid.T) {
		o := simulator.Options{Catalogue: c, VariablesReplace: rapid.Bool().Draw(t, "replace")}
		o.Admin = rapid.Bool().Draw(t, "admin")
		if rapid.Bool().Draw(t, "null") {
			o.OnDelete = simulator.Null
		}
		b := newBox(t, t.Cleanup, o, seed)
		b.saved = rapid.Bool().Draw(t, "saved")
		if rapid.Bool().Draw(t, "turned") {
			r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "turns"), 0))
			b.options.Parallelism = 1
			b.turn = func(p *sync.Plan) *sync.Plan {
				return reordered(p, func(ready []int) int { return r.IntN(len(ready)) })
			}
		}
		for range rapid.IntRange(2, 3).Draw(t, "states") {
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
		b.apply(b.nothing())
		b.bare()
	})
}
