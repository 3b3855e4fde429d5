package schema

import (
	"fmt"
	"pbxsync/schema/wording"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// This file answers whoever writes a word that is called otherwise in tenant files.

// known reports a word by which a kind goes elsewhere, or that a later version will know,
// and whether it is one.
func (d *decoder) known(n *yaml.Node, what, where string) bool {
	var ways []string
	for _, kind := range d.c.called(n.Value) {
		if way := "write " + kind.place(); !slices.Contains(ways, way) {
			ways = append(ways, way)
		}
	}
	switch {
	case len(ways) > 0:
		d.fail(n, strings.Join(ways, ", or "), "unknown %s %q in %s", what, n.Value, where)
	case d.c.later(n.Value):
		d.fail(n, "delete it; what the tenant has there is left alone", "%s cannot be declared in this version of pbxsync", n.Value)
	default:
		return false
	}
	return true
}

// called returns the kinds that a word may mean: its address word, or what people call it.
func (c *Catalogue) called(word string) []*Kind {
	word = strings.ToLower(word)
	var kinds []*Kind
	for _, k := range c.Kinds {
		if len(k.Section) > 0 && (k.Word == word || k.Word+"s" == word || slices.Contains(k.Also, word) || slices.Contains(k.Also, word+"s")) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// later reports whether the API has something of that name which the catalogue does not know.
func (c *Catalogue) later(word string) bool {
	word = strings.TrimSuffix(strings.ToLower(word), "s")
	return slices.ContainsFunc(c.Unknown, func(u string) bool { return word == strings.TrimSuffix(u, "s") })
}

// place says where a kind stands in a tenant file.
func (k *Kind) place() string {
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
func (d *decoder) unknownKind(n *yaml.Node, where string) {
	if d.c.later(n.Value) {
		d.known(n, "kind", where)
		return
	}
	if k := d.c.bySection(n.Value); k != nil {
		d.fail(n, "write "+k.Word, "unknown kind %q in %s", n.Value, where)
		return
	}
	if kinds := d.c.called(n.Value); len(kinds) > 0 {
		var words []string
		for _, k := range kinds {
			words = append(words, k.Word)
		}
		d.fail(n, "write "+wording.Enumerate(words, "or"), "unknown kind %q in %s", n.Value, where)
		return
	}
	d.unknown(n, "kind", where, d.c.words())
}

// unknownWord reports a word that an object does not take.
func (d *decoder) unknownWord(kind *Kind, n *yaml.Node) {
	names := kind.fieldNames()
	near := wording.DidYouMean(n.Value, names)
	if near == "" && slices.Contains(kind.onceNames(), n.Value) {
		near = fmt.Sprintf("write on_create: {%s: …}", n.Value)
	}
	for _, k := range d.c.called(n.Value) {
		if f := kind.refTo(k); f != nil && near == "" {
			near = fmt.Sprintf("write %s:", f.Name)
		}
	}
	switch {
	case near != "":
		d.fail(n, near, "unknown field %q in %s", n.Value, kind.Word)
	case d.c.later(n.Value):
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
func (k *Kind) refTo(other *Kind) *Field {
	for _, f := range k.Fields {
		if f.Ref == other && f.InCreate() {
			return f
		}
	}
	return nil
}
