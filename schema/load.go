package schema

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Parse reads the files of one tenant. It returns what could be read and every
// problem found; the tenant is complete only if no problem is an error.
func (c *Catalogue) Parse(files []File) (*Tenant, Problems) {
	d := &decoder{c: c, validator: c.validator(), defaults: map[*Kind]*Object{}, tenant: &Tenant{
		Managed: map[*Kind]Place{}, Unmanaged: map[*Kind]Policy{}, Prune: map[*Kind]Place{}}}
	for _, f := range files {
		root, problems := parse(f)
		d.problems = append(d.problems, problems...)
		if root == nil || len(problems.Errors()) > 0 {
			d.broken = true
			continue
		}
		d.file = f.Name
		d.document(root)
	}
	d.header(files)
	if !d.broken {
		d.finish()
	}
	return d.tenant, d.problems.Sort()
}

// decoder turns YAML trees into one tenant.
type decoder struct {
	c         *Catalogue
	validator *validator
	tenant    *Tenant
	file      string
	problems  Problems
	broken    bool // a file could not be read, so what is missing proves nothing

	named    Place // where tenant: stands
	headed   string
	defaults map[*Kind]*Object
	refs     []reference
	kinds    []kindUse
}

// reference is a use of a bare key, to be checked when all files are read.
type reference struct {
	from  *Object
	field *Field
	key   string
	at    Place
}

// kindUse is a kind named in prune: or unmanaged:, to be checked likewise.
type kindUse struct {
	kind *Kind
	word string
	at   Place
}

func (d *decoder) place(n *yaml.Node) Place {
	return Place{File: d.file, Line: n.Line, Column: n.Column}
}

func (d *decoder) fail(n *yaml.Node, hint, message string, args ...any) {
	d.failAt(d.place(n), hint, message, args...)
}

func (d *decoder) failAt(p Place, hint, message string, args ...any) {
	d.problems = append(d.problems, Problem{Place: p, Message: fmt.Sprintf(message, args...), Hint: hint})
}

func (d *decoder) warn(n *yaml.Node, hint, message string, args ...any) {
	d.problems = append(d.problems, Problem{Place: d.place(n), Message: fmt.Sprintf(message, args...), Hint: hint, Warning: true})
}

// later says that a word is known and not supported yet.
func (d *decoder) later(n *yaml.Node, word string) {
	d.fail(n, "", "%s is not supported in this version", word)
}

// The words at the top of a tenant file that are no kinds.
const (
	wordVersion   = "version"
	wordTenant    = "tenant"
	wordDefaults  = "defaults"
	wordPrune     = "prune"
	wordUnmanaged = "unmanaged"
	wordProtected = "protected"
	wordAbsent    = "absent"
	wordOnCreate  = "on_create"
)

// laterWords may stand at an object in a later version.
var laterWords = []string{"previously", "replaces", wordProtected, "awaited"}

func (d *decoder) document(root *yaml.Node) {
	if root.Kind != yaml.MappingNode {
		d.fail(root, "a tenant file begins with version: 1", "%s where keys and values are due", sourceText(root))
		return
	}
	versioned := false
	for i := 0; i+1 < len(root.Content); i += 2 {
		k, v := root.Content[i], root.Content[i+1]
		if isEmpty(v) && len(d.sectionKinds(k.Value)) > 0 {
			d.fail(k, fmt.Sprintf("write %s: {} where the files declare none, or delete the line", k.Value), "%s has no value", k.Value)
			continue
		}
		if d.empty(k, v) {
			continue
		}
		switch k.Value {
		case wordVersion:
			versioned = true
			d.version(v)
		case wordTenant:
			d.tenantName(k, v)
		case wordDefaults, wordPrune, wordUnmanaged:
			d.once(k)
			d.topWord(k, v)
		case wordProtected:
			d.later(k, k.Value)
		default:
			d.section(k, v)
		}
	}
	if !versioned {
		d.failAt(Place{File: d.file, Line: 1, Column: 1}, "write version: 1 at the top of each file", "version is missing")
	}
}

