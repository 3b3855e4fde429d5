package export

import (
	"fmt"
	"maps"
	"slices"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/natural"
)

// This file writes what acts as one: who belongs together stands at the main object,
// and what they share has one value.

// plain writes a value that is no reference: as it is, or who else is in a bundle.
func (e *selection) plain(k *schema.Kind, f *schema.Field, v any) (*yaml.Node, string) {
	if f.Members != nil && v != nil {
		return e.members(k, f, v)
	}
	return written(f, v), ""
}

// members writes who else is in a bundle.
func (e *selection) members(k *schema.Kind, f *schema.Field, v any) (*yaml.Node, string) {
	list, _ := v.(map[string]any)
	n := mapping()
	for _, key := range slices.SortedFunc(maps.Keys(list), natural.Compare) {
		target := e.live.Find(f.Members.Ref, key)
		switch {
		case target == nil:
			return nil, fmt.Sprintf("%s is in it, which the tenant does not list", key)
		case !e.in[target]:
			return nil, target.Address() + " is in it, which is left out too"
		case target.Misfit(k) != "":
			name := target.Misfit(k)
			return nil, fmt.Sprintf("%s is in it, whose %s is %s", target.Address(), name, canonical(target.Values[name]))
		}
		n.Content = append(n.Content, text(key), written(k.Bundle.List, list[key]))
	}
	return n, ""
}

// bundles leaves out what files could not say of bundles: an object in two of them,
// and two values of what one shares. A server should have neither.
func (e *selection) bundles() {
	in := map[*schema.Object]*schema.Object{}
	for _, o := range e.live.Objects {
		if o.Within != 0 && e.in[o] {
			e.bundled(o)
		}
	}
	for _, main := range e.live.Objects {
		rule := main.Kind.Bundle
		if rule == nil || main.Values[rule.Field.Name] == nil || !e.in[main] {
			continue
		}
		owners := append([]*schema.Object{main.Parent}, e.live.Targets(rule.Field, main.Values[rule.Field.Name])...)
		e.onceBundled(main, owners, in)
		var objects []*schema.Object
		for _, o := range owners {
			if i := slices.IndexFunc(e.below[o], func(kid *schema.Object) bool { return kid.Kind == main.Kind }); i >= 0 {
				objects = append(objects, e.below[o][i])
			}
		}
		e.shareOne(owners)
		e.shareOne(objects)
	}
}

// bundled names a bundle of which an object is and that does not stand at its main object.
func (e *selection) bundled(o *schema.Object) {
	f := o.Kind.Bundle.Field
	main, why := e.names.byID[topID{f.Members.Ref, o.Within}], ""
	switch {
	case main == nil:
		why = fmt.Sprintf("it is in the bundle of id %d, which the tenant does not list", o.Within)
	case !e.in[main]:
		why = "it is in the bundle of " + main.Address() + ", which is not in these files"
	case !e.holds(main, o):
		why = "it is in the bundle of " + main.Address() + ", which does not name it"
	default:
		return
	}
	e.leave(o, f.Name, why)
	delete(e.values[o], f.Name)
}

// holds reports whether the bundle of main names the parent of o.
func (e *selection) holds(main, o *schema.Object) bool {
	f := o.Kind.Bundle.Field
	for _, kid := range e.below[main] {
		if kid.Kind == o.Kind && slices.Contains(e.live.Targets(f, kid.Values[f.Name]), o.Parent) {
			return true
		}
	}
	return false
}

// onceBundled leaves out a bundle of what is in another one.
func (e *selection) onceBundled(main *schema.Object, owners []*schema.Object, in map[*schema.Object]*schema.Object) {
	name := main.Kind.Bundle.Field.Name
	for _, o := range owners {
		if other := in[o]; other != nil && e.values[main][name] != nil {
			e.leave(main, name, fmt.Sprintf("%s is in that of %s too", o.Address(), other.Parent.Address()))
			delete(e.values[main], name)
		}
	}
	if e.values[main][name] == nil {
		return
	}
	for _, o := range owners {
		in[o] = main
	}
}

// shareOne leaves out values of what a bundle shares that are not those of its first object.
func (e *selection) shareOne(objects []*schema.Object) {
	objects = slices.DeleteFunc(objects, func(o *schema.Object) bool { return !e.in[o] })
	if len(objects) < 2 {
		return
	}
	first := objects[0]
	for _, f := range first.Kind.Fields {
		want := e.values[first][f.Name]
		for _, o := range objects[1:] {
			if v := e.values[o][f.Name]; f.Shared && v != nil && (want == nil || want.text != v.text) {
				e.leave(o, f.Name, "a bundle has one value, and that of "+first.Address()+" is another")
				delete(e.values[o], f.Name)
			}
		}
	}
}
