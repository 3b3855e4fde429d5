package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	gosync "sync"
	"syscall"
	"time"

	"pbxsync/internal/exit"
	"pbxsync/internal/report"
	"pbxsync/schema/wording"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// lastWords is how long the program tries to say something when it has to end at once.
const lastWords = 50 * time.Millisecond

// interrupts heeds signals: the first one closes the channel that it returns, the
// second one ends the program. Nothing is printed before the channel is closed, and
// nobody waits for what is printed: whoever reads may have stopped to.
func interrupts(calls *underWay) <-chan struct{} {
	stop := make(chan struct{})
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-signals
		close(stop)
		if n := len(calls.list()); n > 0 {
			go fmt.Fprintf(os.Stderr, "interrupted: no further step begins; waiting up to %v for %s under way (interrupt again to end at once)\n", run.Grace, wording.CountOf(n, "step"))
		}
		<-signals
		said := make(chan struct{})
		go func() {
			fmt.Fprintln(os.Stderr, calls.lastWords())
			close(said)
		}()
		select {
		case <-said:
		case <-time.After(lastWords):
		}
		os.Exit(exit.Interrupted)
	}()
	return stop
}

// untilStop returns a context that ends with the first interrupt: for reading, where
// nothing is lost.
func untilStop(ctx context.Context, stop <-chan struct{}) (context.Context, context.CancelFunc) {
	reading, cancel := context.WithCancel(ctx)
	if stop != nil {
		go func() {
			select {
			case <-stop:
				cancel()
			case <-reading.Done():
			}
		}()
	}
	return reading, cancel
}

// underWay knows the steps that have begun and not ended. It stands between the
// engine and whoever shows its events.
type underWay struct {
	next run.Sink

	mu    gosync.Mutex
	steps []*plan.Step
}

// Event takes one event.
func (u *underWay) Event(e run.Event) {
	u.mu.Lock()
	switch e := e.(type) {
	case run.StepStarted:
		u.steps = append(u.steps, e.Step)
	case run.StepDone:
		u.end(e.Step)
	case run.StepFailed:
		u.end(e.Step)
	}
	u.mu.Unlock()
	u.next.Event(e)
}

func (u *underWay) end(s *plan.Step) {
	u.steps = slices.DeleteFunc(u.steps, func(x *plan.Step) bool { return x == s })
}

// list names the steps that are under way.
func (u *underWay) list() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	var out []string
	for _, s := range u.steps {
		out = append(out, fmt.Sprintf("step %d (%s)", s.Number, report.Clean(strings.Join(s.Changes, ", "))))
	}
	return out
}

// lastWords says what is not known when the program ends at once.
func (u *underWay) lastWords() string {
	if steps := u.list(); len(steps) > 0 {
		return "interrupted twice: it is not known whether these were carried out: " + strings.Join(steps, ", ") + "; run apply again: it finds out first"
	}
	return "interrupted twice: no step was under way"
}
