package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"pbxsync/schema/risk"
)

// This file is the one place of sequences in this package: children without a key, of which
// each is what it is by its place. In files, and wherever tenants are compared, they are one
// value, the list; the API has an object for each item, of the kind Each.

// Order is the call that gives the items of a sequence another order.
type Order struct {
	Path string `yaml:"path"`
	Body string `yaml:"body"` // key of the body that holds the ids in their order
}

// List returns the field of a sequence that is the whole of it.
func (k *Kind) List() *Field { return k.Fields[0] }

// OfItems returns the kind of which people state fields: of a sequence that of its items.
func (k *Kind) OfItems() *Kind {
	if k != nil && k.Each != nil {
		return k.Each
	}
	return k
}

// Ordering says how the items of a sequence come into their order, "" of other kinds.
func (k *Kind) Ordering() string {
	switch {
	case k.Form != FormSequence:
		return ""
	case k.Order.Path != "":
		return "that of the list, by a call that orders the items"
	case k.Has(Update):
		return "that of the list: items are changed in place, or deleted and created again, since a new one comes last"
	}
	return "that of the list: items are deleted and created again from the first difference on, since a new one comes last"
}

// Served returns the catalogue as the API has it, where each item of a sequence is an object.
func (c *Catalogue) Served() (*Catalogue, error) {
	if !slices.ContainsFunc(c.Kinds, func(k *Kind) bool { return k.Each != nil }) {
		return c, nil
	}
	all := &Catalogue{byWord: map[string]*Kind{}, Unknown: c.Unknown, answers: c.answers, served: true}
	return all, all.build(c.raws)
}

// Made returns the kind of the objects that calls make which are said to be of a kind, or nil.
func (c *Catalogue) Made(word string) *Kind { return c.Kind(word).OfItems() }

// OrderPath returns the path of the call that orders the items under a parent.
func (k *Kind) OrderPath(parent *Object) string {
	return (&Object{Kind: k, Parent: parent}).path(func(r *Route) *Path { return r.Order }, nil)
}

// foldSequences puts the list in the place of each kind of items.
func (c *Catalogue) foldSequences(raws map[*Kind]*rawKind) error {
	for i, k := range c.Kinds {
		if k.Form != FormSequence || c.served {
			continue
		}
		if err := checkSequence(k, c); err != nil {
			return raws[k].wrong(fmt.Errorf("x-form: in a sequence %w", err))
		}
		c.Kinds[i] = listOf(k)
		c.byWord[k.Word] = c.Kinds[i]
	}
	return nil
}

// listOf returns the kind of the list of which k are the items.
func listOf(k *Kind) *Kind {
	name := k.Section[0]
	item := &Field{Name: name, Type: "object", Whole: true, byName: map[string]*Field{}}
	for _, f := range k.Fields {
		if f.InCreate() {
			item.Fields, item.byName[f.Name] = append(item.Fields, f), f
			item.Refers = item.Refers || f.Refers
		}
	}
	list := &Field{Name: name, API: name, Answer: name, Type: "array", Items: item, Description: k.Description, Personal: true, Refers: item.Refers, Risks: k.Risks.OfItems()}
	s := &Kind{Word: k.Word, Section: k.Section, Form: FormSingle, Value: name, Title: k.Title, Description: k.Description, Parents: k.Parents, When: k.When, Sparse: k.Sparse,
		Item: k.Collection, Verbs: []Verb{Read, Update}, Loses: k.Loses, Limit: k.Limit, Also: k.Also, HintCreate: k.HintCreate, HintDelete: k.HintDelete,
		Fields: []*Field{list}, byName: map[string]*Field{name: list}, Each: k}
	for _, r := range k.Routes {
		s.Routes = append(s.Routes, &Route{Kind: s, Parent: r.Parent, Item: r.Collection, above: r.above, levels: r.above})
	}
	return s
}

