package run_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/canned"
	"pbxsync/sync/run"
)

// Closing stop lets the calls under way end and begins no other.
func TestStop(t *testing.T) {
	const three = tenantLine + "extension_groups: {c: {}, d: {}}\nextensions: {\"104\": {type: ivr, status: active, extension_group: c}}\n"
	for name, test := range map[string]struct {
		at   int // after which call
		sent int
	}{"before": {0, 0}, "in the first": {1, 1}, "in the last": {3, 3}} {
		l := canned.NewServer()
		p := ordered(t, l, three)
		stop := make(chan struct{})
		l.On = func(string, string) {
			if len(l.Sent)+1 == test.at {
				close(stop)
			}
		}
		if test.at == 0 {
			close(stop)
		}
		var skipped []int
		sink := sink(func(e run.Event) {
			if e, ok := e.(run.StepSkipped); ok && e.Because == nil {
				skipped = append(skipped, e.Step.Number)
			}
		})
		sum, err := run.Apply(t.Context(), l, p, nil, run.Options{Parallelism: 1}, stop, sink)
		if err != nil || len(l.Sent) != test.sent || sum.Skipped != 3-test.sent || len(skipped) != 3-test.sent || sum.Done != test.sent {
			t.Errorf("%s: %v %+v, sent %q, skipped %v", name, err, sum, l.Sent, skipped)
		}
		if test.at < 3 && !sum.Interrupted {
			t.Errorf("%s: it was not interrupted", name)
		}
	}
}

// hanging is a server whose calls end with their context.
type hanging struct{ *canned.Server }

func (h hanging) Send(ctx context.Context, _, _ string, _ map[string]any) (map[string]any, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// A call that is under way when a run is to stop has Grace to end.
func TestGrace(t *testing.T) {
	l := canned.NewServer()
	p := ordered(t, l, tenantLine+"extension_groups: {c: {}}\n")
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		time.AfterFunc(time.Hour, func() { close(stop) })
		began := time.Now()
		sum, err := run.Apply(context.Background(), hanging{l}, p, nil, run.Options{}, stop, nil)
		if err != nil || sum.Failed != 1 || !sum.Interrupted || time.Since(began) != time.Hour+run.Grace {
			t.Errorf("%v %+v after %v", err, sum, time.Since(began))
		}
	})
}

// No more calls are under way at the same time than were asked for, and one where nothing was.
func TestParallelism(t *testing.T) {
	for asked, want := range map[int]int{0: 1, 1: 1, 2: 2, 9: 3} {
		l := canned.NewServer()
		phones(l)
		p := ordered(t, l, tenantLine+"extensions: {\"101\": {absent: true}, \"102\": {absent: true}, \"103\": {absent: true}}\n")
		p.Before = withoutChildren(p.Before)
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			now, most := map[bool]int{}, map[bool]int{}
			l.On = func(method, at string) {
				early := strings.HasSuffix(at, "/phone/") || strings.HasSuffix(at, "/ani/")
				mu.Lock()
				now[early]++
				most[early] = max(most[early], now[early])
				mu.Unlock()
				time.Sleep(time.Second)
				mu.Lock()
				now[early]--
				mu.Unlock()
			}
			sum, err := run.Apply(context.Background(), l, p, nil, run.Options{Parallelism: asked}, nil, nil)
			if err != nil || sum.Done != 3 || most[true] != min(max(asked, 1), 6) || most[false] != want {
				t.Errorf("%d asked for: %v %+v, %v at the same time", asked, err, sum, most)
			}
		})
	}
}
