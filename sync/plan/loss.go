package plan

import (
	"fmt"
	"slices"
	"strings"

	"pbxsync/schema"
)

// Loss is what goes with one object, of one kind of rows, or of what is not read.
type Loss struct {
	Object  *schema.Object
	Kind    *schema.Kind // that the rows are of, nil for what is not read
	Rows    []string     // each in words
	Unknown string       // why nobody could look, or ""
	Parts   []string     // what it has and this version cannot read
	Users   []string     // what may refer to it and is not read
	Closed  []string     // what may refer to it and cannot be read, and why
}

// Address is the one by which the loss is allowed.
func (l *Loss) Address() string { return l.Object.KnownAs() }

// Word is that of the kind of the rows, "" for what is not read.
func (l *Loss) Word() string {
	if l.Kind == nil {
		return ""
	}
	return l.Kind.Word
}

// Running reports whether something goes on that would be cut off.
func (l *Loss) Running() bool { return l.Kind != nil && l.Kind.Guards.As == schema.Running }

// String says of the object what goes with it.
func (l *Loss) String() string {
	if l.Kind == nil {
		return l.unread()
	}
	g := l.Kind.Guards
	switch {
	case l.Unknown != "":
		return fmt.Sprintf("may have %ss, and nobody could look (%s)", g.Word, l.Unknown)
	case g.As == schema.Running:
		return fmt.Sprintf("has %s going on%s", g.Counted(len(l.Rows)), someRows(l.Rows))
	}
	return "has " + g.Counted(len(l.Rows)) + ", lost with it"
}

// someRows lists the first of many in brackets, which may have many words each. Rows of which
// nothing is told are left out.
func someRows(list []string) string {
	list = slices.DeleteFunc(slices.Clone(list), func(s string) bool { return strings.TrimSpace(s) == "" })
	switch {
	case len(list) == 0:
		return ""
	case len(list) <= strayNames:
		return " (" + strings.Join(list, "; ") + ")"
	}
	return fmt.Sprintf(" (%s; and %d more)", strings.Join(list[:strayNames], "; "), len(list)-strayNames)
}

// unread says what nobody looked at.
func (l *Loss) unread() string {
	parts, users := Enumerate(l.Parts), Enumerate(l.Users)
	switch {
	case len(l.Closed) > 0:
		return "may be in use by what cannot be read here: " + strings.Join(l.Closed, "; ")
	case parts == "":
		return fmt.Sprintf("may be in use by %s, which this version does not read", users)
	case users == "":
		return fmt.Sprintf("loses its %s, which this version cannot read", parts)
	}
	return fmt.Sprintf("loses its %s, which this version cannot read; %s, not read either, may refer to it", parts, users)
}

// Enumerate joins what has a few words each.
func Enumerate(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

// LossGroup is what several objects lose in the same words.
type LossGroup struct {
	Text      string
	Running   bool
	Addresses []string
}

// Who names the objects: all of one, the first of many.
func (g *LossGroup) Who() string {
	if len(g.Addresses) == 1 {
		return g.Addresses[0]
	}
	return Some(g.Addresses) + ": each"
}

// GroupLosses puts together what can be said in one line, in the order of the first of
// each: the same loss of fifty sounds is one.
func GroupLosses(list []*Loss) []*LossGroup {
	var out []*LossGroup
	alike := map[string]*LossGroup{}
	for _, l := range list {
		text := l.String()
		g := alike[text]
		if g == nil || l.Kind != nil {
			g = &LossGroup{Text: text, Running: l.Running()}
			out = append(out, g)
		}
		if l.Kind == nil {
			alike[text] = g
		}
		g.Addresses = append(g.Addresses, l.Address())
	}
	return out
}

// Some lists the first of many addresses.
func Some(list []string) string {
	if len(list) <= strayNames {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:strayNames], ", "), len(list)-strayNames)
}

// mayFollow says what is ended after an object was deleted.
func mayFollow(k *schema.Kind) string {
	var parts []string
	for _, g := range k.GuardedAs(schema.Ended) {
		parts = append(parts, g.Guards.Word+"s")
	}
	if len(parts) == 0 {
		return ""
	}
	return "its " + strings.Join(parts, " and ") + " are ended"
}
