package route

import (
	"fmt"
	"strings"
)

// dialling is a place on the way: a number that is dialled, before a rule of a list.
type dialling struct {
	by     *Extension // nil: the tenant
	number string
	list   *DialList
	rule   int
	back   frame
}

// Dial follows a number that is dialled at an extension.
func (w *Walker) Dial(e *Extension, number string) *Step { return w.dial(e, number, frame{}) }

func (w *Walker) dial(by *Extension, number string, back frame) *Step {
	if by != nil && by.Dials != nil {
		return w.rewrite(dialling{by, number, by.Dials, 0, back})
	}
	return w.rewrite(dialling{by, number, w.board.Dials, 0, back})
}

// rewrite follows a dialled number through a list of rules, from one on. The first that takes it
// has it; behind the extension's own list comes the tenant's.
func (w *Walker) rewrite(d dialling) *Step {
	if w.board.Blocked {
		return w.end(Step{Does: Blocked, Name: "the tenant", Says: "the tenant is blocked: no call leaves"})
	}
	if d.list != nil && d.list.Unread {
		return w.end(Step{Source: d.list.Source, Does: Unknown, Name: d.number, Says: "the dial rule list " + d.list.Name + " is not in what was read: what becomes of " + d.number + " is not known"})
	}
	for ; d.list != nil && d.rule < len(d.list.Rules); d.rule++ {
		r := d.list.Rules[d.rule]
		switch p := w.patterns.Of(r.Match); {
		case p == nil:
			return w.undecided(d, r)
		case p.Takes(d.number):
			return w.rewritten(d, r, p.Replace(d.number, r.Becomes))
		}
	}
	if d.list != nil && d.list != w.board.Dials {
		return w.rewrite(dialling{d.by, d.number, w.board.Dials, 0, d.back})
	}
	return w.leaves(d.by, d.number, d.back, Source{})
}

func (w *Walker) undecided(d dialling, r *DialRule) *Step {
	says := fmt.Sprintf("%s: whether %s takes %s cannot be said", r.title(d.list, d.rule), r.Match, d.number)
	return w.once(d, Step{Source: r.Source, Does: Asked, Name: d.list.Name, Says: says}, func(s *Step) {
		s.then("it does", w.end(Step{Source: r.Source, Does: Unknown, Name: r.Becomes, Says: "leaves as " + r.Becomes}))
		d.rule++
		s.then("it does not", w.rewrite(d))
	})
}

func (r *DialRule) title(l *DialList, i int) string {
	title := fmt.Sprintf("rule %d of %s", i+1, l.Name)
	if r.Comment != "" {
		title += " (" + r.Comment + ")"
	}
	return title
}

func (w *Walker) rewritten(d dialling, r *DialRule, becomes string) *Step {
	says := fmt.Sprintf("%s: %s becomes %s", r.title(d.list, d.rule), d.number, becomes)
	if becomes == d.number {
		says = fmt.Sprintf("%s: %s stays", r.title(d.list, d.rule), d.number)
	}
	return w.once(d, Step{Source: r.Source, Does: Dialled, Name: becomes, Says: says}, func(s *Step) {
		s.then("", w.leaves(d.by, becomes, d.back, r.Source))
	})
}

// leaving is a place on the way: a number after all rules.
type leaving struct {
	by     *Extension
	number string
	back   frame
}

// leaves follows a number after all rules: to an extension, to a number of the tenant, outside.
func (w *Walker) leaves(by *Extension, number string, back frame, at Source) *Step {
	if e := w.board.Extension(number); e != nil {
		return w.arrive(e, true, back)
	}
	if n := w.board.Number(number); n != nil {
		return w.Call(n)
	}
	if at.Address == "" && by != nil {
		at = by.Source
	}
	step := Step{Source: at, Does: Outside, Name: number, Says: "leaves as " + number + w.board.unruled(by) + w.board.shown(by)}
	if strings.HasPrefix(number, "*") {
		step.Says = number + " is a code of the switchboard"
	}
	return w.once(leaving{by, number, back}, step, func(s *Step) {
		for _, result := range []string{Busy, NoAnswer} {
			if back.of != nil {
				s.then(said[result], w.behind(back, nil, result, func() *Step { return nil }))
			}
		}
	})
}

// unruled says that no list of rules is in what was read.
func (b *Board) unruled(by *Extension) string {
	if b.Dials == nil && (by == nil || by.Dials == nil) {
		return ", as no dial rule list is said here"
	}
	return ""
}

// shown says which number the called one sees.
func (b *Board) shown(by *Extension) string {
	number := b.Shows
	switch {
	case by != nil && by.Phone != nil && by.Phone.Shows != "" && !by.Phone.Diverted.Nowhere():
		number = by.Phone.Shows
	case by != nil && by.Shows != "":
		number = by.Shows
	}
	if number == "" {
		return "; which number is shown is not said here"
	}
	return ", showing " + number
}
