package review

import (
	"cmp"
	"slices"

	"pbxsync/schema"
	"pbxsync/schema/wording"
)

// Effect is what a change of a rule does to reviews.
type Effect string

// The effects, the gravest first.
const (
	Weakened  Effect = "weakened"  // less is refused, or told
	Changed   Effect = "changed"   // other things are
	Tightened Effect = "tightened" // more is
)

var effects = []Effect{Weakened, Changed, Tightened}

// RuleChange is a rule that is another one now.
type RuleChange struct {
	Effect   Effect       `json:"effect"`
	Word     string       `json:"word"`
	At       string       `json:"at"`
	Was      string       `json:"was,omitempty"` // "": there was none
	Is       string       `json:"is,omitempty"`  // "": there is none any more
	Place    schema.Place `json:"place,omitzero"`
	WasPlace schema.Place `json:"was_place,omitzero"`
}

// Compare returns what became of rules, the gravest first. What is not known of either is left out.
func Compare(was, is *Rules) []RuleChange {
	if was == nil || is == nil {
		return nil
	}
	known := was.Policies && is.Policies
	before, now := byName(was, known), byName(is, known)
	var all []Rule
	for name, r := range before {
		if _, still := now[name]; !still {
			all = append(all, r)
		}
	}
	for _, r := range now {
		all = append(all, r)
	}
	slices.SortFunc(all, compare)
	var out []RuleChange
	for _, r := range all {
		if c := changeOf(before[nameOf(r)], now[nameOf(r)]); c.Effect != "" {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b RuleChange) int {
		return cmp.Compare(slices.Index(effects, a.Effect), slices.Index(effects, b.Effect))
	})
	return out
}

type name struct{ word, at string }

func nameOf(r Rule) name { return name{r.Word, r.At} }

// byName returns rules by what they are about. Of several about the same the laxest counts: an
// acceptance holds whatever another one says.
func byName(rs *Rules, policies bool) map[name]Rule {
	out := map[name]Rule{}
	for _, r := range rs.List {
		if r.Word == Policies && !policies {
			continue
		}
		if other, twice := out[nameOf(r)]; !twice || r.Rank < other.Rank {
			out[nameOf(r)] = r
		}
	}
	return out
}

// changeOf compares a rule with what it was; either may be none.
func changeOf(was, is Rule) RuleChange {
	c := RuleChange{Word: cmp.Or(is.Word, was.Word), At: cmp.Or(is.At, was.At), Was: was.Says, Is: is.Says, Place: is.Place, WasPlace: was.Place}
	if was.Rest != is.Rest {
		c.Was, c.Is = was.whole(), is.whole()
	}
	switch {
	case is.Rank < was.Rank:
		c.Effect = Weakened
	case was.Says != "" && is.Says != "" && was.Rest != is.Rest:
		c.Effect = Changed
	case is.Rank > was.Rank:
		c.Effect = Tightened
	}
	return c
}

// whole is all that a rule says.
func (r Rule) whole() string {
	if r.Rest == "" {
		return r.Says
	}
	return r.Says + ": " + r.Rest
}

// String tells the change without its places.
func (c RuleChange) String() string {
	const longest, kept = 240, 200
	was, is := wording.Cut(c.Was, longest, kept), wording.Cut(c.Is, longest, kept)
	text := c.Word + ": " + c.At + ": "
	switch {
	case c.Was == "":
		return text + "new: " + is
	case c.Is == "":
		return text + "was " + was + ", is gone"
	}
	return text + "was " + was + ", is " + is
}
