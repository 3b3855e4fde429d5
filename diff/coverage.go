package diff

import (
	"maps"
	"slices"
	"strings"

	"pbxsync/schema"
)

// Coverage says how much of the declared live objects was compared.
type Coverage struct {
	Compared int // fields that the files state
	Fields   int // fields that can be written and that the server shows
}

// Hidden is a field that can be written and that the server does not show, with the
// number of objects at which it is missing. It counts in no other figure.
type Hidden struct {
	Kind    *schema.Kind
	Field   *schema.Field
	Objects int
}

// cover counts what is compared of one object.
func (c *comparison) cover(o, live *schema.Object) {
	k, cov := o.Kind, &c.result.Coverage
	for _, f := range c.comparable(k) {
		_, shown := live.Values[f.Name]
		_, stated := o.Values[f.Name]
		switch {
		case !live.Looked(f):
			// nobody looked, so neither can be told; stated ones are a problem elsewhere
		case f.Idle(live.Values):
			// it says nothing beside what the object has, and no file may state it
		case !shown && f.Apart:
			// what takes a call of its own may be left out of the comparison
		case !shown:
			c.hidden[f]++
		default:
			if stated || !f.Apart {
				cov.Fields++
			}
			if stated {
				cov.Compared++
			}
		}
	}
}

// listHidden returns what the server did not show, in the order of kinds and their fields.
func (c *comparison) listHidden() []Hidden {
	kinds := slices.SortedFunc(maps.Keys(c.fields), func(a, b *schema.Kind) int { return strings.Compare(a.Word, b.Word) })
	var out []Hidden
	for _, k := range kinds {
		for _, f := range c.fields[k] {
			if n := c.hidden[f]; n > 0 {
				out = append(out, Hidden{k, f, n})
			}
		}
	}
	return out
}

// comparable returns the fields of a kind that can be written and read back.
func (c *comparison) comparable(k *schema.Kind) []*schema.Field {
	list, known := c.fields[k]
	if !known {
		for _, f := range k.Fields {
			if f.Comparable() && !k.IsKey(f) {
				list = append(list, f)
			}
		}
		c.fields[k] = list
	}
	return list
}
