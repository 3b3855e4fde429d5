package schema

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"pbxsync/schema/risk"
)

//go:embed kinds
var kindFiles embed.FS

// Catalogue holds every kind, sorted by word.
type Catalogue struct {
	Kinds   []*Kind
	Unknown []string          // resources of the API that no kind stands for: what x-unread names
	answers map[string]string // to words that are no section of their own

	byWord map[string]*Kind
	raws   []*rawKind
	served bool // see Served
}

// Kind returns the kind with the address word, or nil.
func (c *Catalogue) Kind(word string) *Kind { return c.byWord[word] }

// Top returns the managed kinds that stand at the top of a tenant file.
func (c *Catalogue) Top() []*Kind {
	var top []*Kind
	for _, k := range c.Kinds {
		if len(k.Section) > 0 && len(k.Parents) == 0 {
			top = append(top, k)
		}
	}
	return top
}

// Builtin returns the catalogue of the kinds that the program ships.
var Builtin = sync.OnceValue(func() *Catalogue {
	sub, err := fs.Sub(kindFiles, "kinds")
	if err != nil {
		panic(err)
	}
	c, err := newCatalogue(builtinRaws, sub)
	if err != nil {
		panic(err) // a test loads it, so a release cannot get here
	}
	return c
})

// builtinRaws returns the kinds that the program ships: compiled, or from their files where
// one of these was changed since, so that nobody has to compile anything to try a change.
func builtinRaws(dir fs.FS) ([]*rawKind, error) {
	if digest, err := digestOf(dir); err == nil && digest == compiledFrom {
		return compiled, nil
	}
	return parseKinds(dir)
}

// digestOf is the digest of the files of kinds in a directory.
func digestOf(dir fs.FS) (string, error) {
	names, err := fs.Glob(dir, "*.yaml")
	h := sha256.New()
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n", name, len(data))
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil)), err
}

// Load reads a catalogue: each *.yaml in dirs is one kind. A later directory may
// add kinds to an earlier one.
func Load(dirs ...fs.FS) (*Catalogue, error) { return newCatalogue(parseKinds, dirs...) }

func newCatalogue(read func(fs.FS) ([]*rawKind, error), dirs ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{byWord: map[string]*Kind{}, answers: map[string]string{}}
	var raws []*rawKind
	for _, dir := range dirs {
		more, err := read(dir)
		if err != nil {
			return nil, err
		}
		raws = append(raws, more...)
		if data, err := fs.ReadFile(dir, "words.txt"); err == nil {
			c.addAnswers(string(data))
		}
	}
	if err := c.build(raws); err != nil {
		return nil, err
	}
	return c, nil
}

// With returns the catalogue with the kinds of a further directory. One whose path
// another has already, or whose parent is missing, is left out.
func (c *Catalogue) With(dir fs.FS) (*Catalogue, error) {
	raws, taken := slices.Clone(c.raws), map[string]bool{}
	for _, raw := range raws {
		taken[raw.Item], taken[raw.Collection] = true, true
	}
	more, err := parseKinds(dir)
	if err != nil {
		return nil, err
	}
	for _, raw := range more {
		orphan := slices.ContainsFunc(raw.Parents, func(word string) bool { return c.byWord[word] == nil })
		if !orphan && (raw.Item == "" || !taken[raw.Item]) && (raw.Collection == "" || !taken[raw.Collection]) {
			raws = append(raws, raw)
		}
	}
	all := &Catalogue{byWord: map[string]*Kind{}, answers: c.answers}
	return all, all.build(raws)
}

// build links the kinds with each other once all are known.
func (c *Catalogue) build(raws []*rawKind) error {
	c.raws = raws
	for _, r := range raws {
		if c.byWord[r.Kind] != nil {
			return fmt.Errorf("%s: kind %q is given twice", r.file, r.Kind)
		}
		k := &Kind{Word: r.Kind}
		c.byWord[r.Kind] = k
		c.Kinds = append(c.Kinds, k)
	}
	slices.SortFunc(c.Kinds, func(a, b *Kind) int { return strings.Compare(a.Word, b.Word) })
	for _, r := range raws {
		if err := c.fill(c.byWord[r.Kind], r); err != nil {
			return r.wrong(err)
		}
	}
	for _, r := range raws {
		if err := c.fillGuards(c.byWord[r.Kind], r); err != nil {
			return r.wrong(err)
		}
		if err := c.fillUnread(c.byWord[r.Kind], r); err != nil {
			return r.wrong(err)
		}
	}
	if err := c.fillAllRoutes(raws); err != nil {
		return err
	}
	for _, k := range c.Kinds {
		for _, p := range k.Parents {
			p.Children = append(p.Children, k)
		}
	}
	return nil
}

