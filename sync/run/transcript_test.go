package run_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// scene is a run of one plan at a server that fails, or is edited, as a test says.
type scene struct {
	name   string
	files  string               // behind the line of the tenant
	before func(*canned.Server) // makes the tenant that is planned for
	after  func(*canned.Server) // changes it before the plan is carried out
	option func(*run.Options)
	reads  func(*observe.Options)
	unread bool // the plan did not look at what hangs on an object
}

// scenes plays each of them and compares what was asked, recorded, sent and said, in this
// order, with the part of the same name in testdata.
func scenes(t *testing.T, file string, list []scene) { canned.Scenes(t, file, comment, list) }

// Title returns the name of the scene.
func (s scene) Title() string { return s.name }

const comment = "What happened in each scene. With UPDATE=1 the tests write it: read the difference.\n"

// Play plays it.
func (s scene) Play(t *testing.T) string {
	t.Helper()
	l := canned.NewServer()
	if s.before != nil {
		s.before(l)
	}
	o := reading()
	if s.reads != nil {
		s.reads(&o)
	}
	text := s.files + "\n"
	if !strings.HasPrefix(text, "version") {
		text = tenantLine + text
	}
	desired := canned.Parse(t, text)
	if o.Folder != nil {
		if problems := desired.Contents(o.Folder); len(problems) > 0 {
			t.Fatal(problems)
		}
	}
	state, err := observe.Observe(t.Context(), l, desired, o)
	if err != nil || len(state.Problems) > 0 || len(state.Guards) > 0 {
		t.Fatal(err, state)
	}
	p := canned.Order(t, &state.Basis)
	if s.unread {
		p.Before = withoutChildren(p.Before)
	}
	if s.after != nil {
		s.after(l)
	}
	return played(t, l, p, s.option) + "\n"
}

// played carries a plan out one step at a time, in virtual time, and tells what happened.
func played(t *testing.T, l *canned.Server, p *plan.Plan, option func(*run.Options)) string {
	t.Helper()
	var lines []string
	tell := func(line string) { lines = append(lines, line) }
	l.Told = tell
	synctest.Test(t, func(t *testing.T) {
		o := run.Options{Catalogue: schema.Builtin(), Parallelism: 1, Settle: time.Minute, Run: "r", Journal: &canned.Journal{Told: tell}}
		if option != nil {
			option(&o)
		}
		// Without an end of its own, so that nothing may be left waiting for it.
		if _, err := run.Apply(context.Background(), l, p, passWord, o, nil, teller(tell)); err != nil {
			tell("refused: " + err.Error())
		}
	})
	return strings.Join(lines, "\n")
}

type sink func(run.Event)

func (s sink) Event(e run.Event) { s(e) }

// teller puts the events of a run in words.
func teller(tell func(string)) sink {
	return func(e run.Event) {
		switch e := e.(type) {
		case run.Started:
			tell(fmt.Sprintf("started %d", e.Steps))
		case run.StepStarted:
			tell(fmt.Sprintf("step %d", e.Step.Number))
		case run.StepDone:
			tell(fmt.Sprintf("done %d %d", e.Step.Number, e.ID))
		case run.StepFailed:
			tell(fmt.Sprintf("failed %d, doubtful %v: %v", e.Step.Number, e.Doubtful, e.Err))
		case run.StepSkipped:
			because := 0
			if e.Because != nil {
				because = e.Because.Number
			}
			tell(fmt.Sprintf("skipped %d, because of %d", e.Step.Number, because))
		case run.Finished:
			for _, line := range summed(e.Summary) {
				tell(line)
			}
		}
	}
}

func summed(s *run.Summary) []string {
	out := []string{fmt.Sprintf("finished: %d done, %d failed, %d skipped, %d checks, %d settling, %d lost, %d ended", s.Done, s.Failed, s.Skipped, s.Checks, s.Settling, s.Lost, s.Ended)}
	if s.Interrupted {
		out = append(out, "interrupted")
	}
	if s.Broken != nil {
		out = append(out, "broken: "+s.Broken.Error())
	}
	if s.Created != nil {
		out = append(out, fmt.Sprintf("created %+v", *s.Created))
	}
	for _, m := range respelled(s.Respelled) {
		out = append(out, "respelled "+m)
	}
	return append(out, s.Notes...)
}