func (d *decoder) version(v *yaml.Node) {
	if v.Value != "1" || v.Tag != "!!int" {
		d.fail(v, "write version: 1", "version %s is not known to this program", sourceText(v))
	}
}

// once sees to it that the words for the whole folder stand in one file.
func (d *decoder) once(k *yaml.Node) {
	if d.headed == "" {
		d.headed = d.file
	}
	if d.headed != d.file {
		d.fail(k, "move it there", "%s stands beside tenant: in one file, here %s", k.Value, d.headed)
	}
}

func (d *decoder) tenantName(k, v *yaml.Node) {
	if d.named.File != "" {
		d.fail(k, "a folder is one tenant; delete one of the two", "tenant was already given at %s", d.named)
		return
	}
	d.named = d.place(k)
	d.tenant.Place = d.named
	d.once(k)
	if v.Kind == yaml.ScalarNode {
		d.tenant.Name, _ = d.text(v, nil)
		return
	}
	d.pairs(v, "name or {name, prefix}", func(k, v *yaml.Node) {
		switch k.Value {
		case "name":
			d.tenant.Name, _ = d.text(v, nil)
		case "prefix":
			d.tenant.Prefix, _ = d.text(v, nil)
		default:
			d.unknown(k, "field", "tenant", []string{"name", "prefix"})
		}
	})
}

// header checks tenant: once all files are read.
func (d *decoder) header(files []File) {
	if d.named.File == "" && !d.broken && len(files) > 0 {
		d.failAt(Place{File: files[0].Name, Line: 1, Column: 1}, `write tenant: {name: NAME, prefix: "PREFIX"}`, "tenant is missing; no file says which tenant this is")
	}
}

func (d *decoder) topWord(k, v *yaml.Node) {
	switch k.Value {
	case wordDefaults:
		d.pairs(v, "kinds with their fields", d.defaultsOf)
	case wordUnmanaged:
		d.pairs(v, "kinds with show, differ or ignore", d.unmanaged)
	case wordPrune:
		d.items(v, "a list of kinds", d.prune)
	}
}

func (d *decoder) unmanaged(k, v *yaml.Node) {
	kind := d.kindWord(k)
	p := Policy(v.Value)
	if p != Show && p != Differ && p != Ignore {
		d.fail(v, "", "%s is not show, differ or ignore", sourceText(v))
	} else if kind != nil {
		d.tenant.Unmanaged[kind] = p
	}
}

func (d *decoder) prune(v *yaml.Node) {
	if kind := d.kindWord(v); kind != nil {
		d.tenant.Prune[kind] = d.place(v)
		if !kind.Has(Delete) {
			d.fail(v, kind.wayOut(), "%s cannot be pruned, the API has no delete for it", kind.Word)
		}
	}
}

// wayOut says what to do where the API cannot delete objects of the kind.
func (k *Kind) wayOut() string {
	if k.Hint != "" {
		return k.Hint
	}
	return "it exists as long as its parent does"
}

// kindWord reads the address word of a kind that the files have to manage.
func (d *decoder) kindWord(n *yaml.Node) *Kind {
	kind := d.c.Kind(n.Value)
	if kind == nil || len(kind.Section) == 0 {
		d.unknown(n, "kind", "the catalogue", d.c.words())
		return nil
	}
	d.kinds = append(d.kinds, kindUse{kind, n.Value, d.place(n)})
	return kind
}

func (c *Catalogue) words() []string {
	var words []string
	for _, k := range c.Kinds {
		if len(k.Section) > 0 {
			words = append(words, k.Word)
		}
	}
	return words
}

// pairs calls f for each entry of a mapping that has a value.
func (d *decoder) pairs(n *yaml.Node, want string, f func(k, v *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		d.fail(n, "", "%s where %s are due", sourceText(n), want)
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k, v := n.Content[i], n.Content[i+1]; !d.empty(k, v) {
			f(k, v)
		}
	}
}

