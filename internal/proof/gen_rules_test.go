package proof

import (
	"slices"
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"pbxsync/schema"
)

// fresh reports whether the object is made by the state, itself or with its parent.
func (o *planned) fresh() bool {
	return o.live == nil || o.anew || o.parent != nil && o.parent.fresh()
}

// anew lets some objects be renamed, and some be deleted and made again.
func (g *gen) anew() {
	for _, o := range g.objects {
		switch {
		case o.live == nil || o.id != 0 || !o.stated || o.absent || o.parent != nil || g.goes(o):
		case o.kind.Renamable() && g.chance(12, "rename"):
			o.before = []string{o.name}
			o.name = g.unused(o.kind)
		case o.kind.Replaceable() && g.chance(12, "replace") && g.makeable(o):
			g.replace(o)
		}
	}
}

// makeable reports whether what the object has to refer to will be there.
func (g *gen) makeable(o *planned) bool {
	return !slices.ContainsFunc(o.kind.Fields, func(f *schema.Field) bool {
		return f.Required && f.Ref != nil && len(g.targets(f)) == 0
	})
}

// replace makes an object anew: under its own name where a field wants it, else
// under another.
func (g *gen) replace(o *planned) {
	o.anew = true
	o.instead = []string{o.name}
	for _, k := range o.kind.Children {
		if k.Managed() && k.Singleton() && len(o.kids[k]) == 0 {
			c := &planned{kind: k, parent: o}
			g.objects, o.kids[k] = append(g.objects, c), append(o.kids[k], c)
		}
	}
	for _, f := range o.kind.Fields {
		if f.CreateOnly && len(f.Enum) > 0 && g.chance(50, "in place") {
			others := slices.DeleteFunc(slices.Clone(f.Enum), func(v string) bool { return v == o.live.row[f.Answer] })
			o.inPlace = true
			o.set(f, rapid.SampledFrom(others).Draw(g.t, f.Name))
			return
		}
	}
	o.name = g.unused(o.kind)
}

// unused is a name that no object has, and that no other name looks like.
func (g *gen) unused(k *schema.Kind) string {
	for i := 5; ; i++ {
		name := strings.Repeat("n", i)
		if k.Key[0].Field.Format == "extension-name" {
			name = strconv.Itoa(150 + i)
		}
		taken := slices.ContainsFunc(g.objects, func(o *planned) bool {
			return o.name == name || slices.Contains(o.instead, name) || slices.Contains(o.before, name)
		})
		for _, it := range g.now {
			taken = taken || it.key("12037") == name
		}
		if !taken {
			return name
		}
	}
}

// cascadeAnew makes again what no update can move to something that is made again.
func (g *gen) cascadeAnew() {
	for changed := true; changed; {
		changed = false
		for _, o := range g.objects {
			if o.live == nil || o.anew || o.parent != nil || g.goes(o) {
				continue
			}
			for _, f := range o.kind.Fields {
				target := g.behind(f, o.live)
				if target == nil || !target.anew || !f.CreateOnly && (f.Nullable || !target.inPlace) {
					continue
				}
				o.anew, o.inPlace, o.stated, o.absent, changed = true, true, true, false, true
				g.managed[o.kind] = true
				o.name, o.before = append(o.before, o.name)[0], nil
				if o.set(f, target.name); target.handle != "" {
					o.fields[f.Name] = target.handle
				}
				break
			}
		}
	}
}

// beside states what fields need that say something only beside some values of another one,
// and takes back what says nothing.
func (g *gen) beside(fields []*schema.Field, values map[string]any) {
	for _, f := range fields {
		if f.With.Field == "" {
			continue
		}
		if v, stated := values[f.With.Field]; !stated && values[f.Name] != nil {
			values[f.With.Field] = rapid.SampledFrom(f.With.Is).Draw(g.t, f.With.Field)
		} else if stated && values[f.Name] != nil && !f.With.Is.Has(v) {
			if values[f.Name] = nil; f.NeverNull() {
				delete(values, f.Name)
			}
		}
		if schema.Lacking(f, values) {
			values[f.Name] = g.value(f)
		}
		if schema.Lacking(f, values) { // there is nothing that it could refer to
			values[f.With.Field] = undemanding(fields, f.With.Field)
			g.beside(fields, values)
			return
		}
	}
}

// undemanding is a word of a field beside which no other is needed.
func undemanding(fields []*schema.Field, name string) any {
	for _, f := range fields {
		for _, word := range f.Enum {
			if f.Name == name && !slices.ContainsFunc(fields, func(g *schema.Field) bool {
				return g.With.Needed && g.With.Field == name && g.With.Is.Has(word)
			}) {
				return word
			}
		}
	}
	return nil
}
