package file

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
	"pbxsync/schema/wording"
)

// rule reads one of the words above, unless the kind has a field of that name.
func (d *objectReader) rule(o *schema.Object, k, v *yaml.Node) bool {
	if o.Kind.Field(k.Value) != nil {
		return false
	}
	switch k.Value {
	case reserved.Protected:
		if d.yes(k, v, "to give the object free delete the line") {
			d.protected[o] = d.place(k)
		}
	case reserved.Awaited:
		d.awaited(o, k, v)
	case reserved.Previously:
		if d.may(k, o.Kind, o.Kind.Renamable(), "the API cannot rename %s", reserved.Replaces, o.Kind.Replaceable()) {
			o.Previously = d.keys(o, k, v)
		}
	case reserved.Replaces:
		if d.may(k, o.Kind, o.Kind.Replaceable(), "the API cannot delete and make %s", reserved.Previously, o.Kind.Renamable()) {
			o.Replaces = d.keys(o, k, v)
		}
	default:
		return false
	}
	return true
}

// yes reads a word whose only value is true.
func (d *objectReader) yes(k, v *yaml.Node, hint string) bool {
	if v.Value == "true" && v.Tag == "!!bool" {
		return true
	}
	d.fail(v, hint, "%s is %s, and the only value is true", k.Value, sourceText(v))
	return false
}

// may refuses a word where the API cannot do it, and names the word that can.
func (d *objectReader) may(k *yaml.Node, kind *schema.Kind, can bool, why, other string, otherCan bool) bool {
	if can {
		return true
	}
	hint := "delete the line"
	if otherCan {
		hint = fmt.Sprintf("write %s: [OLD]", other)
	}
	d.fail(k, hint, "%s is not for %s: "+why, k.Value, kind.YAML(), wording.Article(kind.Word)+" "+kind.Word)
	return false
}

func (d *objectReader) awaited(o *schema.Object, k, v *yaml.Node) {
	if !o.Kind.Awaitable() {
		d.fail(k, "delete the line", "%s is for what others put into the tenant, and %s %s is not", k.Value, wording.Article(o.Kind.Word), o.Kind.Word)
		return
	}
	o.Awaited = d.yes(k, v, "delete the line once it is there")
}

// keys reads a list of keys of the object's kind.
func (d *objectReader) keys(o *schema.Object, k, v *yaml.Node) []string {
	var out []string
	d.items(v, "a list of keys", func(item *yaml.Node) {
		key, ok := d.key(o.Kind, item)
		if !ok {
			return
		}
		if slices.Contains(out, key) {
			d.fail(item, "delete one", "%s names %q twice", k.Value, key)
			return
		}
		out = append(out, key)
	})
	o.Places[k.Value] = d.place(k)
	return out
}

// checkRules checks, once all files are read, the words that name other objects.
func (d *folder) checkRules() {
	d.checkProtected()
	(&acceptance{d}).check()
	if !slices.ContainsFunc(d.tenant.Objects, func(o *schema.Object) bool { return len(o.Previously)+len(o.Replaces) > 0 }) {
		return
	}
	d.called = map[string]*schema.Object{}
	for _, o := range d.tenant.Objects {
		d.called[schema.AddressOf(o.Parent, o.Kind, o.NaturalKey())] = o
	}
	claimed := map[string]*schema.Object{}
	for _, o := range d.tenant.Objects {
		if len(o.Previously) > 0 && len(o.Replaces) > 0 {
			d.failAt(o.PlaceOf(reserved.Replaces), "keep one of them", "%s is both renamed and replaced", o.Address())
		}
		d.checkOld(o, reserved.Previously, o.Previously, claimed)
		d.checkOld(o, reserved.Replaces, o.Replaces, claimed)
	}
	d.checkSwapped()
}

// checkOld checks the old keys of one object.
func (d *folder) checkOld(o *schema.Object, word string, keys []string, claimed map[string]*schema.Object) {
	at := o.PlaceOf(word)
	if o.Absent && len(keys) > 0 {
		d.failAt(at, "delete the line, or absent: true", "%s is to be deleted, and %s says how it came to be", o.Address(), word)
		return
	}
	if word == reserved.Replaces && o.ID != 0 && len(keys) > 0 {
		d.failAt(at, "delete id:, a new object gets another one", "%s replaces another, so its id will not be %d", o.Address(), o.ID)
	}
	for _, key := range keys {
		if key == o.NaturalKey() && word == reserved.Replaces {
			continue
		}
		old := schema.AddressOf(o.Parent, o.Kind, key)
		switch other := d.called[old]; {
		case key == o.NaturalKey():
			d.failAt(at, "write the key that it had before", "%s: %s names its own key", o.Address(), word)
		case claimed[old] != nil:
			d.failAt(at, "one object can become only one", "%s: %s is already taken by %s (%s)", o.Address(), old, claimed[old].Address(), claimed[old].Place)
		case other != nil && other.Absent:
			d.failAt(at, "keep one of the two lines", "%s: %s names %s, which is to be deleted (%s)", o.Address(), word, other.Address(), other.Place)
		case other != nil && word == reserved.Replaces:
			d.failAt(at, "do it in two applies: first one, then the other", "%s: %s names %s, which these files keep (%s)", o.Address(), word, other.Address(), other.Place)
		}
		claimed[old] = o
	}
}

// checkSwapped refuses names that go round: from outside, two objects with swapped
// names look like two that never changed.
func (d *folder) checkSwapped() {
	walked := map[*schema.Object]bool{}
	for _, start := range d.tenant.Objects {
		var seen []*schema.Object
		for o := start; o != nil && !walked[o]; o = d.before(o) {
			walked[o] = true
			seen = append(seen, o)
			next := d.before(o)
			if i := slices.Index(seen, next); next != nil && next != o && i >= 0 {
				d.failAt(next.PlaceOf(reserved.Previously), "give one of them a third name first, and the right one in a second apply",
					"%s swap their names, and what is matched by name cannot be told from what was never renamed", addresses(seen[i:]))
			}
		}
	}
}

// before returns the declared object that now has the first of the names that o
// had before, or nil.
func (d *folder) before(o *schema.Object) *schema.Object {
	if len(o.Previously) == 0 {
		return nil
	}
	return d.called[schema.AddressOf(o.Parent, o.Kind, o.Previously[0])]
}

func addresses(objects []*schema.Object) string {
	var list []string
	for _, o := range objects {
		list = append(list, o.Address())
	}
	return strings.Join(list, " and ")
}