// checkSequence refuses what cannot be said of items that have no name.
func checkSequence(k *Kind, c *Catalogue) error {
	switch {
	case len(k.Parents) == 0 || len(k.Section) != 1:
		return errors.New("items stand below a parent")
	case len(k.Key) > 0 || len(k.ID) > 0:
		return errors.New("items have no key, and an id of the server's")
	case !k.Has(List) || !k.Has(Create) || !k.Has(Read) || !k.Has(Delete):
		return errors.New("items are listed, created, read and deleted")
	}
	for _, other := range c.Kinds {
		if slices.Contains(other.Parents, k) {
			return fmt.Errorf("nothing stands below an item, as %s does", other.Word)
		}
	}
	for _, f := range k.Fields {
		switch {
		case f.ReadOnly:
		case f.WriteOnly || f.Once || f.Unique != "" || f.Decide:
			return fmt.Errorf("%s is compared, and belongs to no item alone", f.Name)
		case !f.Required && !f.HasDefault && !f.Clearable():
			return fmt.Errorf("%s has a default, or can be null: an item is stated whole", f.Name)
		}
	}
	return nil
}

// Unstated reports whether a value is what an item has that does not state the field.
func (f *Field) Unstated(v any) bool {
	list, isList := v.([]any)
	switch {
	case v == nil:
		return true
	case f.HasDefault:
		return Equal(v, f.Normal(f.Default))
	}
	return isList && len(list) == 0
}

// Untold returns what an item has that does not state the field.
func (f *Field) Untold() any {
	switch {
	case f.HasDefault && f.Default != nil:
		return f.Normal(f.Default)
	case f.Type == "array":
		return []any{}
	}
	return nil
}

// RisksOf returns the classes of a change of a field: those of its value, and of a list those
// of what it has in items that were not in it.
func RisksOf(f *Field, t risk.Turn) []risk.Class {
	out := f.Risks.Of(t)
	if f.Items == nil || !slices.ContainsFunc(f.Items.Fields, risky) {
		return out
	}
	was, _ := t.Was.([]any)
	is, _ := t.Is.([]any)
	fresh := newOf(is, was)
	for _, sub := range f.Items.Fields {
		before := membersOf(was, sub.Name)
		after := newOf(membersOf(fresh, sub.Name), before)
		if sub.Type == "array" {
			out = append(out, RisksOf(sub, risk.Turn{Was: before, Is: after, New: true})...)
			continue
		}
		for _, v := range after {
			out = append(out, RisksOf(sub, risk.Turn{Is: v, New: true})...)
		}
	}
	return risk.Sorted(out)
}

// risky reports whether a change of a field, or of what is in it, may be of a class.
func risky(f *Field) bool {
	return len(f.Risks.List) > 0 || f.Items != nil && slices.ContainsFunc(f.Items.Fields, risky)
}

// newOf returns the values of a list that are in no place of another, each once and none that is null.
func newOf(list, was []any) []any {
	there := map[string]bool{"null": true}
	for _, v := range was {
		there[text(v)] = true
	}
	var out []any
	for _, v := range list {
		if key := text(v); !there[key] {
			there[key], out = true, append(out, v)
		}
	}
	return out
}

// text is the same for values that are equal in normal form.
func text(v any) string {
	data, _ := json.Marshal(v) // of texts, numbers, lists and maps of these it never fails
	return string(data)
}

// membersOf returns what the objects of a list have under a name; the items of lists one by one.
func membersOf(list []any, name string) []any {
	var out []any
	for _, x := range list {
		m, _ := x.(map[string]any)
		if more, isList := m[name].([]any); isList {
			out = append(out, more...)
		} else if v, stated := m[name]; stated {
			out = append(out, v)
		}
	}
	return out
}

// orderOperations returns the calls that order the items of a sequence.
func orderOperations(k *Kind) []Operation {
	var all []Operation
	for _, r := range k.Routes {
		if r.Order != nil {
			all = append(all, Operation{Method: methods[Update], Path: r.Order.String(), Kind: k, Verb: Reorder})
		}
	}
	return all
}
