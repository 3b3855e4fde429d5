package checks

import (
	"fmt"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/pattern"
	"pbxsync/schema/pcre"
	"pbxsync/schema/wording"
)

// rule is one rule of a list that rewrites numbers.
type rule struct {
	at                   schema.Place
	pattern, replacement string
	decided              *pattern.Pattern // nil: which numbers it takes is not decided
}

// rules returns the rules of a list, in order.
func (r *run) rules(o *schema.Object) []rule {
	_, field := r.use("rules")
	items, _ := o.Values[field].([]any)
	var out []rule
	for i, item := range items {
		values, _ := item.(map[string]any)
		one := rule{at: o.PlaceOfItem(field, i)}
		one.pattern, _ = values[r.Uses["pattern"]].(string)
		one.replacement, _ = values[r.Uses["replacement"]].(string)
		one.decided = r.patterns.Of(one.pattern)
		out = append(out, one)
	}
	return out
}

// lists returns the lists of rules.
func (r *run) lists() []*schema.Object {
	kind, _ := r.use("rules")
	return r.objects(kind)
}

// findMissingGroups finds replacements that name a group which the pattern does not have.
func findMissingGroups(r *run) {
	for _, o := range r.lists() {
		for i, one := range r.rules(o) {
			highest := pattern.HighestGroup(one.replacement)
			if highest <= 0 || pcre.Check(one.pattern) != nil {
				continue
			}
			if has := pcre.Groups(one.pattern); highest > has {
				r.tell(o, one.at, "rule %d puts group %d (\\%d) into the number, and its pattern %s has %s", i+1, highest, highest, one.pattern, wording.CountOf(has, "group"))
			}
		}
	}
}

// findShadowed finds rules that never get a number, since earlier ones take all that they could.
func findShadowed(r *run) {
	for _, o := range r.lists() {
		rules := r.rules(o)
		for i, one := range rules {
			if by := shadows(one, rules[:i]); by != "" {
				r.tell(o, one.at, "rule %d (%s) never gets a number: %s", i+1, one.pattern, by)
			}
		}
	}
}

// shadows says which of the rules before one leave it nothing, "" where something is left or
// that is not decided.
func shadows(one rule, before []rule) string {
	if pcre.Check(one.pattern) != nil {
		return "" // the server cannot use it
	}
	var decided []*pattern.Pattern
	for i, b := range before {
		if one.pattern == b.pattern {
			return fmt.Sprintf("rule %d has the same pattern (%s)", i+1, b.at)
		}
		if b.decided != nil {
			decided = append(decided, b.decided)
		}
	}
	if one.decided == nil || len(decided) == 0 || covered(one.decided, decided...) != pattern.Covered {
		return ""
	}
	for i, b := range before {
		if b.decided != nil && covered(one.decided, b.decided) == pattern.Covered {
			return fmt.Sprintf("rule %d (%s) takes all of them first (%s)", i+1, b.pattern, b.at)
		}
	}
	return "the rules before it take all of them, none alone"
}

func covered(one *pattern.Pattern, before ...*pattern.Pattern) pattern.Verdict {
	verdict, _ := pattern.Cover(one, before)
	return verdict
}

// findUndecided names the rules of which nobody can say whether others shadow them, or they others.
func findUndecided(r *run) {
	for _, o := range r.lists() {
		rules := r.rules(o)
		for i, one := range rules {
			if one.decided == nil && len(rules) > 1 && pcre.Check(one.pattern) == nil {
				r.tell(o, one.at, "rule %d (%s) is no regular expression: %s not decided", i+1, one.pattern, pairs(i, len(rules)))
			}
		}
	}
}

// pairs names the pairs of one rule with all others.
func pairs(i, n int) string {
	var before, after string
	if i > 0 {
		before = "whether earlier rules shadow it"
	}
	if i < n-1 {
		after = "whether it shadows later ones"
	}
	if before != "" && after != "" {
		return before + " and " + after + " is"
	}
	return strings.TrimSpace(before+after) + " is"
}
