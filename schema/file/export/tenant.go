package export

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/natural"
	"pbxsync/schema/reserved"
	"pbxsync/schema/wording"
)

// Options say how a live tenant is written as files.
type Options struct {
	Sparse bool                    // leave out what the server would choose itself
	Part   map[*schema.Object]bool // the objects to write; nil: all
	Schema string                  // where an editor finds the JSON Schema of tenant files, "" to say nothing
	Missed []Missed                // what could not be read, so that files say nothing of it
	// NoContent says of objects why the content of their file cannot stand beside the files.
	NoContent map[*schema.Object]string
}

// Missed is a kind of which nothing is known, in the tenant or at one parent, since it
// could not be read.
type Missed struct {
	Kind   *schema.Kind
	Parent *schema.Object // nil: of the tenant
}

// Exported is a live tenant as files.
type Exported struct {
	Files   []file.File          // sorted by name; the first words for the whole folder stand in tenant.yaml
	Left    schema.Problems      // what no file can say: the object, the field, and why
	Objects map[*schema.Kind]int // how many of each kind are written
	Doubled int                  // objects that share their name with another one
	Unnamed int                  // objects that have no name, and a handle in its place
	Pinned  map[string]int       // how many objects of kinds that the API does not list have an id, by kind
	Secrets map[string]int       // how many objects have a secret that is not written, by kind and field
}

// Tenant writes the own objects of a live tenant, whose references are resolved and
// whose names are told apart by Handles, as people would write them.
func Tenant(c *schema.Catalogue, t *schema.Tenant, o Options) (*Exported, error) {
	e := newExporter(c, t, o)
	e.choose()
	e.judge()
	e.chooseDefaults()
	err := e.files()
	slices.SortStableFunc(e.out.Left, func(a, b schema.Problem) int {
		return cmp.Or(natural.Compare(a.Address, b.Address), cmp.Compare(a.Message, b.Message))
	})
	return e.out, err
}

func newExporter(c *schema.Catalogue, t *schema.Tenant, o Options) *exporter {
	return &exporter{selection{live: t, names: indexOf(t), catalogue: c, options: o, below: map[*schema.Object][]*schema.Object{}, top: map[*schema.Kind][]*schema.Object{},
		in: map[*schema.Object]bool{}, cells: map[*schema.Field]map[string]*cell{},
		values: map[*schema.Object]map[string]*cell{}, defaults: map[*schema.Kind]map[string]*cell{}, claims: map[unique]*schema.Object{},
		out: &Exported{Objects: map[*schema.Kind]int{}, Secrets: map[string]int{}, Pinned: map[string]int{}}}}
}

// exporter writes what was selected.
type exporter struct{ selection }

// selection is what of a tenant stands in the files: which objects, which of their values,
// and what holds by default.
type selection struct {
	live      *schema.Tenant
	names     *index
	catalogue *schema.Catalogue
	options   Options
	top       map[*schema.Kind][]*schema.Object   // by natural order of keys
	below     map[*schema.Object][]*schema.Object // children, likewise
	in        map[*schema.Object]bool             // is written
	cells     map[*schema.Field]map[string]*cell
	values    map[*schema.Object]map[string]*cell
	defaults  map[*schema.Kind]map[string]*cell
	claims    map[unique]*schema.Object
	out       *Exported
}

// leave notes what no file can say.
func (e *selection) leave(o *schema.Object, field, why string) {
	message := "is left out: " + why
	if field != "" {
		message = field + " " + message
	}
	e.out.Left = append(e.out.Left, schema.Problem{Address: o.Address(), Message: message, Warning: schema.WarnLeftOut})
}

// choose takes the objects that files can name.
func (e *selection) choose() {
	for _, o := range e.live.Objects {
		if o.Shared || !o.Kind.Managed() || e.options.Part != nil && !e.options.Part[o] || o.Parent != nil && !e.in[o.Parent] {
			continue
		}
		if why := e.unnamable(o); why != "" {
			e.leave(o, "", why)
			continue
		}
		if why := e.claim(o); why != "" {
			e.leave(o, "", why)
			continue
		}
		if e.names.doubled(o) {
			e.out.Doubled++
		}
		if why := e.options.NoContent[o]; why != "" {
			e.leave(o, contentField(o), why)
		}
		e.in[o] = true
		if o.Parent != nil {
			e.below[o.Parent] = append(e.below[o.Parent], o)
		} else {
			e.top[o.Kind] = append(e.top[o.Kind], o)
		}
	}
	byKey := func(a, b *schema.Object) int { return natural.Compare(a.Key, b.Key) }
	for _, objects := range e.top {
		slices.SortFunc(objects, byKey)
	}
	for _, objects := range e.below {
		slices.SortFunc(objects, byKey)
	}
}

// unique is a value that a name space holds once.
type unique struct{ space, value string }

// claim takes the unique values of an object. It says which one another object has,
// so that files could not hold both, or "".
func (e *selection) claim(o *schema.Object) string {
	for _, f := range o.Kind.Fields {
		if f.Unique == "" || o.ValueOf(f) == nil {
			continue
		}
		c := unique{f.Unique, fmt.Sprint(o.ValueOf(f))}
		if other := e.claims[c]; other != nil {
			return fmt.Sprintf("its %s is also that of %s, and files may say it once", f.Name, other.Address())
		}
		e.claims[c] = o
	}
	return ""
}

