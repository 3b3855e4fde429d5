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

// section reads a kind at the top of a file, or a group of kinds such as users.
func (d *decoder) section(k, v *yaml.Node) {
	kinds := d.sectionKinds(k.Value)
	switch {
	case len(kinds) == 0:
		d.unknownSection(k)
	case len(kinds) == 1 && len(kinds[0].Section) == 1:
		d.kind(kinds[0], k, v)
	default:
		d.pairs(v, "its kinds", func(k, v *yaml.Node) {
			var names []string
			for _, kind := range kinds {
				names = append(names, kind.Section[1])
				if kind.Section[1] == k.Value {
					d.kind(kind, k, v)
					return
				}
			}
			d.unknown(k, "kind", strings.Join(kinds[0].Section[:1], "."), names)
			d.lose(k, "", kinds...)
		})
	}
}

func (d *notes) sectionKinds(name string) []*schema.Kind {
	var kinds []*schema.Kind
	for _, k := range d.c.Top() {
		if k.Section[0] == name {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// profileWords say where calls go and with which credentials.
var profileWords = []string{"endpoint", "app_id", "app_secret", "app_secret_file", "seed"}

func (d *decoder) unknownSection(k *yaml.Node) {
	if slices.Contains(profileWords, k.Value) {
		d.fail(k, "use --config FILE, the environment, or pbxsync.yaml", "%s belongs to the profile, not to tenant files: else a change of these could send the credentials elsewhere", k.Value)
		return
	}
	names := []string{reserved.Version, reserved.Tenant, reserved.Defaults, reserved.Prune, reserved.Unmanaged, reserved.Protected, reserved.Silence, reserved.Review, reserved.Accept, reserved.Checks}
	if d.known(k, "word", "a tenant file") {
		if kinds := d.c.Called(k.Value); len(kinds) > 0 {
			d.lose(k, "", kinds...)
		}
		return
	}
	for _, kind := range d.c.Top() {
		if !slices.Contains(names, kind.Section[0]) {
			names = append(names, kind.Section[0])
		}
	}
	d.unknown(k, "word", "a tenant file", names)
	d.lose(k, "", d.sectionKinds(wording.Nearest(k.Value, names))...)
}

// kind reads the objects of one kind at the top of a file.
func (d *decoder) kind(kind *schema.Kind, k, v *yaml.Node) {
	if _, ok := d.tenant.Managed[kind]; !ok {
		d.tenant.Managed[kind] = d.place(k)
	}
	d.objects(kind, nil, k, v)
}

// objects reads the objects of a kind under a parent (nil: the tenant).
func (d *objectReader) objects(kind *schema.Kind, parent *schema.Object, k, v *yaml.Node) {
	switch kind.Form {
	case schema.FormSingle:
		d.add(d.object(kind, parent, "", k, v))
	case schema.FormList:
		d.items(v, "a list", func(item *yaml.Node) { d.add(d.object(kind, parent, "", item, item)) })
	default:
		if v.Kind == yaml.SequenceNode {
			d.fail(v, mapHint(kind, v), "a list where objects by their %s are due", kind.Key[0].Field.Name)
			d.lose(v, "", kind)
			return
		}
		if v.Kind != yaml.MappingNode {
			d.fail(v, fmt.Sprintf("write them below it, such as %q: {…}, or {} where there are none", "KEY"), "%s where objects by their %s are due", sourceText(v), kind.Key[0].Field.Name)
			d.lose(v, "", kind)
			return
		}
		d.entries(v, "", emptyHint(kind), func(k, v *yaml.Node) {
			if key, ok := d.key(kind, k); ok {
				d.keyed(kind, parent, key, k, v)
			} else {
				d.lose(k, k.Value, kind)
			}
		})
		for i := 0; i+1 < len(v.Content); i += 2 {
			if k := v.Content[i]; isEmpty(v.Content[i+1]) {
				d.lose(k, k.Value, kind)
			}
		}
	}
}

// keyed reads one object of a map, whose fields may not be a mere value or a list.
func (d *objectReader) keyed(kind *schema.Kind, parent *schema.Object, key string, k, v *yaml.Node) {
	if kind.Value == "" && v.Kind != yaml.MappingNode {
		at := d.place(v)
		d.problems = append(d.problems, schema.Problem{Place: at, Address: schema.AddressOf(parent, kind, key), Message: sourceText(v) + " where fields are due", Hint: fmt.Sprintf("write %q: {%s: …}", key, exampleField(kind))})
		d.lose(v, key, kind)
		return
	}
	d.add(d.object(kind, parent, key, k, v))
}

// example is a field that files may state at an object, beside its key.
func exampleField(k *schema.Kind) string {
	for _, f := range k.Fields {
		if f.InCreate() && !f.Once && !k.IsKey(f) {
			return f.Name
		}
	}
	return reserved.ID
}

// mapHint shows how the first item of a list is written in a map.
func mapHint(k *schema.Kind, list *yaml.Node) string {
	key := "KEY"
	for _, item := range list.Content {
		if item = valueNode(item, k.Key[0].Field.Name); item.Kind == yaml.ScalarNode {
			key = item.Value
			break
		}
	}
	value := "{…}"
	if k.Value != "" {
		value = `"…"`
	}
	return fmt.Sprintf("write keys instead of dashes, such as %q: %s", key, value)
}

// add takes an object in, unless the files have it already.
func (d *objectReader) add(o *schema.Object) {
	if o == nil {
		return
	}
	d.name(o)
	if first := d.tenant.Object(o.Address()); first != nil {
		hint := "an object stands whole in one place"
		if o.Kind.Form == schema.FormList {
			hint = "delete one of the two; where the tenant has both, id: at each tells them apart"
		}
		d.failAt(o.Place, hint, "%s was already given at %s", o.Address(), first.Place)
		return
	}
	d.tenant.Add(o)
}

// emptyHint is the way out where an object in a map has no value.
func emptyHint(k *schema.Kind) string {
	if k.Value != "" {
		return `write "" for an empty text, or delete the line`
	}
	return objectHint
}
