package route

import "fmt"

// ruled is a place on the way: a rule that has a call, with what happens when that is in vain.
type ruled struct {
	rule *Rule
	back frame
}

// doubt is a place on the way: a rule that has the calls of some callers.
type doubt struct {
	arrival
	rule   *Rule
	result string
}

// rules follows a call through the rules of an extension, from one on, after a result; nil where
// none takes it.
func (w *Walker) rules(a arrival, from int, result string, otherwise func() *Step) *Step {
	for i := from; i < len(a.at.Rules); i++ {
		r := a.at.Rules[i]
		if r.After != "" && r.After != result || r.After == "" && a.rang {
			continue
		}
		switch takes, known := w.has(r); {
		case known && takes:
			return w.apply(a, i)
		case !known:
			return w.depends(a, i, result, otherwise)
		}
	}
	return nil
}

// String says of which callers a condition speaks.
func (c *Caller) String() string {
	switch {
	case c.Anonymous:
		return "without a number"
	case c.Not:
		return "not matching " + c.Pattern
	}
	return "matching " + c.Pattern
}

// depends is the step at which a rule has some calls.
func (w *Walker) depends(a arrival, i int, result string, otherwise func() *Step) *Step {
	r := a.at.Rules[i]
	when, other := w.condition(r)
	says := fmt.Sprintf("%s of %s is for %s", r.title(i), a.at, when)
	return w.once(doubt{a, r, result}, Step{Source: r.Source, Does: Asked, Name: a.at.String(), Says: says, hours: r.Hours}, func(s *Step) {
		s.then(when, w.apply(a, i))
		rest := w.rules(a, i+1, result, otherwise)
		if rest == nil {
			rest = otherwise()
		}
		s.then(other, rest)
	})
}

func (r *Rule) title(i int) string {
	if r.Name != "" {
		return fmt.Sprintf("rule %d (%s)", i+1, r.Name)
	}
	return fmt.Sprintf("rule %d", i+1)
}

// apply follows a call that a rule has.
func (w *Walker) apply(a arrival, i int) *Step {
	r := a.at.Rules[i]
	back := w.next(a, i+1)
	step := Step{Source: r.Source, Does: Ruled, Name: a.at.String(), Says: r.title(i) + " of " + a.at.String() + r.why()}
	return w.once(ruled{r, back}, step, func(s *Step) {
		switch r.Does {
		case Busy:
			s.then("", w.end(Step{Source: r.Source, Does: Engaged, Says: "the busy signal"}))
		case Hangup:
			s.then("", w.end(Step{Source: r.Source, Does: HungUp, Says: "hangs up"}))
		case Play:
			s.then("", w.end(Step{Source: r.Source, Does: Announced, Name: r.Plays, Says: "plays " + r.Plays + " and ends"}))
		case ToVoicemail:
			s.then("", w.end(Step{Source: r.Source, Does: Voicemail, Name: a.at.String(), Says: "voicemail of " + a.at.String()}))
		default:
			w.sendOn(s, a.at, r, back)
		}
	})
}

func (r *Rule) why() string {
	if r.Hours == nil {
		return ""
	}
	return ", as " + r.Hours.Name + " is on"
}

// sendOn follows a call to all the targets of a rule.
func (w *Walker) sendOn(s *Step, by *Extension, r *Rule, back frame) {
	if len(r.To) == 0 {
		s.then("", w.end(Step{Source: r.Source, Does: Nowhere, Says: "the rule sends it nowhere"}))
	}
	for _, t := range r.To {
		s.then(r.when(t), w.target(by, t.Target, r.Does != SimpleTransfer && r.Does != SimpleCascade, back))
	}
}

// when names one of several targets.
func (r *Rule) when(t Delayed) string {
	switch {
	case len(r.To) == 1:
		return ""
	case t.Delay > 0:
		return fmt.Sprintf("%s, after %d s", t, t.Delay)
	}
	return t.String() + ", at once"
}

// target follows a call to an extension, the rules of which are run or not, or to a number.
func (w *Walker) target(by *Extension, t Target, runs bool, back frame) *Step {
	if t.Extension != nil {
		return w.arrive(t.Extension, runs, back)
	}
	return w.dial(by, t.Number, back)
}
