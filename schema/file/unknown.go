package file

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/wording"
)

// known reports a word by which a kind goes elsewhere, or that a later version will know,
// and whether it is one.
func (d *notes) known(n *yaml.Node, what, where string) bool {
	var ways []string
	for _, kind := range d.c.Called(n.Value) {
		if way := "write " + sectionOf(kind); !slices.Contains(ways, way) {
			ways = append(ways, way)
		}
	}
	switch {
	case len(ways) > 0:
		d.fail(n, strings.Join(ways, ", or "), "unknown %s %q in %s", what, n.Value, where)
	case d.c.Answer(n.Value) != "":
		d.fail(n, d.c.Answer(n.Value), "unknown %s %q in %s", what, n.Value, where)
	case d.c.Later(n.Value):
		d.fail(n, "delete it; what the tenant has there is left alone", "%s cannot be declared in this version of pbxsync", n.Value)
	default:
		return false
	}
	return true
}

// place says where a kind stands in a tenant file.
func sectionOf(k *schema.Kind) string {
	if len(k.Parents) == 0 {
		return k.YAML() + ":"
	}
	var parents []string
	for _, p := range k.Parents {
		parents = append(parents, wording.Article(p.Word)+" "+p.Word)
	}
	return k.Section[0] + ": at " + wording.Enumerate(parents, "or")
}

// unknownKind reports a word that is not the address word of a kind, where one is due.
func (d *notes) unknownKind(n *yaml.Node, where string) {
	if d.c.Later(n.Value) || d.c.Answer(n.Value) != "" {
		d.known(n, "kind", where)
		return
	}
	if k := d.c.BySection(n.Value); k != nil {
		d.fail(n, "write "+k.Word, "unknown kind %q in %s", n.Value, where)
		return
	}
	if kinds := d.c.Called(n.Value); len(kinds) > 0 {
		var words []string
		for _, k := range kinds {
			words = append(words, k.Word)
		}
		d.fail(n, "write "+wording.Enumerate(words, "or"), "unknown kind %q in %s", n.Value, where)
		return
	}
	d.unknown(n, "kind", where, d.c.Words())
}

// unknownWord reports a word that an object does not take.
func (d *notes) unknownWord(kind *schema.Kind, n *yaml.Node) {
	names := kind.Entries()
	near := wording.DidYouMean(n.Value, names)
	if near == "" && slices.Contains(onceNames(kind), n.Value) {
		near = fmt.Sprintf("write on_create: {%s: …}", n.Value)
	}
	for _, k := range d.c.Called(n.Value) {
		if f := refTo(kind, k); f != nil && near == "" {
			near = fmt.Sprintf("write %s:", f.Name)
		}
		if near == "" && slices.Contains(kind.Children, k) {
			near = fmt.Sprintf("write %s:", k.Section[0])
		}
	}
	switch {
	case near != "":
		d.fail(n, near, "unknown field %q in %s", n.Value, kind.Word)
	case d.c.Later(n.Value) || d.c.Answer(n.Value) != "":
		d.known(n, "field", kind.Word)
	case len(d.sectionKinds(n.Value)) > 0:
		d.fail(n, fmt.Sprintf("%s: stands at the top of a file", n.Value), "unknown field %q in %s", n.Value, kind.Word)
	default:
		const most = 16
		hint := fmt.Sprintf("pbxsync explain %s lists what may stand here", kind.Word)
		if len(names) <= most {
			hint = "known: " + wording.Enumerate(names, "and")
		}
		d.fail(n, hint, "unknown field %q in %s", n.Value, kind.Word)
	}
}

// refTo returns the field that refers to a kind, or nil.
func refTo(k *schema.Kind, other *schema.Kind) *schema.Field {
	for _, f := range k.Fields {
		if f.Ref == other && f.InCreate() {
			return f
		}
	}
	return nil
}
