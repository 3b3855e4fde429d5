package risk

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Turn is a change of one value. Values have the form in which they are compared.
type Turn struct {
	Was, Is any
	New     bool // the object is new, so that there is nothing that was
}

// Of returns the classes of a change, the worst first.
func (rs Rules) Of(t Turn) []Class {
	var out []Class
	for _, r := range rs.List {
		if rs.fits(r, t) {
			out = append(out, r.Class)
		}
	}
	return Sorted(out)
}

// Has returns the classes with a rule in the direction, the worst first.
func (rs Rules) Has(w Way) []Class {
	var out []Class
	for _, r := range rs.List {
		if r.Way == w {
			out = append(out, r.Class)
		}
	}
	return Sorted(out)
}

// fits reports whether a change has the direction of a rule. What is new cuts nothing off and
// loses nothing: nobody had it.
func (rs Rules) fits(r Rule, t Turn) bool {
	if t.New {
		return r.Class != Cuts && r.Class != Loses && gives(r, t.Is)
	}
	switch r.Way {
	case To:
		return !named(t.Was, r.Value) && named(t.Is, r.Value)
	case From:
		return named(t.Was, r.Value) && !named(t.Is, r.Value)
	case Any:
		return true
	case Set:
		return empty(t.Was) && !empty(t.Is)
	case Cleared:
		return !empty(t.Was) && empty(t.Is)
	case On:
		return t.Was != true && t.Is == true
	case Off:
		return t.Was == true && t.Is != true
	case Raised:
		return rs.compare(t.Was, t.Is) < 0
	case Lowered:
		return rs.compare(t.Was, t.Is) > 0
	case Host:
		return hostOf(t.Is) != "" && hostOf(t.Is) != hostOf(t.Was)
	case Unencrypted:
		return unencrypted(t.Is) && !unencrypted(t.Was)
	case Outside:
		return outside(t.Is)
	}
	return rs.lists(r.Way, t)
}

// gives reports whether the first value of a field has the direction of a rule.
func gives(r Rule, is any) bool {
	switch r.Way {
	case To:
		return named(is, r.Value)
	case Set:
		return !empty(is)
	case Widened:
		return widens(is)
	case On:
		return is == true
	case Host:
		return hostOf(is) != ""
	case Unencrypted:
		return unencrypted(is)
	case Outside:
		return outside(is)
	}
	return false
}

// named reports whether a value is the one that a rule has as a word.
func named(v any, word string) bool { return v != nil && fmt.Sprint(v) == word }

// empty reports whether a value says nothing.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// compare compares two numbers, of which none at all is above all others: there is no limit.
func (rs Rules) compare(a, b any) int {
	x, bound := rs.bound(a)
	y, other := rs.bound(b)
	switch {
	case bound && other:
		return cmp.Compare(x, y)
	case bound:
		return -1
	case other:
		return 1
	}
	return 0
}

func (rs Rules) bound(v any) (n float64, bound bool) {
	if v == nil || rs.Unlimited != nil && fmt.Sprint(v) == fmt.Sprint(rs.Unlimited) {
		return 0, false
	}
	_, err := fmt.Sscan(fmt.Sprint(v), &n)
	return n, err == nil
}

// hostOf returns the host of a URL with its port, or a bare address:port.
func hostOf(v any) string {
	s, _ := v.(string)
	if !strings.Contains(s, "://") {
		return strings.ToLower(s)
	}
	u, err := url.Parse(s)
	if err != nil {
		return s
	}
	return strings.ToLower(u.Host)
}

func unencrypted(v any) bool {
	s, _ := v.(string)
	return strings.HasPrefix(strings.ToLower(s), "http://")
}

// short is the number of an extension, which has two to four digits.
var short = regexp.MustCompile(`^[0-9]{2,4}$`)

// outside reports whether a number leads out of the tenant. What looks like an extension may be
// none, and leads nowhere far then.
// Of a list, one number is enough.
func outside(v any) bool {
	if list, ok := v.([]any); ok {
		return slices.ContainsFunc(list, outside)
	}
	s, ok := v.(string)
	return ok && s != "" && !short.MatchString(s)
}
