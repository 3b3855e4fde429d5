package file

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
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

func (d *decoder) document(root *yaml.Node) {
	if root.Kind != yaml.MappingNode {
		d.fail(root, "a tenant file begins with version: 1", "%s where keys and values are due", standing(root))
		d.broken = true
		return
	}
	versioned := false
	for i := 0; i < len(root.Content); i += 2 {
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
		case reserved.Defaults, reserved.Prune, reserved.Unmanaged, reserved.Protected, reserved.Silence, reserved.Review, reserved.Accept, reserved.Checks:
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
