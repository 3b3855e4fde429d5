package report

import (
	"slices"
	"strings"
	"time"

	"pbxsync/schema"
	"pbxsync/schema/natural"
	"pbxsync/schema/route"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// Of makes the report of a state and its plan, nil where there is none.
func Of(command string, c *schema.Catalogue, s *observe.State, p *plan.Plan) *Report {
	r := New(command)
	r.Errors, r.Asks = s.Problems.Errors().Reading(), s.Problems.Errors().Asked()
	guards := s.Guards
	if p != nil {
		r.Planned(&p.Value, c, Deleted(p))
		guards = append(slices.Clone(guards), p.Guards...)
	}
	r.Guards = Refusals(guards)
	r.compared(s)
	r.lost(s.Losses)
	r.Notes, r.Pending = s.Notes, s.Pending
	r.Calls = &Calls{Calls: s.Calls, Reads: s.Calls.Reads(), Writes: len(r.Steps)}
	return r
}

// Refusals are guards as a report has them.
func Refusals(list []*plan.Guard) []Guard {
	var out []Guard
	for _, g := range list {
		out = append(out, Guard{g.ID, g.Flag, g.Values, g.Error()})
	}
	return out
}

// Declared notes which objects files declare.
func (r *Report) Declared(t *schema.Tenant) {
	for _, o := range t.Objects {
		if !o.Bare {
			r.Objects = append(r.Objects, o.Address())
		}
	}
	slices.SortFunc(r.Objects, natural.Compare)
	r.perKind = nil
}

// compared says what was found beside changes, and how much was looked at.
func (r *Report) compared(s *observe.State) {
	r.Declared(s.Desired)
	for _, stray := range s.Diff.Strays {
		r.Strays = append(r.Strays, Stray{stray.Object.Address(), stray.Policy, stray.Stays})
	}
	for _, a := range s.Diff.Awaiting {
		r.Awaiting = append(r.Awaiting, Awaiting{a.Address, a.Field, a.For, a.Place})
	}
	for _, a := range s.Diff.Accepted {
		r.Accepted = append(r.Accepted, Accepted{a.Action, a.Address, a.Field, a.Old, a.New, a.By.Until, a.By.Why, a.By.Place})
	}
	for _, st := range s.Diff.Stuck {
		r.Stuck = append(r.Stuck, Stuck(st))
	}
	r.Coverage = covered(s, len(r.Strays))
}

func covered(s *observe.State, strays int) *Coverage {
	c := &Coverage{Compared: s.Diff.Coverage.Compared, Fields: s.Diff.Coverage.Fields, Strays: strays, Skipped: len(s.Skipped), Unread: []string{}, Below: []Below{}, Unknown: append([]string{}, s.Unknown...)}
	for _, h := range s.Diff.Hidden {
		c.Hidden = append(c.Hidden, Hidden{h.Kind.Word + "." + h.Field.Name, h.Objects})
	}
	for _, k := range s.Unread {
		c.Unread = append(c.Unread, k.YAML())
	}
	for _, b := range s.Below {
		c.Below = append(c.Below, Below{strings.Join(b.Kind.Section, "."), b.Parent.Word, b.Objects})
	}
	return c
}

// lost says what goes with deleted objects.
func (r *Report) lost(list []*plan.Loss) {
	for _, l := range list {
		loss := Loss{Address: l.Address(), Kind: l.Word(), Text: l.String(), Count: len(l.Rows), Unknown: l.Unknown, Unread: l.Parts, Users: l.Users, Closed: l.Closed}
		if l.Running() {
			loss.Rows = l.Rows
		}
		r.Losses = append(r.Losses, loss)
	}
	for _, g := range plan.GroupLosses(list) {
		r.Lost = append(r.Lost, g.Who()+" "+g.Text)
	}
}

// FailedAt adds why a call failed, or why it is not known what came of it, at the line that it serves.
func (r *Report) FailedAt(s *plan.Step, why error, unknown bool) {
	x := ran(s)
	p := schema.Problem{Address: x.Address, Message: why.Error()}
	if unknown {
		p.Message = "it is not known whether it was carried out: " + p.Message
	}
	for i := range r.Changes {
		if r.Changes[i].Address == x.Address {
			p.Place = r.Changes[i].Place
		}
	}
	r.Errors = append(r.Errors, p)
}

// Failed adds an error to a report.
func (r *Report) Failed(err error) {
	r.Errors = append(r.Errors, schema.Problem{Message: err.Error()})
}

// Answers are those to calls that turn, in the week of a day: once the changes are carried out,
// or, of a drift, since the tenant was as the files say.
func Answers(command string, s *observe.State, day time.Time) []*route.Turned {
	if len(s.Diff.Changes) == 0 {
		return nil
	}
	live, after := route.Of(&s.Live.Tenant), route.Of(s.Diff.After(s.Live))
	if command == Drift {
		return route.Turns(after, live, day)
	}
	return route.Turns(live, after, day)
}

// AnswerLines tells the answers that turn.
func AnswerLines(r *Report) []string {
	var out []string
	for _, t := range r.Answers {
		if r.Command == Drift {
			out = append(out, t.Line("", " in the files, ")+" in the tenant")
		} else {
			out = append(out, t.String())
		}
	}
	return out
}
