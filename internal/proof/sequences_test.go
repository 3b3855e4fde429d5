package proof

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pbxsync/internal/simulator"
)

// The answer to the create of an item is lost among its likes: it is found by its id, since it
// has nothing else, and made once.
func TestLostItemAmongItsLikes(t *testing.T) {
	for lost := int32(1); lost <= 3; lost++ {
		b := testBox(t, simulator.Options{Catalogue: deep(t)})
		b.options.Settle = 50 * time.Millisecond
		b.apply(head + "desks: {a: {mode: plain, lines: [{text: x}]}}\n")
		text := head + "desks: {a: {lines: [{text: x}, {text: x}, {text: x}, {text: x}]}}\n"
		p := b.start(text)
		var posts atomic.Int32
		b.server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/lines/") && posts.Add(1) == lost {
				b.server.Answer(nowhere{http.Header{}}, r)
				panic(http.ErrAbortHandler)
			}
			return false
		})
		sum, _ := b.run(p, nil)
		if sum.Lost != 1 || sum.Failed > 0 || sum.Done != 3 {
			t.Errorf("%+v", sum)
		}
		b.server.Intercept(nil)
		b.finish(text)
	}
}

// Somebody changed an item, or took it away, after the plan was made: nothing is written over it.
func TestItemsChangedMeanwhile(t *testing.T) {
	b := testBox(t, simulator.Options{Catalogue: deep(t)})
	b.apply(head + `desks: {a: {mode: board, board: {pages: {M: {notes: [{text: x}, {text: y}]}}}}}` + "\n")
	p := b.start(head + `desks: {a: {board: {pages: {M: {notes: [{text: x}, {text: z}]}}}}}` + "\n")
	rows := b.sim.Rows("note")
	if err := b.sim.Edit("note", rows[1]["id"].(int64), map[string]any{"text": "mine"}); err != nil {
		t.Fatal(err)
	}
	sum, _ := b.run(p, nil)
	if sum.Failed != 1 || !strings.Contains(sum.Failures[0].Err.Error(), "somebody changed text since the plan was made: it was \"y\", it is \"mine\" now, and the plan wants \"z\"") {
		t.Errorf("%+v", sum)
	}
	if err := b.sim.Remove("note", rows[1]["id"].(int64)); err != nil {
		t.Fatal(err)
	}
	if sum, _ = b.run(p, nil); sum.Failed != 1 || !strings.Contains(sum.Failures[0].Err.Error(), "it is gone since the plan was made") {
		t.Errorf("%+v", sum)
	}
}