// unnamable says why the key of an object cannot stand in a file, or "".
func (e *selection) unnamable(o *schema.Object) string {
	switch {
	case o.Kind.Form != schema.FormMap:
		return ""
	case e.names.doubled(o) && o.Kind.Value != "":
		return "the tenant has several of this name, and one line cannot tell which"
	}
	return Unnamable(o)
}

// Unnamable says why no file can hold the name of an object, or "".
func Unnamable(o *schema.Object) string {
	if why := file.Refusal(text(o.NaturalKey())); why != "" {
		return why
	}
	if key := o.NaturalKey(); o.Kind.Form == schema.FormMap && schema.HideUserinfo(key) != key {
		return "its name has a URL with a user name or password"
	}
	return file.KeyHint(o.Kind, o.NaturalKey())
}

// object writes what stands at an object, beyond what holds by default.
func (e *exporter) object(o *schema.Object) *yaml.Node {
	e.out.Objects[o.Kind]++
	k := o.Kind
	if k.Value != "" {
		return e.values[o][k.Value].node
	}
	n := mapping()
	put := func(name string, v *yaml.Node) { n.Content = append(n.Content, text(name), v) }
	if e.names.doubled(o) && o.NaturalKey() != o.Key && k.Form == schema.FormMap {
		put(k.Key[0].Field.Name, text(o.NaturalKey()))
	}
	if k.Form == schema.FormList {
		for _, f := range k.KeyFields() {
			put(f.Name, written(f, o.Values[f.Name]))
		}
	}
	unlisted := k.Behaviour == schema.KnownFromRecords
	if unlisted {
		e.out.Pinned[k.Word]++
	}
	if o.Unnamed {
		e.out.Unnamed++
	}
	if e.names.doubled(o) || o.Unnamed || unlisted {
		put(reserved.ID, bare("!!int", fmt.Sprint(o.ID)))
	}
	if name := contentName(o); name != "" {
		put(contentField(o), text(name))
	}
	for _, f := range importable(k, o) {
		if v := e.values[o][f.Name]; v != nil && !e.implied(f, v, e.defaults[k][f.Name]) {
			put(f.Name, v.node)
		}
	}
	if once := e.beginning(o); once != nil {
		put(reserved.OnCreate, once)
	}
	e.countSecrets(o)
	for _, child := range k.Children {
		if v := e.children(o, child); v != nil {
			put(child.Section[0], v)
		}
	}
	return short(n, 70)
}

// beginning writes how a copy of the object has to begin to be like it: where what acts
// once is not what the server would choose.
func (e *exporter) beginning(o *schema.Object) *yaml.Node {
	n := mapping()
	n.Style = yaml.FlowStyle
	for _, f := range o.Kind.Fields {
		if v, shown := o.State[f.Name]; shown && v != nil && !(f.HasDefault && v == f.Default) {
			n.Content = append(n.Content, text(f.Name), written(f, v))
		}
	}
	if len(n.Content) == 0 {
		return nil
	}
	return n
}

func (e *exporter) countSecrets(o *schema.Object) {
	for _, f := range o.Kind.Fields {
		if f.Secret() && f.InCreate() {
			e.out.Secrets[o.Kind.Word+" "+f.Name]++
		}
	}
}

// children writes the children of one kind, or nil where nothing has to be said.
func (e *exporter) children(parent *schema.Object, k *schema.Kind) *yaml.Node {
	if !k.Managed() || parent.Misfit(k) != "" || slices.Contains(e.options.Missed, Missed{k, parent}) {
		return nil
	}
	var own []*schema.Object
	for _, o := range e.below[parent] {
		if o.Kind == k {
			own = append(own, o)
		}
	}
	own = slices.DeleteFunc(own, (*schema.Object).Blank)
	if k.Sparse && len(own) == 0 {
		return nil
	}
	if k.Singleton() {
		if len(own) == 0 || k.Value != "" && e.values[own[0]][k.Value] == nil {
			return nil
		}
		n := e.object(own[0])
		if len(n.Content) == 0 && len(e.defaults[k]) > 0 {
			return nil // its defaults declare it
		}
		return n
	}
	return e.entries(k, own)
}

// entries writes objects of a kind as a map or a list.
func (e *exporter) entries(k *schema.Kind, objects []*schema.Object) *yaml.Node {
	if k.Form == schema.FormList {
		n := sequence()
		for _, o := range objects {
			n.Content = append(n.Content, short(e.object(o), 120))
		}
		return n
	}
	n := mapping()
	for _, o := range objects {
		n.Content = append(n.Content, text(o.Key), e.object(o))
	}
	return n
}

// secretsNote says of a kind how its secrets are written, or "".
func secretsNote(k *schema.Kind) string {
	var lines []string
	for _, f := range k.Fields {
		if f.Secret() && f.InCreate() {
			lines = append(lines, fmt.Sprintf("%s is not exported. To make %s %s elsewhere, write %s: {env: NAME} or %s: {file: PATH, key: KEY}.",
				f.Name, wording.Article(k.Word), strings.ReplaceAll(k.Word, "_", " "), f.Name, f.Name))
		}
	}
	return strings.Join(lines, "\n")
}
