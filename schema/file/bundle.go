package file

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/wording"
)

// object reads a value that is an object: fields, or who else is in a bundle.
func (d *fieldReader) object(o *schema.Object, f *schema.Field, v *yaml.Node) (any, bool) {
	if f.Members != nil {
		return d.bundle(o, f, v)
	}
	return d.mapping(o, f, v)
}

// bundleHint is the way out where a member of a bundle is not declared, "" for other references.
func bundleHint(r reference) string {
	if b := r.from.Kind.Bundle; b == nil || b.Field.Members != r.field {
		return ""
	}
	return fmt.Sprintf("declare it under %s; a bundle is of declared ones", r.field.Ref.YAML())
}

// bundle reads the other objects of a bundle by key.
func (d *fieldReader) bundle(o *schema.Object, f *schema.Field, v *yaml.Node) (any, bool) {
	if v.Kind != yaml.MappingNode {
		d.fail(v, fmt.Sprintf("write {KEY: %s}, or null for none", exampleMember(o.Kind.Bundle)), "%s is %s where keys and values are due", f.Name, sourceText(v))
		return nil, false
	}
	out := map[string]any{}
	d.entries(v, "others by their "+f.Members.Ref.Key[0].Field.Name, "write "+exampleMember(o.Kind.Bundle), func(k, v *yaml.Node) {
		key, ok := d.key(f.Members.Ref, k)
		if !ok {
			return
		}
		d.refs = append(d.refs, reference{from: o, field: f.Members, key: key, at: d.place(k)})
		if member, ok := d.mapping(o, o.Kind.Bundle.List, v); ok {
			out[key] = member
		}
	})
	return out, true
}

// weighBundle checks what is said of the others of a bundle, if the field is one.
func (d *fieldReader) weighBundle(o *schema.Object, f *schema.Field, members map[string]any, at *yaml.Node) bool {
	if f.Members == nil {
		return false
	}
	for _, key := range slices.Sorted(maps.Keys(members)) {
		d.weigh(o, o.Kind.Bundle.List, members[key], valueNode(at, key))
	}
	return true
}

// example shows what is said of a member.
func exampleMember(b *schema.Bundle) string {
	var parts []string
	for _, f := range b.List.Fields {
		parts = append(parts, f.Name+": true")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// checkBundles makes sure that what acts as one is of the right type, in one bundle
// only, and does not want two values of what it shares.
func (d *folder) checkBundles() {
	in := map[*schema.Object]*schema.Object{} // parent -> the main object of its bundle
	for _, main := range d.tenant.Objects {
		if main.Kind.Bundle == nil || main.Absent || main.Values[main.Kind.Bundle.Field.Name] == nil {
			continue
		}
		members := d.tenant.Targets(main.Kind.Bundle.Field, main.Values[main.Kind.Bundle.Field.Name])
		if d.checkMembers(main, members, in) {
			d.checkShared(main, members)
		}
	}
}

// checkMembers checks who is in a bundle.
func (d *folder) checkMembers(main *schema.Object, members []*schema.Object, in map[*schema.Object]*schema.Object) bool {
	f, before := main.Kind.Bundle.Field, len(d.problems)
	at := main.PlaceOf(f.Name)
	for _, o := range append([]*schema.Object{main.Parent}, members...) {
		switch other := in[o]; {
		case other == main:
			d.failAt(at, "name the others only", "%s is in its own bundle", o.Address())
		case o == main.Parent && other != nil:
			d.failAt(at, "an object is in one bundle", "%s has a bundle and is in that of %s (%s)", o.Address(), other.Parent.Address(), other.PlaceOf(f.Name))
		case other != nil && other.Parent == o:
			d.failAt(at, "an object is in one bundle", "%s has a bundle of its own (%s) and is in that of %s", o.Address(), other.PlaceOf(f.Name), main.Parent.Address())
		case other != nil:
			d.failAt(at, "an object is in one bundle", "%s is in the bundle of %s and in that of %s (%s)", o.Address(), main.Parent.Address(), other.Parent.Address(), other.PlaceOf(f.Name))
		case o.Misfit(main.Kind) != "":
			name := o.Misfit(main.Kind)
			d.failAt(at, "", "%s has %s %v, and only %s can be in a bundle", o.Address(), name, o.Values[name], main.Kind.When[name])
		}
		if in[o] == nil {
			in[o] = main
		}
	}
	return len(d.problems) == before
}

// checkShared finds two values of what a bundle shares. What a member wants and the
// main object leaves open is wanted of the main one, from which the members take it.
func (d *folder) checkShared(main *schema.Object, members []*schema.Object) {
	shareInBundle(d, main.Parent, members)
	var kids []*schema.Object
	for _, m := range members {
		if kid := d.tenant.Object(schema.AddressOf(m, main.Kind, "")); kid != nil {
			kids = append(kids, kid)
		}
	}
	shareInBundle(d, main, kids)
}

func shareInBundle(d *folder, main *schema.Object, others []*schema.Object) {
	for _, o := range others {
		o.Main = main
	}
	for _, f := range main.Kind.Fields {
		for _, o := range others {
			v, stated := o.Values[f.Name]
			if !f.Shared || !stated || o.Absent {
				continue
			}
			want, given := main.Values[f.Name]
			switch {
			case !given:
				main.Values[f.Name] = v
				main.Places = maps.Clone(main.Places)
				main.Places[f.Name] = o.PlaceOf(f.Name)
			case !schema.Equal(v, want):
				d.failAt(o.PlaceOf(f.Name), "a bundle has one value; state the same at both, or at one of them",
					"%s: %s is %s, and %s in the same bundle wants %s (%s)", o.Address(), f.Name, wording.Value(v), main.Address(), wording.Value(want), main.PlaceOf(f.Name))
			}
		}
	}
}
