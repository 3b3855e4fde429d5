package sync

import (
	"fmt"
	"slices"
	"strings"

	"pbxsync/schema"
)

// This file says what goes with an object, or still refers to it, and was not looked at:
// the list of kinds is not the whole API.

// unread says what nobody looked at.
func (l *Loss) unread() string {
	parts, users := enumerate(l.Parts), enumerate(l.Users)
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

// enumerate joins what has a few words each.
func enumerate(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

// unreadLosses names what is not read of the objects that go.
func unreadLosses(leaving map[*schema.Object]bool) []*Loss {
	var out []*Loss
	for o := range leaving {
		if l := (&Loss{Object: o, Parts: o.UnreadParts(), Users: o.UnreadUsers()}); len(l.Parts)+len(l.Users) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// closedLosses names who may refer to an object that goes, and stands in a list that this
// application may not read. An import of such a tenant goes on too, and says so.
func closedLosses(closed []Unreadable, leaving map[*schema.Object]bool) []*Loss {
	var out []*Loss
	for o := range leaving {
		l := &Loss{Object: o}
		for _, u := range closed {
			if refersTo(u.Kind, o.Kind) {
				l.Closed = append(l.Closed, u.String())
			}
		}
		if len(l.Closed) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// refersTo reports whether objects of a kind, or those below them, may refer to one of another.
func refersTo(k, to *schema.Kind) bool {
	return slices.ContainsFunc(k.Fields, func(f *schema.Field) bool { return f.Ref == to }) ||
		slices.ContainsFunc(k.Children, func(below *schema.Kind) bool { return refersTo(below, to) })
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
	return someOf(g.Addresses) + ": each"
}

// GroupLosses puts together what can be said in one line, in the order of the first of
// each: the same loss of fifty sounds is one.
func GroupLosses(list []*Loss) []*LossGroup {
	var out []*LossGroup
	for _, l := range list {
		text := l.String()
		i := slices.IndexFunc(out, func(g *LossGroup) bool { return l.Kind == nil && g.Text == text })
		if i < 0 {
			i, out = len(out), append(out, &LossGroup{Text: text, Running: l.Running()})
		}
		out[i].Addresses = append(out[i].Addresses, l.Address())
	}
	return out
}

// goneForGood says what an object that is made once more does not have any more.
func goneForGood(r *remade) string {
	old := &schema.Object{Kind: r.object.Kind, Values: r.image.Values}
	var out string
	if loses := old.Kind.Loses; loses != "" {
		out += "; gone for good: " + loses
	}
	if parts := old.UnreadParts(); len(parts) > 0 {
		out += fmt.Sprintf("; its %s, which this version cannot read, do not come back", enumerate(parts))
	}
	if !old.Kind.Unread.ByKey && len(old.Kind.Unread.Users) > 0 {
		out += fmt.Sprintf("; what referred to it from %s, which this version does not read, does not any more", enumerate(old.Kind.Unread.Users))
	}
	return out
}
