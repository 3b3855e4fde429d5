package checks

import (
	"fmt"
	"regexp"
	"slices"

	"pbxsync/schema"
	"pbxsync/schema/country"
	"pbxsync/schema/pattern"
	"pbxsync/schema/wording"
)

// country returns the country of the tenant, by its time zone; nil where the files do not say it.
func (r *run) country() *country.Country {
	kind, field := r.use("zone")
	for _, o := range r.objects(kind) {
		if zone, ok := o.Values[field].(string); ok {
			return country.OfZone(zone)
		}
	}
	return nil
}

// emergency returns the numbers of the tenant's country that people dial in need, as far as the
// check is about them. Where the country is not known, nothing is claimed.
func (r *run) emergency() (numbers []string, of string) {
	c := r.country()
	if c == nil {
		return nil, ""
	}
	about := regexp.MustCompile(r.Uses["numbers"])
	for _, n := range c.Emergency {
		if about.MatchString(n) {
			numbers = append(numbers, n)
		}
	}
	return numbers, c.Code
}

// findEmergencyKeys finds objects whose number people dial in need.
func findEmergencyKeys(r *run) {
	numbers, of := r.emergency()
	for _, o := range r.over() {
		if slices.Contains(numbers, o.NaturalKey()) {
			r.tell(o, o.Place, "%s is an emergency number (%s): whoever dials it reaches the %s", o.NaturalKey(), of, o.Kind.Word)
		}
	}
}

// findEmergencyRules finds rules that make another number of one that people dial in need.
func findEmergencyRules(r *run) {
	numbers, of := r.emergency()
	for _, o := range r.lists() {
		rules := r.rules(o)
		wrong := make([][]string, len(rules))
		for _, n := range numbers {
			i, verdict := first(rules, n)
			if verdict != pattern.Covered {
				continue
			}
			if becomes := rules[i].decided.Replace(n, rules[i].replacement); !slices.Contains(numbers, becomes) {
				wrong[i] = append(wrong[i], fmt.Sprintf("%q of %s", becomes, n))
			}
		}
		for i, made := range wrong {
			if len(made) > 0 {
				r.tell(o, rules[i].at, "rule %d (%s) takes emergency numbers (%s) and makes %s", i+1, rules[i].pattern, of, wording.Enumerate(made, "and"))
			}
		}
	}
}

// first returns the first rule that takes a number: it is covered by rule i, free of all rules, or
// that is not decided.
func first(rules []rule, number string) (int, pattern.Verdict) {
	for i, one := range rules {
		switch {
		case one.decided == nil:
			return i, pattern.Undecided
		case one.decided.Takes(number):
			return i, pattern.Covered
		}
	}
	return 0, pattern.Free
}

// findNoEmergency finds lists that are in use and take no number that people dial in need: the
// tenant's own, and where that takes none either, those of others.
func findNoEmergency(r *run) {
	numbers, of := r.emergency()
	if len(numbers) == 0 {
		return
	}
	kind, field := r.use("tenant")
	used := map[*schema.Object]bool{}
	for _, o := range r.objects(kind) {
		if list := r.follow(o, field); list != nil {
			used[list] = true
		}
	}
	for _, o := range r.lists() {
		if missing := r.unheard(o, numbers); used[o] && len(missing) > 0 {
			r.tell(o, o.Place, "no rule takes %s (%s), and this list is the last that a call meets", wording.Enumerate(missing, "and"), of)
		}
	}
}

// unheard returns the numbers of which it is certain that no rule of a list takes them.
func (r *run) unheard(list *schema.Object, numbers []string) []string {
	var out []string
	rules := r.rules(list)
	for _, n := range numbers {
		if _, verdict := first(rules, n); verdict == pattern.Free {
			out = append(out, n)
		}
	}
	return out
}
