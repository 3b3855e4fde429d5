package file

import (
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
	"pbxsync/schema/wording"
)

// finish does what needs all files: defaults, references, names that may be
// there only once.
func (d *folder) finish() {
	d.checkForeign() // before defaults are repeated at each object
	d.stated(func(o *schema.Object, subject string) { d.problems = append(d.problems, urlWarnings(o, subject)...) })
	d.checkAlike()
	d.applyDefaults()
	d.checkBeside()
	d.checkKinds()
	d.checkParents()
	d.checkRefs()
	d.checkIDs()
	d.checkNames()
	d.checkUnique()
	d.checkLengths()
	d.checkRules()
	d.checkBundles()
	d.foldLosses()
}

// defaultsOf reads the defaults of one kind.
func (d *decoder) defaultsOf(k, v *yaml.Node) {
	kind := d.c.Kind(k.Value)
	switch {
	case kind == nil || len(kind.Section) == 0:
		d.unknownKind(k, reserved.Defaults)
		return
	}
	o := &schema.Object{Kind: kind, Place: d.place(k), Values: map[string]any{}, Places: map[string]schema.Place{}}
	d.subject = reserved.Defaults + "." + kind.Word
	defer func() { d.subject = "" }()
	plain := map[string]any{}
	d.pairs(v, "fields", func(k, v *yaml.Node) {
		f := kind.Field(k.Value)
		switch {
		case k.Value == reserved.OnCreate:
			d.onCreate(o, v)
		case f == nil:
			d.unknownField(kind, k)
		case kind.IsKey(f):
			d.fail(k, "delete the line", "%s is the key of %s and has no default", f.Name, wording.Article(kind.Word)+" "+kind.Word)
		case f.Apart:
			d.fail(k, "state it at each object", "%s is the content of one %s and has no default", f.Name, kind.Word)
		case d.writable(o, f, k):
			d.field(o, plain, f, k, v)
		}
	})
	d.validate(o, plain, v)
	d.defaults[kind] = o
}

func (d *folder) applyDefaults() {
	for _, o := range d.tenant.Objects {
		if def := d.defaults[o.Kind]; def != nil && !o.Absent {
			fillIn(def, o)
		}
	}
	for _, o := range slices.Clone(d.tenant.Objects) {
		d.addImplicit(o)
	}
}

func fillIn(def *schema.Object, o *schema.Object) {
	for name, v := range def.Values {
		if _, stated := o.Values[name]; !stated {
			o.Values[name], o.Places[name] = v, def.Places[name]
		}
	}
	for name, v := range def.Once {
		if _, stated := o.Once[name]; !stated {
			if o.Once == nil {
				o.Once = map[string]any{}
			}
			o.Once[name] = v
		}
	}
	for name, ref := range def.Secrets {
		if _, stated := o.Secrets[name]; !stated {
			if o.Secrets == nil {
				o.Secrets = map[string]schema.SecretRef{}
			}
			o.Secrets[name] = ref
		}
	}
}

// addImplicit declares the children that exist with their parent and have defaults.
func (d *folder) addImplicit(parent *schema.Object) {
	if parent.Absent {
		return
	}
	for _, kind := range parent.Kind.Children {
		def := d.defaults[kind]
		if def == nil || !kind.Implicit() || parent.Misfit(kind) != "" || !states(parent, kind.When) {
			continue
		}
		child := &schema.Object{Kind: kind, Parent: parent, Place: parent.Place, Values: map[string]any{}, Places: map[string]schema.Place{}}
		if d.tenant.Object(child.Address()) != nil {
			continue
		}
		fillIn(def, child)
		if parent.Manages == nil {
			parent.Manages = map[*schema.Kind]schema.Place{}
		}
		parent.Manages[kind] = def.Place
		d.tenant.Add(child)
		d.addImplicit(child)
	}
}

// states reports whether the object states all the values.
func states(o *schema.Object, when map[string]schema.OneOf) bool {
	for name := range when {
		if _, ok := o.Values[name]; !ok {
			return false
		}
	}
	return true
}

// checkKinds makes sure that prune: and unmanaged: name kinds that the files manage.
func (d *folder) checkKinds() {
	for _, use := range d.kinds {
		if d.tenant.Manages(use.kind, nil) || d.lost(use.kind, "") != nil {
			continue
		}
		d.failAt(use.at, fmt.Sprintf("write %s: {} where the files declare none", use.kind.YAML()), "%s is not in these files, so it has no strays", use.word)
	}
}

// checkParents finds children that their parent's values forbid, and children of
// what is to be deleted.
func (d *folder) checkParents() {
	for _, o := range d.tenant.Objects {
		d.checkFits(o)
		if o.Parent != nil && o.Parent.Absent {
			d.failAt(o.Place, "delete the block, or absent: true above it", "%s is absent and still has a %s", o.Parent.Address(), o.Kind.Section[0])
		}
	}
}

// checkFits finds blocks of children that the object's values forbid, empty ones too.
func (d *folder) checkFits(o *schema.Object) {
	for _, k := range o.Kind.Children {
		at, written := o.Manages[k]
		if name := o.Misfit(k); written && name != "" {
			d.failAt(at, fmt.Sprintf("delete the %s block, or write %s: %s", k.Section[0], name, k.When[name]),
				"%s has %s %v, and only %s has %s %s", o.Address(), name, o.Values[name], k.When[name], wording.Article(k.Word), k.Word)
		}
	}
}

