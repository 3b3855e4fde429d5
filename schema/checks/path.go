package checks

import (
	"maps"
	"slices"
	"strings"

	"pbxsync/schema"
)

// findLedTo finds fields, and items of lists, that send calls on to something of which all conditions
// hold.
func findLedTo(r *run) {
	for _, as := range slices.Sorted(maps.Keys(r.Uses)) {
		kind, field := r.use(as)
		for _, o := range r.objects(kind) {
			r.targets(o, field, func(target *schema.Object, at schema.Place) {
				if r.hold(r.When, target) {
					r.tell(o, at, "%s %s", target.Address(), r.says(target))
				}
			})
		}
	}
}

// targets visits what a field leads to, with the place of the item that does.
func (g *ground) targets(o *schema.Object, name string, visit func(*schema.Object, schema.Place)) {
	f := o.Kind.Field(name)
	if f == nil {
		return
	}
	at := o.PlaceOf(name)
	declared := func(f *schema.Field, v any) {
		key, _ := v.(string)
		if target := g.tenant.Find(f.Ref, key); target != nil && !target.Absent {
			visit(target, at)
		}
	}
	items, isList := o.Values[name].([]any)
	if !isList {
		f.EachRef(o.Values[name], declared)
	}
	for i, item := range items {
		at = o.PlaceOfItem(name, i)
		f.Items.EachRef(item, declared)
	}
}

// findCircles finds objects that send calls on to each other until they are back where they were,
// where all conditions hold of each: there is no other way out.
func findCircles(r *run) {
	kind, field := r.use("next")
	told := map[*schema.Object]bool{}
	for _, o := range r.objects(kind) {
		circle := r.circle(o, field)
		if len(circle) == 0 || told[o] || slices.ContainsFunc(circle, func(o *schema.Object) bool { return !r.hold(r.When, o) }) {
			continue
		}
		names := []string{}
		for _, o := range circle {
			told[o] = true
			names = append(names, o.Parent.Key)
		}
		r.tell(o, o.PlaceOf(field), "%s", strings.Join(append(names, names[0]), " -> "))
	}
}

// circle returns what a call goes through from an object until it is back there, nothing where it
// goes elsewhere.
func (g *ground) circle(from *schema.Object, field string) []*schema.Object {
	var out []*schema.Object
	for o := from; o != nil && !slices.Contains(out, o); {
		out = append(out, o)
		target := g.follow(o, field)
		o = nil
		if target != nil {
			o = g.tenant.Object((&schema.Object{Kind: from.Kind, Parent: target}).Address())
		}
		if o == from {
			return out
		}
	}
	return nil
}
