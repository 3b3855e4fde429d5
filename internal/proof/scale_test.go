package proof

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pbxsync/internal/simulator"
)

// Breaking cycles costs no more than its share: many numbers of one extension
// that is made again in one change are as many cycles.
func TestManyCycles(t *testing.T) {
	order := func(n int) time.Duration {
		var seed, text strings.Builder
		seed.WriteString("tenants:\n  - settings: {id: 12, name: acme, prefix: \"12037\"}\n    extension: [{id: 501, name: \"101\", type: ivr, status: active}]\n    did:\n")
		text.WriteString(head + "extensions: {old: {name: \"101\", id: 501, absent: true}, \"101\": {type: ivr, status: active}}\ndids:\n")
		for i := range n {
			fmt.Fprintf(&seed, "      - {name: \"4930%05d\", extension_id: 501}\n", i)
			fmt.Fprintf(&text, "  \"4930%05d\": {extension: \"101\"}\n", i)
		}
		b := newBox(t, simulator.Options{}, seed.String())
		start := time.Now()
		_, p, err := b.look(b.parse(text.String()))
		if err != nil {
			t.Fatal(err)
		}
		if want := 2*n + 2; len(p.Steps) != want {
			t.Errorf("%d steps, wanted %d", len(p.Steps), want)
		}
		return time.Since(start)
	}
	order(10)
	few, many := order(100), min(order(800), order(800)) // the smaller, for a machine that is busy
	t.Logf("100 numbers: %v, 800: %v", few, many)
	if many > time.Second && many > 30*few {
		t.Errorf("100 numbers took %v, 800 took %v", few, many)
	}
}
