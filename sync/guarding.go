package sync

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"pbxsync/schema"
)

// This file looks at what goes with an object that is deleted and is no object itself:
// calls that go on at it, recordings that it has, what this version cannot read of it.

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
func (l *Loss) Address() string { return named(l.Object) }

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

// losses reads what goes with the objects that the plan deletes or replaces: each kind
// of rows once, whatever the number of objects.
func (r *reading) losses(ctx context.Context, s *State, leaving map[*schema.Object]bool) error {
	for _, k := range r.catalogue.Kinds {
		if k.Guards == nil || k.Guards.As == schema.Ended || s.Live.New {
			continue
		}
		targets := guarded(k, leaving)
		if len(targets) == 0 {
			continue
		}
		found, err := r.lossesOf(ctx, k, targets)
		if _, ok := err.(noAnswer); ok {
			s.Notes = append(s.Notes, fmt.Sprintf("the snapshot does not tell which %ss go with what is deleted; plan with a server", k.Guards.Word))
		} else if err != nil {
			return err
		}
		s.Losses = append(s.Losses, found...)
	}
	s.Losses = append(s.Losses, unreadLosses(leaving)...)
	slices.SortFunc(s.Losses, func(a, b *Loss) int {
		return cmp.Or(cmp.Compare(a.Address(), b.Address()), cmp.Compare(a.Word(), b.Word()), cmp.Compare(a.String(), b.String()))
	})
	return nil
}

// guarded returns the objects that go and to which rows of a kind may belong.
func guarded(k *schema.Kind, leaving map[*schema.Object]bool) []*schema.Object {
	var out []*schema.Object
	for o := range leaving {
		if slices.Contains(o.Kind.Guarded, k) {
			out = append(out, o)
		}
	}
	return out
}

func (r *reading) lossesOf(ctx context.Context, k *schema.Kind, targets []*schema.Object) ([]*Loss, error) {
	path, err := r.path(k.CollectionPath(nil), nil)
	if err != nil {
		return nil, err
	}
	rows, pages, err := rowsOf(ctx, r.api, k, path)
	r.count(func(c *Calls) { c.Losses += pages })
	unknown := unseen(err)
	if err != nil && unknown == "" {
		return nil, err
	}
	var out []*Loss
	for _, o := range targets {
		if l := (&Loss{Object: o, Kind: k, Rows: belonging(k, rows, o), Unknown: unknown}); len(l.Rows) > 0 || unknown != "" {
			out = append(out, l)
		}
	}
	return out, nil
}

// unseen says why rows cannot be looked at, where that is no fault of the connection: what
// nobody may see has to be allowed like what was seen.
func unseen(err error) string {
	if err == nil || !unreadable(err) {
		return ""
	}
	if status := Status(err); status/100 != 2 {
		return fmt.Sprintf("the server answered %d", status)
	}
	return "the server sent no list"
}

// rowsOf reads every row of a kind, and returns how many calls that took.
func rowsOf(ctx context.Context, api Reader, k *schema.Kind, path string) ([]map[string]any, int, error) {
	g := k.Guards
	if len(g.Query) > 0 {
		path += "?" + g.Query.Encode()
	}
	if g.Rows == "" {
		rows, pages, extra, err := api.List(ctx, path, k.Listing())
		return rows, max(1, pages+extra), err
	}
	v, err := api.Get(ctx, path)
	if err != nil {
		return nil, 1, err
	}
	rows, ok := rowsIn(v, g.Rows)
	if !ok {
		return nil, 1, fmt.Errorf("GET %s: the server sent no %s; is this the PBX's API?", path, g.Rows)
	}
	return rows, 1, nil
}

// rowsIn takes rows out of an object that holds them, or of a list of such objects.
func rowsIn(v any, member string) ([]map[string]any, bool) {
	var rows []map[string]any
	switch v := v.(type) {
	case map[string]any:
		list, ok := v[member].([]any)
		for _, x := range list {
			row, fits := x.(map[string]any)
			rows, ok = append(rows, row), ok && fits
		}
		return rows, ok
	case []any:
		for _, x := range v {
			inner, ok := x.(map[string]any)
			more, fits := rowsIn(inner, member)
			if !ok || !fits {
				return nil, false
			}
			rows = append(rows, more...)
		}
		return rows, true
	}
	return nil, false
}

// belonging puts the rows that belong to an object, or to a tenant, in words.
func belonging(k *schema.Kind, rows []map[string]any, o *schema.Object) []string {
	var out []string
	for _, row := range rows {
		if o.Kind.Tenant.ID == "" && textOf(row[k.Guards.By.Answer]) != fmt.Sprint(o.ID) {
			continue
		}
		var parts []string
		for _, f := range k.Guards.Shows {
			if text := textOf(row[f.Answer]); text != "" {
				parts = append(parts, f.Name+" "+text)
			}
		}
		out = append(out, strings.Join(parts, ", "))
	}
	slices.Sort(out)
	return out
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

// goesOn looks, right before an object is deleted, whether something goes on at it that
// nobody allowed to cut off.
func (r *run) goesOn(ctx context.Context, o *schema.Object) error {
	if slices.Contains(r.hangup, named(o)) {
		return nil
	}
	for _, k := range o.Kind.GuardedAs(schema.Running) {
		path, err := fill(k.CollectionPath(nil), r.idOf)
		if err != nil {
			return err
		}
		rows, pages, err := rowsOf(ctx, r.api, k, path)
		r.checked.Add(int64(pages))
		l := &Loss{Object: o, Kind: k, Unknown: unseen(err)}
		if err != nil && l.Unknown == "" {
			return fmt.Errorf("looking whether something goes on at it: %w", err)
		}
		if l.Rows = belonging(k, rows, o); len(l.Rows) > 0 || l.Unknown != "" {
			return &Guard{Message: fmt.Sprintf("it %s; nothing was sent for it", l),
				Hint: "run apply again when that is over, or with --allow-hangup " + l.Address()}
		}
	}
	return nil
}
