package proof

import (
	"fmt"

	"pbxsync/schema"
)

// bundles lets some phones act as one, and says of all others that they do not where
// they do now. It comes before fill, and agree after it.
func (g *gen) bundles() {
	g.main, g.members = nil, nil
	var can []*planned
	for _, o := range g.objects {
		if o.kind.Bundle == nil || g.goes(o.parent) || o.parent.absent || o.parent.anew || o.parent.live == nil && !o.parent.stated { // what is made again may get another type
			continue
		}
		if o.parent.live == nil {
			if v, ok := o.parent.fields["type"]; ok && v != "phone" {
				continue
			}
		} else if !o.parent.live.suits(o.kind) {
			continue
		}
		can = append(can, o)
	}
	if len(can) > 1 && g.chance(40, "bundle") {
		at := int(g.value(&schema.Field{Type: "integer", Name: "main"}).(int64)) % len(can)
		g.main = can[at]
		list := map[string]any{}
		for i, o := range can {
			if i != at && g.chance(60, "member") {
				g.members = append(g.members, o)
				list[o.parent.key()] = map[string]any{"active": g.chance(50, "active")}
			}
		}
		if len(list) == 0 {
			g.main = nil
		} else {
			g.declare(g.main)
			g.main.set(g.main.kind.Bundle.Field, list)
			for _, o := range g.members {
				g.declare(o.parent)
			}
		}
	}
	for _, o := range can {
		if o != g.main && o.live != nil && o.live.leads() {
			g.declare(o)
			o.set(o.kind.Bundle.Field, nil)
		}
	}
}

// leads reports whether the item is the main object of a bundle.
func (it *item) leads() bool {
	m, _ := it.row["bundle"].(map[string]any)
	return m["bundle_id"] != nil && it.parent != nil && fmt.Sprint(m["bundle_id"]) == fmt.Sprint(it.parent.id)
}

// declare makes the files declare an object, with its parents.
func (g *gen) declare(o *planned) {
	for p := o; p != nil; p = p.parent {
		p.stated = true
		g.managed[p.kind] = true
		if len(p.kids) > 0 && p.live == nil {
			p.set(p.kind.Field("type"), "phone")
		}
	}
}

// key is how the files name the object.
func (o *planned) key() string {
	if o.handle != "" {
		return o.handle
	}
	return o.name
}

// agree gives the objects of the bundle one value of each field that they share.
func (g *gen) agree() {
	if g.main == nil {
		return
	}
	phones, extensions := []*planned{g.main}, []*planned{g.main.parent}
	for _, o := range g.members {
		phones, extensions = append(phones, o), append(extensions, o.parent)
	}
	for _, group := range [][]*planned{phones, extensions} {
		for _, f := range group[0].kind.Fields {
			var first any
			found := false
			for _, o := range group {
				v, stated := o.fields[f.Name]
				switch {
				case !f.Shared || !stated || !o.stated:
				case found:
					o.fields[f.Name] = first
				default:
					first, found = v, true
				}
			}
		}
	}
}
