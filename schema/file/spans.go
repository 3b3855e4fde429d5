package file

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/span"
	"pbxsync/schema/wording"
)

// checkPairs tells of spans that end before they start, of days that no year has,
// and of what stands beside a field that overrides it.
func (d *fieldReader) checkPairs(f *schema.Field, v map[string]any, n *yaml.Node) {
	if f.Overridden(v) {
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if sub := f.Sub(name); sub != nil && !slices.Contains(f.Overrides, name) {
				d.fail(keyNode(n, name), "delete it, or use several conditions", "%s is ignored by the server where %s are set", name, strings.Join(f.Overrides, " and "))
			}
		}
	}
	for _, p := range f.Pairs {
		from, to := v[p.From], v[p.To]
		hasFrom, hasTo := from != nil, to != nil
		switch {
		case hasFrom != hasTo && isStated(v, p.From) && isStated(v, p.To):
			// null beside the other half says that it is meant
		case hasFrom != hasTo:
			d.fail(n, fmt.Sprintf("write both %s and %s", p.From, p.To), "%s and %s come together", p.From, p.To)
		case hasFrom && !p.Wraps && after(f, p, from, to):
			d.fail(keyNode(n, p.From), split(f, p, v), "%s %v is after %s %v", p.From, from, p.To, to)
		}
		if days, _ := daysOf(p, v); p.Days.From != "" && days.Never() {
			d.warn(schema.WarnNever, keyNode(n, p.Days.From), "delete the condition, or write the day that is meant",
				"never holds: month %d has %d days at most, and this begins on day %d", days.Month, span.Length(days.Month), days.First)
		}
	}
}

func isStated(v map[string]any, name string) bool { _, ok := v[name]; return ok }

// Halved reports that a field is the half of a pair that an object lacks.
func Halved(f *schema.Field, v map[string]any, name string) bool {
	return slices.ContainsFunc(f.Pairs, func(p schema.Pair) bool {
		return p.From == name && v[p.To] != nil || p.To == name && v[p.From] != nil
	})
}

// after compares two values that have the form they should have; others are told of elsewhere.
func after(f *schema.Field, p schema.Pair, from, to any) bool {
	a, b := f.Sub(p.From).Normal(from), f.Sub(p.To).Normal(to)
	if broken(f.Sub(p.From), a) != "" || broken(f.Sub(p.To), b) != "" {
		return false
	}
	if x, ok := a.(int64); ok {
		return x > b.(int64)
	}
	return fmt.Sprint(a) > fmt.Sprint(b) // the normal form of times and dates orders as they do
}

// days returns the days in a month of an object with pairs: all of them where none
// are given. It fails where they are not in order or out of bounds.
func daysOf(p schema.Pair, v map[string]any) (days span.Days, ok bool) {
	days = span.Days{First: 1, Last: 31}
	for name, at := range map[string]*int64{p.Days.From: &days.First, p.Days.To: &days.Last, p.Days.Month: &days.Month} {
		if n, ok := v[name].(int64); ok {
			*at = n
		}
	}
	if days.Month < 0 || days.Month > 12 || days.First < 1 || days.Last > 31 || days.First > days.Last {
		return span.Days{First: 1, Last: 31}, false
	}
	return days, true
}

// split shows the spans into which one that passes the end has to be cut, or says
// why they cannot be told from the values alone.
func split(f *schema.Field, p schema.Pair, v map[string]any) string {
	switch {
	case p.Last == "":
		return "exchange the two"
	case f.Sub(p.To).Type == "string" && f.Sub(p.To).Normal(v[p.To]) == p.First:
		return fmt.Sprintf("for the end of the day write %s: %q", p.To, p.Last)
	}
	first, second := maps.Clone(v), maps.Clone(v)
	first[p.To], second[p.From] = p.Last, p.First
	for _, name := range p.Shifts {
		if x, ok := v[name]; ok && x != nil {
			second[name] = next(f.Sub(name), x)
		}
	}
	parts, why := nextDays(f, p, v, second)
	if why != "" {
		return "a span that passes the end is written as several, the second from " + p.First + " on the days that follow; here " + why
	}
	list := []string{"- " + flow(f, first)}
	for _, part := range parts {
		list = append(list, "- "+flow(f, part))
	}
	return "a span that passes the end is " + []string{"two", "three"}[len(parts)-1] + ": " + wording.Enumerate(list, "and")
}

// nextDays moves the days of the month on by one, which may take several spans.
func nextDays(f *schema.Field, p schema.Pair, v, second map[string]any) (parts []map[string]any, why string) {
	if p.Days.From == "" || v[p.Days.From] == nil && v[p.Days.Month] == nil {
		return []map[string]any{second}, ""
	}
	days, ok := daysOf(p, v)
	if !ok {
		return nil, fmt.Sprintf("put %s and %s right first", p.Days.From, p.Days.To)
	}
	next, err := days.Next()
	if errors.Is(err, span.ErrNever) {
		return nil, err.Error()
	}
	if err != nil {
		return nil, err.Error() + ", so write the span of each year with " + strings.Join(f.Overrides, " and ")
	}
	for _, n := range next {
		part := maps.Clone(second)
		part[p.Days.From], part[p.Days.To] = n.First, n.Last
		if n.Month != 0 {
			part[p.Days.Month] = n.Month
		}
		parts = append(parts, part)
	}
	return parts, ""
}

// next returns the word, number or date after one, around the end.
func next(f *schema.Field, x any) any {
	for i, w := range f.Words {
		if w.File == x {
			return f.Words[(i+1)%len(f.Words)].File
		}
	}
	switch x := x.(type) {
	case string:
		if day, err := time.Parse(time.DateOnly, x); err == nil {
			return day.AddDate(0, 0, 1).Format(time.DateOnly)
		}
	case int64:
		if f.Maximum != nil && f.Minimum != nil && x >= *f.Maximum {
			return *f.Minimum
		}
		return x + 1
	}
	return x
}

// flow writes the fields of an object on one line, as a file would have them.
func flow(f *schema.Field, v map[string]any) string {
	var out []string
	for _, sub := range f.Fields {
		x, ok := v[sub.Name]
		if !ok || x == nil {
			continue
		}
		text := fmt.Sprint(x)
		if sub.Type == "string" {
			text = strconv.Quote(text)
		}
		out = append(out, sub.Name+": "+text)
	}
	return "{" + strings.Join(out, ", ") + "}"
}

// checkWith tells of fields beside values of others with which the server ignores or clears
// them, and of those that these values need.
func (d *fieldReader) checkWith(fields []*schema.Field, values map[string]any, n *yaml.Node) {
	for _, f := range fields {
		if why, hint := f.Beside(values); why != "" {
			d.fail(keyNode(n, f.Name), hint, "%s", why)
		}
	}
}

// checkBeside does so for the fields of objects, which defaults have completed. What the
// server clears is stated as cleared, so that a plan says it.
func (d *folder) checkBeside() {
	for _, o := range d.tenant.Objects {
		for _, f := range o.Kind.Fields {
			_, stated := o.Values[f.Name]
			other, both := o.Values[f.With.Field]
			if why, hint := f.Beside(o.Values); why != "" {
				d.failAt(o.PlaceOf(f.Name), hint, "%s: %s", o.Address(), why)
			} else if both && other != nil && !stated && f.Idle(o.Values) {
				o.Values[f.Name], o.Places[f.Name] = nil, o.Places[f.With.Field]
			}
		}
	}
}
