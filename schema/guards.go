package schema

import (
	"fmt"
	"net/url"
	"slices"
)

// GuardAs says what becomes of rows when the object goes to which they belong.
type GuardAs string

// What becomes of the rows of a kind with x-guards.
const (
	Running GuardAs = "running" // they go on now, and would be cut off
	Kept    GuardAs = "kept"    // they would be lost for good
	Ended   GuardAs = "ended"   // they stay behind, and are ended afterwards
)

// Guards is what a kind has to know whose rows belong to objects of other kinds. Such a
// kind is read where one of these is going to be deleted.
type Guards struct {
	Kinds []*Kind
	By    *Field // holds the id of the object
	As    GuardAs
	Rows  string     // member of the answer that holds the rows, "" where the answer is a list
	Query url.Values // what the list needs to have everything
	Word  string     // what people call one
	Shows []*Field   // which tell people which one it is
}

// GuardedAs returns the kinds of which rows go with an object of this kind, in one way.
func (k *Kind) GuardedAs(as GuardAs) []*Kind {
	return slices.DeleteFunc(slices.Clone(k.Guarded), func(g *Kind) bool { return g.Guards.As != as })
}

// Counted says how many rows there are: 1 call, 2 calls.
func (g *Guards) Counted(n int) string {
	if n == 1 {
		return "1 " + g.Word
	}
	return fmt.Sprintf("%d %ss", n, g.Word)
}

func (c *Catalogue) fillGuards(k *Kind, r *rawKind) error {
	raw := r.Guards
	if len(raw.Kinds) == 0 {
		return nil
	}
	g := &Guards{By: fieldByAPI(k, raw.By), As: raw.As, Rows: raw.Rows, Query: url.Values{}, Word: raw.Word}
	if g.By == nil || !k.Has(List) {
		return fmt.Errorf("x-guards: %q is no property, or there is no list", raw.By)
	}
	for _, word := range raw.Kinds {
		guarded := c.byWord[word]
		if guarded == nil {
			return fmt.Errorf("x-guards: %q is no kind", word)
		}
		g.Kinds, guarded.Guarded = append(g.Kinds, guarded), append(guarded.Guarded, k)
	}
	for _, name := range raw.Shows {
		f := fieldByAPI(k, name)
		if f == nil {
			return fmt.Errorf("x-guards: %q is no property", name)
		}
		g.Shows = append(g.Shows, f)
	}
	for name, v := range raw.Query {
		g.Query.Set(name, v)
	}
	if g.As != Ended {
		for _, owner := range c.ownersOfAll() {
			owner.Guarded = append(owner.Guarded, k)
		}
	}
	k.Guards = g
	return nil
}