// checkRefs makes sure that each bare key is an object that stays.
func (d *folder) checkRefs() {
	keys, named := &keysOf{objects: d.tenant.Objects}, map[nameOf]*schema.Object{}
	for _, o := range d.tenant.Objects {
		if at := (nameOf{o.Kind, o.Name}); o.Name != "" && named[at] == nil {
			named[at] = o
		}
	}
	for _, r := range d.refs {
		target := d.target(r)
		from := ""
		if r.from.Kind != nil && r.from != d.defaults[r.from.Kind] {
			from = r.from.Address() + ": "
		}
		switch {
		case target == nil && r.field.In != nil:
			d.failAt(r.at, missingThere(r, keys), "%s%s: no %s %q below %s in these files", from, r.field.Name, r.field.Ref.Word, r.said, r.from.Under(r.field.In).Address())
		case target == nil && r.field.OrText:
			refuseText(d, r, from, named)
		case target == nil && d.miss(r):
		case target == nil:
			d.failAt(r.at, missing(r, keys), "%s%s: no %s %q in these files", from, r.field.Name, r.field.Ref.Word, r.key)
		case target.Absent:
			d.failAt(r.at, letGo(r), "%s%s: %s is to be deleted (%s)", from, r.field.Name, target.Address(), target.Place)
		}
	}
}

// letGo says how a reference to something that is to be deleted can be let go.
func letGo(r reference) string {
	switch {
	case r.field.CreateOnly:
		return "it cannot be changed; delete this one too (absent: true)"
	case r.field.Nullable:
		return "give it another one, or null"
	}
	return "give it another one"
}

// keysOf is what the declared objects are called, indexed when somebody has to be told.
type keysOf struct {
	objects []*schema.Object
	names   map[below]*wording.Names
}

// below is the objects of a kind, or those of them that stand below one parent.
type below struct {
	kind   *schema.Kind
	parent *schema.Object
}

func (k *keysOf) of(at below) *wording.Names {
	if k.names == nil {
		all := map[below][]string{}
		for _, o := range k.objects {
			all[below{o.Kind, nil}] = append(all[below{o.Kind, nil}], o.Key)
			if o.Parent != nil {
				all[below{o.Kind, o.Parent}] = append(all[below{o.Kind, o.Parent}], o.Key)
			}
		}
		k.names = map[below]*wording.Names{}
		for at, keys := range all {
			k.names[at] = wording.NamesOf(keys)
		}
	}
	if k.names[at] == nil {
		k.names[at] = wording.NamesOf(nil)
	}
	return k.names[at]
}

// missingThere is the way out where a key of what stands below a parent is none.
func missingThere(r reference, keys *keysOf) string {
	above := r.from.Under(r.field.In)
	if hint := keys.of(below{r.field.Ref, above}).DidYouMean(r.said); hint != "" {
		return hint
	}
	return fmt.Sprintf("declare it under %s: at %s", r.field.Ref.Section[0], above.Address())
}

func missing(r reference, keys *keysOf) string {
	kind := r.field.Ref
	if hint := KeyHint(kind, r.key); hint != "" {
		return hint
	}
	if hint := keys.of(below{kind: kind}).DidYouMean(r.key); hint != "" {
		return hint
	}
	if hint := bundleHint(r); hint != "" {
		return hint
	}
	return fmt.Sprintf("declare it under %s, or write %s", kind.YAML(), schema.OutsideHint(kind, r.key))
}

// checkIDs finds two objects of one list that have one id.
func (d *folder) checkIDs() {
	type listed struct {
		kind   *schema.Kind
		parent *schema.Object
		id     int64
	}
	first := map[listed]*schema.Object{}
	for _, o := range d.tenant.Objects {
		if o.ID == 0 {
			continue
		}
		id := listed{o.Kind, o.Parent, o.ID}
		if other := first[id]; other != nil {
			d.failAt(o.PlaceOf(reserved.ID), "an id is that of one object; delete one of the two", "%s and %s (%s) have the id %d", o.Address(), other.Address(), other.PlaceOf(reserved.ID), o.ID)
			continue
		}
		first[id] = o
	}
}

// checkNames finds two objects of a kind with one name in the tenant.
func (d *folder) checkNames() {
	type name struct {
		kind *schema.Kind
		text string
		id   int64
	}
	first := map[name]*schema.Object{}
	for _, o := range d.tenant.Objects {
		if o.Kind.Form != schema.FormMap || o.Parent != nil || o.Kind.Key[0].Field.Unique != "" {
			continue
		}
		n := name{o.Kind, o.NaturalKey(), o.ID}
		if other := first[n]; other != nil && o.ID != 0 {
			continue // see checkIDs
		} else if other != nil {
			d.failAt(o.Place, twoOrOne(o, other), "%s and %s (%s) are both called %q", o.Address(), other.Address(), other.Place, n.text)
			continue
		}
		first[n] = o
	}
}

// twoOrOne is the way out where two objects have one name and no id.
func twoOrOne(o, other *schema.Object) string {
	if o.Name == "" {
		o = other // the one whose key is a handle
	}
	return fmt.Sprintf("delete %s: at %s to have it made as %q; or, if the tenant has both, write the id: of each", o.Kind.Key[0].Field.Name, o.Address(), o.Key)
}

// claim is a value in a name space.
type claim struct{ space, value string }

// checkUnique finds values that a name space may hold only once.
func (d *folder) checkUnique() {
	first := map[claim]*schema.Object{}
	for _, o := range d.tenant.Objects {
		if o.Absent {
			continue
		}
		for _, f := range o.Kind.Fields {
			if f.Unique == "" || o.ValueOf(f) == nil {
				continue
			}
			c := claim{f.Unique, fmt.Sprint(o.ValueOf(f))}
			if other := first[c]; other != nil && other.Address() != o.Address() {
				d.failAt(o.Place, "one of them needs another "+f.Name, "%s %q is already taken by %s (%s)", f.Name, c.value, other.Address(), other.Place)
				continue
			}
			first[c] = o
		}
	}
}
