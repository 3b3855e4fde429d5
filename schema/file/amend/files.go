package amend

import (
	"bytes"
	"fmt"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/file/edit"
	"pbxsync/schema/file/export"
)

// Files are the files of a tenant, which are going to say otherwise.
type Files struct {
	Problems schema.Problems // what cannot be written by position
	c        *schema.Catalogue
	prefix   string
	stated   *schema.Tenant // by the files, with the places
	files    []file.File
	docs     map[string]*edit.Document
	pieces   *export.Pieces
	blocks   map[*schema.Object]*yaml.Node // of children that only defaults have declared
}

// Open reads files again that were understood: stated is what they state.
func Open(c *schema.Catalogue, files []file.File, stated *schema.Tenant, live *schema.Tenant, pieces *export.Pieces) (*Files, error) {
	a := &Files{c: c, prefix: live.Prefix, stated: stated, files: files, docs: map[string]*edit.Document{}, pieces: pieces, blocks: map[*schema.Object]*yaml.Node{}}
	for _, f := range files {
		d, err := edit.Open(f)
		if err != nil {
			return nil, err
		}
		a.docs[f.Name] = d
	}
	return a, nil
}

// Changed returns the files that say something else now.
func (a *Files) Changed() []file.File {
	var out []file.File
	for _, f := range a.files {
		data, err := a.docs[f.Name].Bytes()
		if a.refused(err); err == nil && !bytes.Equal(data, f.Data) {
			out = append(out, file.File{Name: f.Name, Data: data})
		}
	}
	return out
}

func (a *Files) refused(err error) {
	if problems, ok := err.(schema.Problems); ok {
		a.Problems = append(a.Problems, problems...)
	} else if err != nil {
		a.Problems = append(a.Problems, schema.Problem{Message: err.Error()})
	}
}

// part returns where an object stands: its entry or item, or nil where it stands nowhere, as
// what is there with its parent.
func (a *Files) part(o *schema.Object) *edit.Part {
	d := a.docs[o.Place.File]
	if d == nil {
		return nil
	}
	if o.Kind.Form == schema.FormList {
		return d.Listed(o.Place)
	}
	p := d.Entered(o.Place)
	if p != nil && o.Kind.Singleton() && p.Key.Value != o.Kind.Section[len(o.Kind.Section)-1] {
		return nil // its parent stands there
	}
	return p
}

// Remove takes an object out with all that lies under it. What is out with its parent is so.
func (a *Files) Remove(o *schema.Object) {
	if p := a.part(o); p != nil {
		a.refused(p.Remove())
	}
}

// Field states the value that a field of a live object has at the declared one. It returns why
// no file can hold it, or "".
func (a *Files) Field(o, live *schema.Object, name string) string {
	f := o.Kind.Field(name)
	v, why := a.pieces.Value(live, f)
	if why != "" {
		return why
	}
	p := a.part(o)
	if p == nil {
		a.block(o, text(name), v)
		return ""
	}
	at := p.Value
	if o.Kind.Value != name || at.Kind == yaml.MappingNode && at.Entry(name) != nil {
		entry := at.Entry(name)
		if entry == nil {
			a.refused(at.Add(a.behind(o.Kind, at, f), text(name), v))
			return ""
		}
		at = entry.Value
	}
	a.merge(o.Kind, f, at, v)
	return ""
}

// behind returns the entry of an object behind which a field is added: the last of the fields
// that come before it, so that what lies under the object stays at its end.
func (a *Files) behind(k *schema.Kind, at *edit.Node, f *schema.Field) *edit.Part {
	var last *edit.Part
	for _, p := range at.Parts() {
		if k.Child(p.Key.Value) == nil {
			last = p
		}
	}
	return last
}

// block states a field of an object that stands in no file, below its parent.
func (a *Files) block(o *schema.Object, name, v *yaml.Node) {
	b := a.blocks[o]
	if b == nil {
		b = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Style: yaml.FlowStyle}
		a.blocks[o] = b
		if p := a.part(o.Parent); p != nil {
			a.refused(p.Value.Add(p.Value.Last(), text(o.Kind.Section[0]), b))
		} else {
			a.block(o.Parent, text(o.Kind.Section[0]), b)
		}
	}
	b.Content = append(b.Content, name, v)
}

// Add declares a live object with what lies under it, under a declared parent (nil: the
// tenant). It returns why no file can hold it, or "".
func (a *Files) Add(live, parent *schema.Object) string {
	key, value, why := a.pieces.Object(live)
	if why != "" {
		return why
	}
	in, section := a.section(live.Kind, parent)
	if in == nil {
		a.Problems = append(a.Problems, schema.Problem{Address: live.Address(), Message: "no file has a place for it", Hint: fmt.Sprintf("write %s: into one, and pull again", live.Kind.YAML())})
		return ""
	}
	switch list := live.Kind.Form == schema.FormList; {
	case section == nil && list:
		a.refused(in.Add(in.Last(), text(live.Kind.Section[0]), &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{value}}))
	case section == nil && live.Kind.Singleton():
		a.refused(in.Add(in.Last(), key, value))
	case section == nil:
		a.refused(in.Add(in.Last(), text(live.Kind.Section[0]), &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{key, value}}))
	case list:
		a.refused(section.Add(section.Last(), nil, value))
	default:
		a.refused(section.Add(section.Last(), key, value))
	}
	return ""
}

// section returns where objects of a kind stand under a parent, and what that stands in. There
// is no section yet where it is nil.
func (a *Files) section(k *schema.Kind, parent *schema.Object) (in, section *edit.Node) {
	if parent != nil {
		p := a.part(parent)
		if p == nil {
			return nil, nil
		}
		if e := p.Value.Entry(k.Section[0]); e != nil && !k.Singleton() {
			return p.Value, e.Value
		}
		return p.Value, nil
	}
	d := a.docs[a.home(k)]
	if d == nil {
		return nil, nil
	}
	in = d.Root()
	for _, name := range k.Section {
		e := in.Entry(name)
		if e == nil {
			return nil, nil
		}
		in = e.Value
	}
	return in, in
}

// home returns the file of a kind: where the last of its objects stands, or its empty section.
func (a *Files) home(k *schema.Kind) string {
	name := a.stated.Managed[k].File
	for _, o := range a.stated.Objects {
		if o.Kind == k {
			name = o.Place.File
		}
	}
	return name
}

// text is a word of files.
func text(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s} }