// items calls f for each item of a list.
func (d *decoder) items(n *yaml.Node, want string, f func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		d.fail(n, "", "%s where %s is due", sourceText(n), want)
		return
	}
	for _, item := range n.Content {
		if isEmpty(item) {
			d.fail(item, "delete the dash", "an item without a value")
			continue
		}
		f(item)
	}
}

// empty reports a key whose value was forgotten: it must not clear anything.
func (d *decoder) empty(k, v *yaml.Node) bool {
	if !isEmpty(v) {
		return false
	}
	d.fail(k, clearHint, "%s has no value", k.Value)
	return true
}

func (d *decoder) unknown(n *yaml.Node, what, where string, candidates []string) {
	hint := didYouMean(n.Value, candidates)
	if hint == "" {
		hint = "known: " + oneOf(candidates)
	}
	d.fail(n, hint, "unknown %s %q in %s", what, n.Value, where)
}

// section reads a kind at the top of a file, or a group of kinds such as users.
func (d *decoder) section(k, v *yaml.Node) {
	kinds := d.sectionKinds(k.Value)
	switch {
	case len(kinds) == 0:
		d.unknownSection(k)
	case len(kinds) == 1 && len(kinds[0].Section) == 1:
		d.kind(kinds[0], k, v)
	default:
		d.pairs(v, "kinds", func(k, v *yaml.Node) {
			var names []string
			for _, kind := range kinds {
				names = append(names, kind.Section[1])
				if kind.Section[1] == k.Value {
					d.kind(kind, k, v)
					return
				}
			}
			d.unknown(k, "kind", strings.Join(kinds[0].Section[:1], "."), names)
		})
	}
}

func (d *decoder) sectionKinds(name string) []*Kind {
	var kinds []*Kind
	for _, k := range d.c.Top() {
		if k.Section[0] == name {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

func (d *decoder) unknownSection(k *yaml.Node) {
	names := []string{wordVersion, wordTenant, wordDefaults, wordPrune, wordUnmanaged}
	for _, kind := range d.c.Top() {
		if kind.Word == k.Value {
			d.fail(k, fmt.Sprintf("write %s:", kind.YAML()), "unknown word %q at the top of a tenant file", k.Value)
			return
		}
		if !slices.Contains(names, kind.Section[0]) {
			names = append(names, kind.Section[0])
		}
	}
	d.unknown(k, "word", "a tenant file", names)
}

// kind reads the objects of one kind at the top of a file.
func (d *decoder) kind(kind *Kind, k, v *yaml.Node) {
	if kind.Later != "" {
		d.fail(k, "", "%s", kind.Later)
		return
	}
	if _, ok := d.tenant.Managed[kind]; !ok {
		d.tenant.Managed[kind] = d.place(k)
	}
	d.objects(kind, nil, k, v)
}

// objects reads the objects of a kind under a parent (nil: the tenant).
func (d *decoder) objects(kind *Kind, parent *Object, k, v *yaml.Node) {
	switch kind.Form {
	case FormSingle:
		d.add(d.object(kind, parent, k, v))
	case FormList:
		d.items(v, "a list", func(item *yaml.Node) { d.add(d.object(kind, parent, item, item)) })
	default:
		d.pairs(v, "objects by their "+kind.Key[0].Field.Name, func(k, v *yaml.Node) {
			if key, ok := d.key(kind, k); ok {
				o := d.object(kind, parent, k, v)
				if o != nil {
					o.Key = key
				}
				d.add(o)
			}
		})
	}
}

// add takes an object in, unless the files have it already.
func (d *decoder) add(o *Object) {
	if o == nil {
		return
	}
	d.name(o)
	if first := d.tenant.Object(o.Address()); first != nil {
		d.failAt(o.Place, "an object stands whole in one place", "%s was already given at %s", o.Address(), first.Place)
		return
	}
	d.tenant.Add(o)
}
