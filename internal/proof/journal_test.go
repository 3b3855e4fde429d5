package proof

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	gosync "sync"
	"testing"

	"pbxsync/internal/api/adapter"
	"pbxsync/internal/journal"
	"pbxsync/internal/simulator"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// watched is a journal that fails from one of its lines on, and that knows which
// calls were announced.
type watched struct {
	mu     gosync.Mutex
	fails  int // the line that fails, 0 for none
	lines  int
	intent map[string]bool
	acks   int
}

func (w *watched) line(f func()) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lines++; w.fails > 0 && w.lines >= w.fails {
		return errors.New("no space left on device")
	}
	f()
	return nil
}

func (w *watched) Intent(i record.Intent) error {
	return w.line(func() { w.intent[i.Method+" "+i.Path+" "+fmt.Sprint(i.Step)] = true })
}
func (w *watched) Begin(*plan.Value, []record.Object) error { return nil }
func (w *watched) Before(record.Object) error               { return nil }
func (w *watched) Respelled(record.Respelled) error         { return nil }
func (w *watched) Ack(int, int64, string) error             { return w.line(func() { w.acks++ }) }
func (w *watched) Failed(int, string) error                 { return w.line(func() {}) }
func (w *watched) Unknown(int, string) error                { return w.line(func() {}) }

// sender lets nothing pass that was not announced.
type sender struct {
	adapter.Writer
	t *testing.T
	w *watched
}

func (s sender) Send(ctx context.Context, method, path string, body map[string]any) (map[string]any, error) {
	s.w.mu.Lock()
	announced := 0
	for call := range s.w.intent {
		if len(call) > len(method+path) && call[:len(method+path)+1] == method+" "+path {
			announced++
		}
	}
	s.w.mu.Unlock()
	if announced == 0 {
		s.t.Errorf("%s %s was sent before it was on disk", method, path)
	}
	return s.Writer.Send(ctx, method, path, body)
}

// Wherever the journal fails, nothing is sent afterwards, and what was sent is known.
func TestJournalFails(t *testing.T) {
	const groups = 12
	for _, parallelism := range []int{1, 4} {
		for fails := 0; fails <= 2*groups; fails++ {
			b := testBox(t, simulator.Options{})
			text := head + "extension_groups:\n"
			for i := range groups {
				text += fmt.Sprintf("  g%02d: {}\n", i)
			}
			_, p := b.plan(text)
			w := &watched{fails: fails, intent: map[string]bool{}}
			o := b.options
			o.Journal, o.Parallelism = w, parallelism
			b.server.ResetCounts()
			sum, err := carriedOut(context.Background(), sender{b.api, t, w}, p, secret, o, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			writes := b.server.Counts().Writes
			switch {
			case fails == 0 && (sum.Done != groups || sum.Broken != nil):
				t.Errorf("%+v", sum)
			case fails > 0 && (sum.Broken == nil || sum.Skipped+sum.Done+sum.Failed != groups):
				t.Errorf("line %d: %+v", fails, sum)
			case writes != len(w.intent) || writes != sum.Done:
				t.Errorf("line %d, %d at a time: %d announced, %d sent, %d done", fails, parallelism, len(w.intent), writes, sum.Done)
			case parallelism == 1 && fails > 0 && writes != fails/2:
				t.Errorf("line %d: %d calls", fails, writes)
			}
			for _, c := range b.server.History() {
				if c.Method == http.MethodPost && c.Status/100 != 2 {
					t.Errorf("%+v", c)
				}
			}
		}
	}
}

// A step says what a later run needs to find out what became of it.
func TestIntent(t *testing.T) {
	b := testBox(t, simulator.Options{})
	var got []record.Intent
	b.apply(head + "agents: {remote: {R: {number: \"1\", events: [{event_type: agent-login, method: GET, url: 'https://a.example/'}]}}}\n")
	_, p := b.plan(head + "agents: {remote: {R: {number: \"2\", events: [{event_type: agent-login, method: GET, url: 'https://a.example/'}, {event_type: agent-logout, method: GET, url: 'https://a.example/'}]}}}\n")
	o := b.options
	o.Journal, o.Parallelism = collect{&got}, 1
	if _, err := carriedOut(context.Background(), b.api, p, secret, o, nil, nil); err != nil || len(got) != 2 {
		t.Fatalf("%v %+v", err, got)
	}
	for _, i := range got {
		switch i.Method {
		case http.MethodPost:
			if !i.Creates || i.Parent == 0 || i.Kind != "agent_event" || i.Key != "agent-logout GET https://a.example/" || len(i.Baseline) != 0 {
				t.Errorf("%+v", i)
			}
		case http.MethodPut:
			if i.Creates || i.Object == 0 || i.Object != p.IDs["remote_agent/R"] {
				t.Errorf("%+v", i)
			}
		}
	}
}

type collect struct{ to *[]record.Intent }

func (c collect) Intent(i record.Intent) error           { *c.to = append(*c.to, i); return nil }
func (collect) Begin(*plan.Value, []record.Object) error { return nil }
func (collect) Before(record.Object) error               { return nil }
func (collect) Respelled(record.Respelled) error         { return nil }
func (collect) Ack(int, int64, string) error             { return nil }
func (collect) Failed(int, string) error                 { return nil }
func (collect) Unknown(int, string) error                { return nil }

// BenchmarkJournal carries out 1,000 creates, with a record on disk and without.
func BenchmarkJournal(b *testing.B) {
	for _, with := range []bool{false, true} {
		b.Run(fmt.Sprintf("record=%v", with), func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				x := newBox(b, simulator.Options{}, seedFile(b))
				text := head + "extension_groups:\n"
				for i := range 1000 {
					text += fmt.Sprintf("  g%04d: {}\n", i)
				}
				_, p, err := x.look(x.parse(text))
				o := x.options
				o.Parallelism = 10
				if with {
					dir := b.TempDir()
					w, err := journal.Create(dir, []byte("key"), journal.Header{Run: "r"})
					if err != nil {
						b.Fatal(err)
					}
					o.Journal = w
				}
				b.StartTimer()
				sum, err2 := carriedOut(context.Background(), x.api, p, secret, o, nil, nil)
				if err := errors.Join(err, err2); err != nil || sum.Done != 1000 {
					b.Fatalf("%v %+v", err, sum)
				}
			}
		})
	}
}
