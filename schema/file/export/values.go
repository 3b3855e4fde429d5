package export

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/reserved"
	"pbxsync/schema/wording"
)

// cell is a value of a field as a file has it.
type cell struct {
	text    string // tells it from others
	node    *yaml.Node
	refused string // why no file can say it, or ""
	null    bool
}

// judge writes every value, and leaves out what would not read back.
func (e *selection) judge() {
	for _, k := range e.catalogue.Kinds {
		for _, o := range e.live.Objects {
			if o.Kind == k && e.in[o] {
				e.values[o] = map[string]*cell{}
				e.judgeObject(o)
			}
		}
	}
	for _, objects := range e.top {
		for _, o := range objects {
			e.drop(o)
		}
	}
	e.bundles()
	for k, objects := range e.top {
		e.top[k] = slices.DeleteFunc(objects, func(o *schema.Object) bool { return !e.in[o] })
	}
	for o, objects := range e.below {
		e.below[o] = slices.DeleteFunc(objects, func(o *schema.Object) bool { return !e.in[o] })
	}
}

// drop leaves out a bare value that cannot be said, and its object with it.
func (e *selection) drop(o *schema.Object) {
	if o.Kind.Value != "" && e.values[o][o.Kind.Value] == nil {
		delete(e.in, o)
	}
}

func (e *selection) judgeObject(o *schema.Object) {
	if o.Kind.Form == schema.FormList {
		if why := e.refusedItem(o); why != "" {
			e.leave(o, "", why)
			delete(e.in, o)
			return
		}
	}
	for _, f := range importable(o.Kind, o) {
		if _, shown := o.Values[f.Name]; !shown {
			continue // the server does not show it, so nothing is known of it
		}
		v := e.cell(f, o)
		if why := cmp.Or(v.refused, e.unsayable(o, f)); why != "" {
			if f.Required || f.Decide {
				why += "; to make it elsewhere, state it"
			}
			e.leave(o, f.Name, why)
			continue
		}
		e.values[o][f.Name] = v
	}
	e.judgeAside(o)
}

// judgeAside names what is not compared, and would be lost in a copy.
func (e *selection) judgeAside(o *schema.Object) {
	if why := renamedFile(o); why != "" {
		e.out.Left = append(e.out.Left, schema.Problem{Address: o.Address(), Message: why, Warning: schema.WarnLeftOut})
	}
	for _, f := range o.Kind.Fields {
		if why := o.Odd[f.Name]; why != "" {
			e.leave(o, f.Name, why)
		}
		if v, shown := o.State[f.Name]; shown && v == nil {
			e.leave(o, f.Name, "the server shows it in a form that this version cannot read")
		}
	}
}

// cell writes a value, once for all objects that have it.
func (e *selection) cell(f *schema.Field, o *schema.Object) *cell {
	v := f.Short(o.Values[f.Name], e.live.Prefix)
	name := canonical(v)
	if have := e.cells[f][name]; have != nil {
		return have
	}
	if e.cells[f] == nil {
		e.cells[f] = map[string]*cell{}
	}
	c := &cell{text: name, null: v == nil}
	e.cells[f][name] = c
	if f.Refers && v != nil {
		c.node, c.refused = e.referring(f, v)
	} else {
		c.node, c.refused = e.plain(o.Kind, f, v)
	}
	switch {
	case c.refused != "":
	case f.Refers && !f.OrText && v != nil:
		c.refused = file.Refusal(c.node)
	default:
		c.refused = e.refused(o.Kind, f, c.node, v)
	}
	return c
}

// referring writes a value with references in it, and says why no file can hold one, or "".
func (e *selection) referring(f *schema.Field, v any) (*yaml.Node, string) {
	refused := ""
	n := written(f, f.MapRefs(v, func(f *schema.Field, v any) any {
		n, why := e.reference(f, v)
		refused = cmp.Or(refused, why)
		return n
	}))
	if refused != "" {
		return nil, refused
	}
	return n, ""
}

// canonical is a text that differs where values do.
func canonical(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool, int64:
		return fmt.Sprint(v)
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%#v", v)
	}
	return string(data)
}

// reference writes a reference in the first form that names its object alone.
func (e *selection) reference(f *schema.Field, v any) (*yaml.Node, string) {
	target := e.target(f, v)
	switch {
	case f.OrText && (target == nil || !e.in[target]):
		return written(f, v), ""
	case target == nil:
		return nil, fmt.Sprintf("it refers to %s %s, which the tenant does not list", wording.Article(f.Ref.Word)+" "+f.Ref.Word, canonical(v))
	case e.in[target]:
		return text(target.Key), ""
	case f.In != nil:
		return nil, "it refers to " + target.Address() + ", which is left out too"
	}
	form := "live"
	if target.Shared {
		form = "dealer"
	}
	own := mapping(text(form), text(target.NaturalKey()))
	if !e.names.alone(target) || file.Refusal(own) != "" || f.RefBy != "" {
		own = mapping(text(reserved.ID), bare("!!int", fmt.Sprint(target.ID)))
	}
	own.Style = yaml.FlowStyle
	return own, ""
}

// target returns the object to which a reference in normal form leads, or nil.
func (e *selection) target(f *schema.Field, v any) *schema.Object {
	r := schema.RefOf(v)
	if r.Key != "" {
		return e.live.Find(f.Ref, r.Key)
	}
	return e.names.target(f.Ref, r)
}

// writable returns the fields that files state and that can be read back, but for the
// key, the content of files and what nobody looked at, in the order in which people should
// meet them.
func importable(k *schema.Kind, o *schema.Object) []*schema.Field {
	return slices.DeleteFunc(slices.Clone(k.Fields), func(f *schema.Field) bool {
		return !f.Comparable() || !o.Looked(f) || f.Apart || k.IsKey(f) || f.Idle(o.Values)
	})
}

// refused reads a value back as it would stand in a file, and says why that fails, or "".
func (e *selection) refused(k *schema.Kind, f *schema.Field, n *yaml.Node, v any) string {
	if why := file.Refusal(n); why != "" {
		return why
	}
	if schema.Hidden(f.Recorded(v)) {
		return "it has a URL with a user name or password"
	}
	read, why := file.Reread(e.catalogue, k, f, text(f.Name), n)
	if why == "" && !schema.Equal(read, v) {
		return "it would be read as another value"
	}
	return why
}

// refusedItem does the same for an item of a list, which is judged as a whole.
func (e *selection) refusedItem(o *schema.Object) string {
	n := mapping()
	for _, f := range o.Kind.KeyFields() {
		n.Content = append(n.Content, text(f.Name), written(f, o.Values[f.Name]))
	}
	if why := file.Refusal(n); why != "" {
		return why
	}
	for _, f := range o.Kind.KeyFields() {
		if schema.Hidden(f.Recorded(o.Values[f.Name])) {
			return f.Name + " has a user name or password"
		}
	}
	return file.RereadItem(e.catalogue, o.Kind, o.Key, n)
}
