package export

import (
	"cmp"
	"strings"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
)

// Pieces writes single values and objects of a live tenant as files that are there already
// would have them.
type Pieces struct{ e *exporter }

// PiecesOf looks at a live tenant that is matched with files. The files declare what stated
// reports, and have these defaults.
func PiecesOf(c *schema.Catalogue, live *schema.Tenant, stated func(*schema.Object) bool, defaults map[*schema.Kind]*schema.Object) *Pieces {
	part := map[*schema.Object]bool{}
	for _, o := range live.Objects {
		part[o] = !o.Shared && stated(o)
	}
	e := newExporter(c, live, Options{Sparse: true, Part: part})
	e.choose()
	e.judge()
	for k, def := range defaults {
		e.defaults[k] = map[string]*cell{}
		for name, v := range def.Values {
			e.defaults[k][name] = &cell{text: canonical(k.Field(name).Short(v, live.Prefix)), null: v == nil}
		}
	}
	return &Pieces{e}
}

// Value writes the value of a field, or says why no file can hold it.
func (p *Pieces) Value(o *schema.Object, f *schema.Field) (*yaml.Node, string) {
	if v := p.e.values[o][f.Name]; v != nil {
		return v.node, ""
	}
	if _, shown := o.Values[f.Name]; !shown {
		return nil, "the server does not show it"
	}
	return nil, cmp.Or(p.e.cell(f, o).refused, p.e.unsayable(o, f), p.left(o))
}

// Object writes an object with what lies under it, or says why no file can hold it.
func (p *Pieces) Object(o *schema.Object) (key, value *yaml.Node, why string) {
	if !p.e.in[o] {
		return nil, nil, p.left(o)
	}
	if o.Kind.Form != schema.FormMap {
		return text(o.Kind.Section[0]), p.e.object(o), ""
	}
	return text(o.Key), p.e.object(o), ""
}

// left says why an object was left out.
func (p *Pieces) left(o *schema.Object) string {
	for _, problem := range p.e.out.Left {
		if problem.Address == o.Address() {
			return strings.TrimPrefix(problem.Message, "is left out: ")
		}
	}
	return "no file can hold it"
}
