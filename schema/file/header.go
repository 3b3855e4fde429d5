package file

import (
	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
)

func (d *decoder) version(v *yaml.Node) {
	if v.Value != "1" || v.Tag != "!!int" {
		d.fail(v, "write version: 1", "version %s is not known to this program", sourceText(v))
	}
}

// once makes sure that the words for the whole folder stand in one file.
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
		d.tenant.Name, _ = d.label(v, k.Value)
		return
	}
	d.pairs(v, "name or {name, prefix}", func(k, v *yaml.Node) {
		switch k.Value {
		case reserved.Name:
			d.tenant.Name, _ = d.label(v, k.Value)
		case reserved.Prefix:
			d.tenant.Prefix, _ = d.label(v, k.Value)
		default:
			d.unknown(k, "field", "tenant", []string{reserved.Name, reserved.Prefix})
		}
	})
}

// header checks tenant: once all files are read.
func (d *decoder) header(files []File) {
	if d.named.File == "" && !d.broken && len(files) > 0 {
		d.failAt(schema.Place{File: files[0].Name, Line: 1, Column: 1}, `write tenant: {name: NAME, prefix: "PREFIX"}`, "tenant is missing; no file says which tenant this is")
	}
}

func (d *decoder) topWord(k, v *yaml.Node) {
	switch k.Value {
	case reserved.Defaults:
		d.entries(v, "kinds with their fields", "delete the line", d.defaultsOf)
	case reserved.Unmanaged:
		d.pairs(v, "kinds with show, differ or ignore", d.unmanaged)
	case reserved.Prune:
		d.items(v, "a list of kinds", d.prune)
	case reserved.Protected:
		d.items(v, "a list of addresses", d.protect)
	case reserved.Silence:
		d.items(v, "a list of warnings", d.silence)
	case reserved.Review:
		d.pairs(v, "classes of risk with approve", d.review)
	case reserved.Checks:
		d.pairs(v, "checks with what they are here", d.judge)
	case reserved.Accept:
		d.items(v, "a list of differences", d.accept)
	}
}

func (d *decoder) unmanaged(k, v *yaml.Node) {
	kind := d.kindWord(k)
	p := schema.Policy(v.Value)
	if p != schema.Show && p != schema.Differ && p != schema.Ignore {
		d.fail(v, "", "%s is not show, differ or ignore", sourceText(v))
	} else if kind != nil {
		d.tenant.Unmanaged[kind] = p
		d.ruled(reserved.Unmanaged, kind.Word, k)
	}
}

// ruled notes where a rule stands.
func (d *decoder) ruled(word, about string, k *yaml.Node) {
	d.tenant.Ruled[word+"."+about] = d.place(k)
}

func (d *decoder) prune(v *yaml.Node) {
	if kind := d.c.Kind(v.Value); kind != nil && len(kind.Section) > 0 && !kind.Has(schema.Delete) {
		d.fail(v, wayOut(kind), "%s cannot be pruned, the API has no delete for it", kind.Word)
	} else if kind := d.kindWord(v); kind != nil {
		d.tenant.Prune[kind] = d.place(v)
	}
}

// wayOut says what to do where the API cannot delete objects of the kind.
func wayOut(k *schema.Kind) string {
	switch {
	case k.HintDelete != "":
		return k.HintDelete
	case len(k.Parents) > 0:
		return "it exists as long as its " + k.Parents[0].Word + " does"
	}
	return "it exists as long as the tenant does"
}

// kindWord reads the address word of a kind that the files have to manage.
func (d *decoder) kindWord(n *yaml.Node) *schema.Kind {
	kind := d.c.Kind(n.Value)
	if kind == nil || len(kind.Section) == 0 {
		d.unknownKind(n, "the catalogue")
		return nil
	}
	d.kinds = append(d.kinds, kindUse{kind, n.Value, d.place(n)})
	return kind
}
