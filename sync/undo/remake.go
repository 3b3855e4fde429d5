package undo

import (
	"fmt"
	"maps"
	"slices"

	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// This file makes again what a run has deleted, as far as its image allows.

// remade is a deleted object that is to be made again.
type remade struct {
	image  *record.Object
	object *schema.Object
	parent *remade        // where that is to be made again too
	lost   string         // why it cannot be
	heir   *schema.Object // what took its place
}

// replaceBack wants the old object in the place of the new one.
func (u *undoing) replaceBack(ch *plan.Change) {
	image, now := u.replaced(ch), u.object(ch.Address)
	if image == nil || now == nil {
		return
	}
	r := u.remake(image)
	r.heir, r.object.Replaces = now, []string{now.NaturalKey()}
	u.givingBack[now] = r.lost == ""
}

// replaced returns the image of what a replace deleted. Made again under its own name, it
// went by its id too.
func (u *undoing) replaced(ch *plan.Change) *record.Object {
	if b := u.images[ch.Replaces]; b != nil {
		return b
	}
	heir := u.object(ch.Address)
	if heir == nil {
		return nil
	}
	return u.index.named[word{heir.NaturalKey(), heir.Kind.Word}]
}

// remake wants a deleted object made again.
func (u *undoing) remake(image *record.Object) *remade {
	r := &remade{image: image, object: &schema.Object{Kind: u.catalogue.Kind(image.Kind), Key: image.Key, Name: image.Name, Values: map[string]any{}}}
	u.remade = append(u.remade, r)
	r.lost = u.cannotMake(r)
	return r
}

// cannotMake says why an object cannot be made from its image.
func (u *undoing) cannotMake(r *remade) string {
	k := r.object.Kind
	if why := goneTenant(k); why != "" {
		return why
	}
	if !k.Has(schema.Create) && !k.Implicit() {
		return "the API cannot create it; " + k.HintCreate
	}
	for _, f := range k.Fields {
		switch {
		case f.Required && f.Secret():
			return fmt.Sprintf("it cannot be made without its %s, which is not known; declare it in files, with a %s, and apply them", f.Name, f.Name)
		case f.Required && f.Apart:
			return "the file that it had was not kept; declare it in files, with the file, and apply them"
		case f.Required && schema.Hidden(r.image.Values[f.Name]):
			return fmt.Sprintf("its %s had a user name or password, which no record has", f.Name)
		}
	}
	for _, child := range k.Children {
		if child.Implicit() && misfit(child, r.image.Values) == "" && u.index.below[word{r.image.Address, child.Word}] == nil {
			return fmt.Sprintf("the record does not have its %s, so it cannot be made as it was; declare it in files and apply them", child.Word)
		}
	}
	return ""
}

func misfit(child *schema.Kind, values map[string]any) string {
	return (&schema.Object{Values: values}).Misfit(child)
}

// withChildren makes what went with deleted objects again with them.
func (u *undoing) withChildren() {
	known := map[string]*remade{}
	for _, r := range u.remade {
		known[r.image.Address] = r
	}
	for _, a := range slices.Sorted(maps.Keys(u.images)) { // parents sort before children
		b := u.images[a]
		if known[a] == nil && known[b.Parent] != nil && !u.blank(b) {
			known[a] = u.remake(b)
		}
	}
	for _, r := range u.remade {
		r.object.Key, r.object.Name = u.keyOf(r.image)
		if r.parent = known[r.image.Parent]; r.parent != nil {
			r.object.Parent = r.parent.object
		} else if r.image.Parent != "" {
			r.object.Parent = u.object(r.image.Parent)
		}
	}
	u.onceEach()
	for _, r := range u.remade {
		u.objects[r.image.Address] = r.object // references in images go by these addresses
	}
}

// blank reports whether an image tells of nothing that has to be made again.
func (u *undoing) blank(b *record.Object) bool {
	return (&schema.Object{Kind: u.catalogue.Kind(b.Kind), Values: b.Values}).Blank()
}

// onceEach gives up what shared its name with another one that is made again.
func (u *undoing) onceEach() {
	taken := map[string]bool{}
	for _, r := range u.remade {
		if r.lost == "" && taken[r.object.Address()] {
			r.lost = "another one of its name is made again, and files could not tell the two apart"
		}
		taken[r.object.Address()] = taken[r.object.Address()] || r.lost == ""
	}
}

// keyOf returns the key and the name of what is made again. What went by its id too,
// since another had its name, goes by its name alone.
func (u *undoing) keyOf(b *record.Object) (key, name string) {
	if b.Name != "" && b.Key == schema.Handle(b.Name, b.ID) {
		return b.Name, ""
	}
	return b.Key, b.Name
}

// dropLost gives up what depends on something that cannot come back, and says what is lost.
func (u *undoing) dropLost() {
	u.index.again(u.remade)
	for again := true; again; {
		again = false
		for _, r := range u.remade {
			if r.lost == "" {
				r.lost = u.lacks(r)
				again = again || r.lost != ""
			}
		}
	}
	for _, r := range u.remade {
		switch {
		case r.lost != "" && r.parent != nil && r.parent.lost != "": // it is said of that
		case r.lost != "" && r.heir != nil:
			u.left(r.object, "%s", r.lost)
			u.left(r.heir, "it stays, since %s, which it took the place of, cannot come back", r.object.Address())
		case r.lost != "":
			u.left(r.object, "%s", r.lost)
		case r.object.Kind.Implicit():
		default:
			u.left(r.object, "it is made again, with another id%s", goneForGood(r))
		}
	}
}

// lacks says which object that cannot come back another cannot be without.
func (u *undoing) lacks(r *remade) string {
	if r.parent != nil && r.parent.lost != "" {
		return "it was part of " + r.parent.object.Address()
	}
	for _, f := range r.object.Kind.Fields {
		if target := u.lostTarget(f, r.image.Values[f.Name]); f.Required && target != "" {
			return fmt.Sprintf("it needs %s, which cannot come back", target)
		}
	}
	return ""
}

// lostTarget returns the address of what a value refers to and cannot come back.
func (u *undoing) lostTarget(f *schema.Field, v any) string {
	address := ""
	f.EachRef(v, func(f *schema.Field, v any) {
		if r := u.target(f, v); r != nil && r.lost != "" {
			address = r.object.Address()
		}
	})
	return address
}

// target returns the deleted object that a value of an image refers to, or nil.
func (u *undoing) target(f *schema.Field, v any) *remade {
	i, found := u.index.target(f, v)
	if !found || f.OrText && u.remade[i].lost != "" {
		return nil // text that names nothing is none the worse
	}
	return u.remade[i]
}
