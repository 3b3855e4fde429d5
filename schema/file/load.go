package file

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
	"pbxsync/schema/wording"
)

// Parse reads the files of one tenant. It returns what could be read and every
// problem found; the tenant is complete only if no problem is an error.
func Parse(c *schema.Catalogue, files []File) (*schema.Tenant, schema.Problems) {
	d := newDecoder(c)
	for _, f := range files {
		root, problems := parse(f)
		d.long.add(root)
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
	return d.tenant, d.tenant.Unsilenced(d.long.cut(d.problems).Sort())
}

func newDecoder(c *schema.Catalogue) *decoder {
	return &decoder{c: c, validator: validatorOf(c), defaults: map[*schema.Kind]*schema.Object{}, children: map[*schema.Object][]childNodes{}, protected: map[*schema.Object]schema.Place{},
		tenant: &schema.Tenant{Managed: map[*schema.Kind]schema.Place{}, Unmanaged: map[*schema.Kind]schema.Policy{}, Prune: map[*schema.Kind]schema.Place{}}}
}

// decoder turns YAML trees into one tenant.
type decoder struct {
	c         *schema.Catalogue
	validator *validator
	tenant    *schema.Tenant
	file      string
	problems  schema.Problems
	subject   string // address of the object that is being read, for messages
	broken    bool   // a file could not be read, so what is missing proves nothing

	named     schema.Place // where tenant: stands
	headed    string
	defaults  map[*schema.Kind]*schema.Object
	refs      []reference
	children  map[*schema.Object][]childNodes // until their parent's own key is known
	protected map[*schema.Object]schema.Place // the lines at objects that protect these
	unchecked map[*yaml.Node]bool             // patterns that stay as they are
	long      longTexts
	kinds     []kindUse
	losses    []loss
	called    map[string]*schema.Object // by natural address, once all files are read
}

// reference is a use of a bare key, to be checked when all files are read.
type reference struct {
	from  *schema.Object
	field *schema.Field
	key   string
	at    schema.Place
}

// kindUse is a kind named in prune: or unmanaged:, to be checked likewise.
type kindUse struct {
	kind *schema.Kind
	word string
	at   schema.Place
}

func (d *decoder) place(n *yaml.Node) schema.Place {
	return schema.Place{File: d.file, Line: n.Line, Column: n.Column}
}

func (d *decoder) fail(n *yaml.Node, hint, message string, args ...any) {
	d.failAt(d.place(n), hint, message, args...)
}

func (d *decoder) failAt(p schema.Place, hint, message string, args ...any) {
	d.problems = append(d.problems, schema.Problem{Place: p, Address: d.subject, Message: fmt.Sprintf(message, args...), Hint: hint})
}

func (d *decoder) warn(w schema.Warning, n *yaml.Node, hint, message string, args ...any) {
	d.problems = append(d.problems, schema.Problem{Place: d.place(n), Address: d.subject, Message: fmt.Sprintf(message, args...), Hint: hint, Warning: w})
}

func (d *decoder) document(root *yaml.Node) {
	if root.Kind != yaml.MappingNode {
		d.fail(root, "a tenant file begins with version: 1", "%s where keys and values are due", standing(root))
		d.broken = true
		return
	}
	versioned := false
	for i := 0; i+1 < len(root.Content); i += 2 {
		k, v := root.Content[i], root.Content[i+1]
		if isEmpty(v) && len(d.sectionKinds(k.Value)) > 0 {
			d.empty(k, v, sectionHint(k.Value, d.sectionKinds(k.Value)[0]))
			d.lose(k, "", d.sectionKinds(k.Value)...)
			continue
		}
		if d.empty(k, v, "delete the line") {
			continue
		}
		switch k.Value {
		case reserved.Version:
			versioned = true
			d.version(v)
		case reserved.Tenant:
			d.tenantName(k, v)
		case reserved.Defaults, reserved.Prune, reserved.Unmanaged, reserved.Protected, reserved.Silence:
			d.once(k)
			d.topWord(k, v)
		default:
			d.section(k, v)
		}
	}
	if !versioned {
		d.failAt(schema.Place{File: d.file, Line: 1, Column: 1}, "write version: 1 at the top of each file", "version is missing")
	}
}

// pairs calls f for each entry of a mapping that has a value.
func (d *decoder) pairs(n *yaml.Node, want string, f func(k, v *yaml.Node)) {
	d.entries(n, want, clearHint, f)
}

// entries is pairs with its own way out for an entry without a value.
func (d *decoder) entries(n *yaml.Node, want, emptyHint string, f func(k, v *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		d.fail(n, "", "%s where %s are due", sourceText(n), want)
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k, v := n.Content[i], n.Content[i+1]; !d.empty(k, v, emptyHint) {
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

// sectionHint is the way out where a kind's section has no value.
func sectionHint(name string, kind *schema.Kind) string {
	switch {
	case len(kind.Section) > 1:
		return "delete the line" // the name of a group of kinds
	case kind.Form == schema.FormList:
		return fmt.Sprintf("write %s: [] where there are none, or delete the line", name)
	case kind.Form == schema.FormSingle && kind.Value != "":
		return clearHint
	case kind.Form == schema.FormSingle:
		return "delete the line"
	}
	return fmt.Sprintf("write %s: {} where the files declare none, or delete the line", name)
}

// empty reports a key whose value was forgotten: it must not clear anything.
func (d *decoder) empty(k, v *yaml.Node, hint string) bool {
	if !isEmpty(v) {
		return false
	}
	if v.Value != "" && v.Value != "~" {
		hint = "write null in small letters"
	}
	d.fail(k, hint, "%s has no value", k.Value)
	return true
}

func (d *decoder) unknown(n *yaml.Node, what, where string, candidates []string) {
	hint := wording.DidYouMean(n.Value, candidates)
	if hint == "" {
		hint = "known: " + wording.Enumerate(candidates, "and")
	}
	d.fail(n, hint, "unknown %s %q in %s", what, n.Value, where)
}
