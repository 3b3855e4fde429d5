package route

import (
	"fmt"
	"time"

	"pbxsync/schema/pattern"
)

// From is who calls. Unless it is known, conditions on callers are branches.
type From struct {
	Number string
	Hidden bool // without showing a number
}

// Known reports that something is said of the caller.
func (f From) Known() bool { return f.Hidden || f.Number != "" }

// Walker follows calls at one point in time.
type Walker struct {
	Made int // steps, for those who count what a walk costs

	board *Board
	conditions
	steps map[any]*Step
}

// Walker returns one that follows calls of somebody at a point in time.
func (b *Board) Walker(at time.Time, from From) *Walker {
	return &Walker{board: b, conditions: conditions{at, from, map[*Hours]bool{}, pattern.Read{}}, steps: map[any]*Step{}}
}

// once returns the step of a place on the way. What it leads to is filled in later, so that a way may
// come back to it.
func (w *Walker) once(place any, s Step, fill func(*Step)) *Step {
	if made := w.steps[place]; made != nil {
		return made
	}
	w.Made++
	made := &s
	made.fill, w.steps[place] = fill, made
	return made
}

// end returns a step after which nothing follows.
func (w *Walker) end(s Step) *Step { return w.once(s.Says+"\x00"+string(s.Does)+s.Address, s, nil) }

// Call follows a call from outside to a number of the tenant.
func (w *Walker) Call(n *Number) *Step {
	what := "DID "
	if n.Alias {
		what = "alias "
	}
	return w.once(n, Step{Source: n.Source, Does: Called, Name: n.Name, Says: what + n.Name}, func(s *Step) {
		switch {
		case w.board.Blocked:
			s.then("", w.end(Step{Source: n.Source, Does: Blocked, Name: "the tenant", Says: "the tenant is blocked: no call arrives"}))
		case n.Unsaid:
			s.then("", w.end(Step{Source: n.Source, Does: Unknown, Name: n.Name, Says: "which extension it rings is not said here"}))
		case n.To.Nowhere():
			s.then("", w.end(Step{Source: n.Source, Does: Nowhere, Says: "it leads nowhere: no extension is assigned"}))
		default:
			s.then("", w.target(nil, n.To, true, frame{}))
		}
	})
}

// Ring follows a call to an extension from inside.
func (w *Walker) Ring(e *Extension) *Step { return w.arrive(e, true, frame{}) }

// frame is where a call goes on that was sent somewhere in vain: to rules of an extension from one on.
type frame struct {
	of   *Extension
	from int
}

// arrival is a call that comes to an extension.
type arrival struct {
	at     *Extension
	runs   bool       // its rules are run
	back   frame      // where it goes on when nobody answers
	rang   bool       // its phone has rung in vain
	called *Extension // whose phone has rung in vain for a rule of this one, nil if none
}

// arrive follows a call that has come to an extension.
func (w *Walker) arrive(e *Extension, runs bool, back frame) *Step {
	switch {
	case e.Blocked:
		return w.end(Step{Source: e.Source, Does: Blocked, Name: e.String(), Says: e.String() + " is blocked: no call arrives"})
	case runs && len(e.Rules) > 0:
		if s := w.rules(arrival{at: e, runs: true, back: back}, 0, "", func() *Step { return w.own(e, runs, back) }); s != nil {
			return s
		}
	}
	return w.own(e, runs, back)
}

// own follows a call to what the extension itself does.
func (w *Walker) own(e *Extension, runs bool, back frame) *Step {
	switch e.Type {
	case APhone:
		return w.phone(arrival{at: e, runs: runs, back: back})
	case AQueue:
		return w.queue(e)
	case AMenu:
		return w.menu(e)
	case AFax:
		return w.end(Step{Source: e.Source, Does: Faxed, Name: e.String(), Says: "fax " + e.String() + " takes it"})
	case AConference:
		return w.end(Step{Source: e.Source, Does: Confers, Name: e.String(), Says: "conference " + e.String()})
	}
	return w.end(Step{Source: e.Source, Does: Unknown, Name: e.String(), Says: "extension " + e.String() + ": what it does is not said here"})
}

// phone follows a call to a phone.
func (w *Walker) phone(a arrival) *Step {
	e := a.at
	p := e.Phone
	if p == nil {
		p = &Phone{Source: e.Source, Voicemail: true, VoiceAt: e.Place, Unsaid: true}
	}
	if !p.Diverted.Nowhere() {
		says := fmt.Sprintf("calls of %s are forwarded to %s", e, p.Diverted)
		return w.once(a, Step{Source: Source{p.Address, p.DivertsAt}, Does: Forwarded, Name: e.String(), Says: says}, func(s *Step) {
			s.then("", w.target(e, p.Diverted, true, a.back))
		})
	}
	return w.once(a, Step{Source: e.Source, Does: Rings, Name: e.String(), Says: p.says(e)}, func(s *Step) {
		for _, result := range []string{Busy, NoAnswer} {
			s.then(said[result], w.unanswered(a, p, result))
		}
	})
}

func (p *Phone) says(e *Extension) string {
	says := e.String() + " rings"
	if p.Rings > 0 {
		says += fmt.Sprintf(" for %d s", p.Rings)
	}
	for _, other := range p.With {
		says += ", with " + other
	}
	if p.Screens {
		says += ", asks who calls first"
	}
	if p.Unsaid {
		says += "; whether it is forwarded or has voicemail is not said here"
	}
	return says
}

// NoAnswer is a result of ringing; Busy is the other one.
const NoAnswer = "no_answer"

var said = map[string]string{Busy: "busy", NoAnswer: "no answer"}

// unanswered follows a call that a phone did not get: to its own rules, to those of who sent it,
// to voicemail.
func (w *Walker) unanswered(a arrival, p *Phone, result string) *Step {
	behind := func() *Step {
		return w.behind(a.back, a.at, result, func() *Step { return w.voicemail(a.at, p) })
	}
	a.rang = true
	if a.runs {
		if s := w.rules(a, 0, result, behind); s != nil {
			return s
		}
	}
	return behind()
}

// behind follows a call that was sent on in vain to the rules behind the one that did it.
func (w *Walker) behind(back frame, called *Extension, result string, last func() *Step) *Step {
	if back.of != nil {
		if s := w.rules(arrival{at: back.of, runs: true, called: called}, back.from, result, last); s != nil {
			return s
		}
	}
	return last()
}

// voicemail is what a phone has for calls that nobody answers.
func (w *Walker) voicemail(e *Extension, p *Phone) *Step {
	if p != nil && p.Voicemail {
		return w.end(Step{Source: Source{p.Address, p.VoiceAt}, Does: Voicemail, Name: e.String(), Says: "voicemail of " + e.String()})
	}
	return w.nobody(e.Source)
}

func (w *Walker) nobody(at Source) *Step {
	return w.end(Step{Source: at, Does: Nobody, Says: "nobody answers: the call ends"})
}
