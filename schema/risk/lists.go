package risk

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// everything is the word for all members that there can be.
const everything = "*"

// lists reports whether a change of a list has a direction.
func (rs Rules) lists(w Way, t Turn) bool {
	was, is := rs.members(t.Was), rs.members(t.Is)
	switch w {
	case Widened:
		return lacks(was, is)
	case Narrowed:
		return lacks(is, was)
	case Reordered:
		return !slices.Equal(was, is) && slices.Equal(slices.Sorted(slices.Values(was)), slices.Sorted(slices.Values(is)))
	}
	return false
}

// widens reports whether the first list of a new object lets in more than is usual: any member of
// a list, and of a text only what stands for all, since an object without one has that of what it
// belongs to.
func widens(is any) bool {
	if s, text := is.(string); text {
		return s == everything
	}
	return !empty(is)
}

// lacks reports whether one of the wanted members is not covered by those there are.
func lacks(have, want []string) bool {
	return slices.ContainsFunc(want, func(m string) bool {
		return !slices.ContainsFunc(have, func(h string) bool { return covers(h, m) })
	})
}

// covers reports whether one member says all that another does.
func covers(a, b string) bool {
	if a == b || a == everything {
		return true
	}
	outer, err := netip.ParsePrefix(a)
	if err != nil {
		return false
	}
	if inner, err := netip.ParsePrefix(b); err == nil {
		return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
	}
	inner, err := netip.ParseAddr(b)
	return err == nil && outer.Contains(inner)
}

// members returns what a list has, each as a text. A list may be a text of words, parted by
// blanks or commas, and its members objects.
func (rs Rules) members(v any) []string {
	switch v := v.(type) {
	case string:
		return strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
	case map[string]any:
		var out []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out = append(out, name+" "+rs.member(v[name]))
		}
		return out
	case []any:
		out := make([]string, len(v))
		for i, x := range v {
			out[i] = rs.member(x)
		}
		return out
	}
	return nil
}

// member says one member as a text, the same for the same.
func (rs Rules) member(v any) string {
	m, ok := v.(map[string]any)
	if !ok {
		return fmt.Sprint(v)
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if m[name] != nil && !slices.Contains(rs.Aside, name) {
			fmt.Fprintf(&b, "%s=%q ", name, fmt.Sprint(m[name]))
		}
	}
	return b.String()
}

// OfItems returns the rules of a list of what these rules of single objects say: what is made
// widens it, what is deleted narrows it, and a class of both is that of another order, too.
func (rs Rules) OfItems() Rules {
	out := Rules{Aside: rs.Aside}
	for _, r := range rs.List {
		switch r.Way {
		case Created:
			out.List = append(out.List, Rule{r.Class, Widened, ""})
		case Deleted:
			out.List = append(out.List, Rule{r.Class, Narrowed, ""})
			if slices.Contains(rs.List, Rule{r.Class, Created, ""}) {
				out.List = append(out.List, Rule{r.Class, Reordered, ""})
			}
		}
	}
	return out
}
