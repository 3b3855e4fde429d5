package report

import (
	"pbxsync/schema"
	"pbxsync/schema/review"
)

// Rules is what files change of the rules by which they are reviewed.
type Rules struct {
	Against string              `json:"against"` // where the others are from
	Hold    bool                `json:"hold"`    // the others hold, and not those of the files
	Changes []review.RuleChange `json:"changes"`
}

// OfRules tells what files change of their own review, beside rules from elsewhere; nil where
// there is nothing to tell. What is gone stands where the files name their tenant, so that
// whoever reads the files is told.
func OfRules(against string, hold bool, at schema.Place, list []review.RuleChange) *Rules {
	if len(list) == 0 && !hold {
		return nil
	}
	r := &Rules{against, hold, append([]review.RuleChange{}, list...)}
	for i := range r.Changes {
		if c := &r.Changes[i]; c.Place.File == "" {
			c.Place = at
		}
	}
	return r
}

// Heading says what the changes of rules are.
func (r *Rules) Heading() string {
	if r.Hold {
		return "These files change the rules of their own review. Here the rules of the " + r.Against + " hold"
	}
	return "These files change the rules of their own review, compared with " + r.Against
}

// Weakens reports whether less is reviewed by the files' rules than by the others.
func (r *Rules) Weakens() bool { return len(r.Changes) > 0 && r.Changes[0].Effect == review.Weakened }

// Told are the changes, the gravest first; none of a report that tells of no rules.
func (r *Rules) Told() []review.RuleChange {
	if r == nil {
		return nil
	}
	return r.Changes
}

// rulesText prints what the files change of their own review.
func rulesText(p *Printer, r *Report) {
	if len(r.Rules.Told()) == 0 {
		return
	}
	p.styled(bold, "%s:", r.Rules.Heading())
	for _, c := range r.Rules.Changes {
		s := map[review.Effect]style{review.Weakened: red, review.Changed: yellow}[c.Effect]
		p.styled(s, "  %s: %s   %s", c.Effect, c, RulePlaces(c))
	}
}

// RulePlaces says where a rule stands, and where it stood if it is another one now.
func RulePlaces(c review.RuleChange) string {
	switch was := c.WasPlace.String(); {
	case was == "":
		return c.Place.String()
	case c.Is == "":
		return "(was at " + was + ")"
	default:
		return c.Place.String() + " (was at " + was + ")"
	}
}