func (c *Catalogue) fill(k *Kind, r *rawKind) error {
	k.Title, k.Description = r.Title, r.Description
	k.Form, k.Value, k.When, k.Sparse = r.Form, r.Value, r.When, r.Sparse
	if k.Form == "" {
		k.Form = FormMap
	}
	if r.YAML != "" {
		k.Section = strings.Split(r.YAML, ".")
	}
	k.Owner = Owner(r.Owner)
	fillTenant(k, r)
	k.Collection, k.Item, k.Verbs, k.Pages, k.ListAsMap, k.Nameless = r.Collection, r.Item, r.Verbs, r.Pages, r.ListAsMap, r.Nameless
	k.Order = r.Order
	k.Loses, k.Stray = r.Loses, r.Stray
	k.First, k.Also, k.HoldsLimits, k.DeleteAll = r.First, r.Also, r.Limits, r.DeleteAll
	k.HintCreate, k.HintDelete = r.Hint.Create, r.Hint.Delete
	k.Behaviour = r.Behaviour.Name
	for _, word := range r.Parents {
		p := c.byWord[word]
		if p == nil {
			return fmt.Errorf("x-parent %q is no kind", word)
		}
		k.Parents = append(k.Parents, p)
	}
	var err error
	if k.Risks, err = risk.Of(r.Risk.Value, true); err != nil {
		return err
	}
	if k.Fields, k.byName, err = c.fields(&r.rawField); err != nil {
		return err
	}
	if err := c.fillLimit(k, r); err != nil {
		return err
	}
	if err := fillBehaviour(k, r); err != nil {
		return err
	}
	k.Filters = r.Filters
	k.DeleteQuery = deleteParams(r.DeleteQuery)
	if err := fillKey(k, r.Key); err != nil {
		return err
	}
	return fillIDs(k, r)
}

func fillKey(k *Kind, parts []string) error {
	for _, name := range parts {
		optional := strings.HasPrefix(name, "@")
		f := fieldByAPI(k, strings.TrimPrefix(name, "@"))
		if f == nil {
			return fmt.Errorf("x-key: %q is no property", name)
		}
		k.Key = append(k.Key, KeyPart{Field: f, Optional: optional})
	}
	return nil
}

func fieldByAPI(k *Kind, name string) *Field {
	for _, f := range k.Fields {
		if f.API == name {
			return f
		}
	}
	return nil
}

// fields reads the properties of an object in the order of the file.
func (c *Catalogue) fields(parent *rawField) ([]*Field, map[string]*Field, error) {
	var out []*Field
	byName := map[string]*Field{}
	for i := range parent.Properties {
		p := &parent.Properties[i]
		f, err := c.field(p.Name, &p.rawField)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		f.Required = slices.Contains(parent.Required, p.Name)
		out, byName[f.Name] = append(out, f), f
	}
	return out, byName, nil
}

func (c *Catalogue) field(name string, r *rawField) (*Field, error) {
	f := &Field{Name: name, API: name, Answer: name, Enum: r.Enum, Format: r.Format,
		Minimum: r.Minimum, Maximum: r.Maximum, Description: r.Description,
		ReadOnly: r.ReadOnly, WriteOnly: r.WriteOnly, Decide: r.Decide, CreateOnly: r.CreateOnly,
		Once: r.Once, Always: r.Always, Prefixed: r.Prefixed, Set: r.Set, Unset: r.Unset,
		Unique: r.Unique, RefBy: r.RefBy, OrText: r.OrText, Length: r.Length, Counts: r.Counts, RoutesTo: r.RoutesTo, Overrides: r.Overrides, With: r.With, Pairs: r.Pairs, Admin: r.Admin, Shared: r.Shared, Personal: r.Personal, Mask: r.Mask,
		AnswerType: r.Answer.Type, Pick: r.Answer.Pick, Joined: r.Answer.Joined}
	if r.Answer.Name != "" {
		f.Answer = r.Answer.Name
	}
	f.Type, f.Nullable = r.Type.Name, r.Type.Nullable
	f.Default, f.HasDefault, f.Words = r.Default.Value, r.Default.Stated, r.Words
	if r.Ref != "" {
		if f.Ref = c.byWord[r.Ref]; f.Ref == nil {
			return nil, fmt.Errorf("x-ref %q is no kind", r.Ref)
		}
		f.Name = strings.TrimSuffix(name, "_id")
	}
	if r.RefIn != "" {
		if f.In = c.byWord[r.RefIn]; f.In == nil {
			return nil, fmt.Errorf("x-ref-in %q is no kind", r.RefIn)
		}
	}
	if r.NumberOf != "" {
		if f.NumberOf = c.byWord[r.NumberOf]; f.NumberOf == nil {
			return nil, fmt.Errorf("x-number-of %q is no kind", r.NumberOf)
		}
	}
	if f.OrText {
		f.NumberOf = f.Ref
	}
	var err error
	if f.Risks, err = risk.Of(r.Risk.Value, false); err != nil {
		return nil, err
	}
	return f, c.nested(f, r)
}

func (c *Catalogue) nested(f *Field, r *rawField) error {
	var err error
	if r.Items != nil {
		if f.Items, err = c.field("", r.Items); err != nil {
			return err
		}
		f.Items.Name = f.Name // messages about an item name its list
	}
	if r.Properties != nil {
		f.Fields, f.byName, err = c.fields(r)
	}
	f.Refers = f.Ref != nil || f.Items != nil && f.Items.Refers || slices.ContainsFunc(f.Fields, func(sub *Field) bool { return sub.Refers })
	return err
}

// Words returns the address words of the kinds that have a place in tenant files.
func (c *Catalogue) Words() []string {
	var words []string
	for _, k := range c.Kinds {
		if len(k.Section) > 0 {
			words = append(words, k.Word)
		}
	}
	return words
}
