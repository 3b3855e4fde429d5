package report

import (
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// barFrom is the number of steps from which a run counts as long work.
const barFrom = 20

// Progress shows the events of a run: a bar for long work on a terminal, plain
// lines elsewhere. It implements run.Sink.
type Progress struct {
	p      *Printer
	screen io.Writer // nil: no bars
	quiet  bool
	total  int
	done   int
	pool   *mpb.Progress
	bar    *mpb.Bar

	unknown []*plan.Step // steps whose outcome is unknown
	notes   []string     // for the end, since a bar may be in their way
}

// NewProgress returns a sink. screen is the terminal for bars, or nil; quiet
// shows failures only.
func NewProgress(p *Printer, screen io.Writer, quiet bool) *Progress {
	return &Progress{p: p, screen: screen, quiet: quiet}
}

// Event takes one event.
func (g *Progress) Event(e run.Event) {
	switch e := e.(type) {
	case run.Started:
		g.total = e.Steps
		if g.screen != nil && !g.quiet && e.Steps >= barFrom {
			g.openBar()
		}
	case run.StepDone:
		g.done++
		g.step("%s %s", done(e.Step), subject(e.Step))
		if e.Step.OnlyOnRecord() && !g.quiet {
			g.notes = append(g.notes, fmt.Sprintf("note: %s has id %d; the API does not list its kind, so keep the run records, or state id: %d in the file", subject(e.Step), e.ID, e.ID))
		}
	case run.StepFailed:
		g.closeBar()
		if e.Doubtful {
			g.unknown = append(g.unknown, e.Step)
			g.p.styled(red, "unknown: %s: %s", subject(e.Step), e.Err)
		} else {
			g.p.styled(red, "failed: %s: %s", subject(e.Step), e.Err)
		}
	case run.StepSkipped:
		if e.Because != nil { // what an interrupt kept from starting is only counted
			why := subject(e.Because) + " failed"
			if slices.Contains(g.unknown, e.Because) {
				why = "the outcome of " + subject(e.Because) + " is unknown"
			}
			g.p.Linef("skipped: %s, because %s", subject(e.Step), why)
		}
	case run.Finished:
		g.closeBar()
		for _, n := range g.notes {
			g.p.Linef("%s", n)
		}
	}
}

func done(s *plan.Step) string {
	switch {
	case s.Creates():
		return "created"
	case s.Method == http.MethodDelete:
		return "deleted"
	}
	return "updated"
}

func subject(s *plan.Step) string {
	if s.Deletes != "" {
		return s.Deletes
	}
	if len(s.Changes) > 1 {
		return fmt.Sprintf("%s and %d more", s.Changes[0], len(s.Changes)-1)
	}
	return s.Changes[0]
}

func (g *Progress) step(format string, args ...any) {
	switch {
	case g.quiet:
	case g.bar != nil:
		g.bar.Increment()
	default:
		g.p.Linef("[%d/%d] %s", g.done, g.total, fmt.Sprintf(format, args...))
	}
}

func (g *Progress) openBar() {
	g.pool = mpb.New(mpb.WithOutput(g.screen), mpb.WithWidth(48))
	g.bar = g.pool.AddBar(int64(g.total), mpb.PrependDecorators(decor.Name("applying "), decor.CountersNoUnit("%d/%d")),
		mpb.AppendDecorators(decor.Percentage(), decor.Name(" "), decor.AverageETA(decor.ET_STYLE_GO)))
}

// closeBar leaves the bar so that plain lines can follow.
func (g *Progress) closeBar() {
	if g.bar == nil {
		return
	}
	if !g.bar.Completed() {
		g.bar.Abort(false)
	}
	g.pool.Wait()
	g.bar, g.pool = nil, nil
}
