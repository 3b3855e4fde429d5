package diff

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/wording"
)

// Compare returns what has to change so that live is what desired states. Live
// has to be matched and resolved against desired. It touches nothing that the
// files do not declare, except strays of kinds that they prune.
func Compare(desired *schema.Tenant, live *Live) *Result {
	c := &comparison{desired: desired, live: live, result: &Result{}, fields: map[*schema.Kind][]*schema.Field{}, hidden: map[*schema.Field]int{}}
	for _, o := range desired.Objects {
		c.object(o)
	}
	for _, o := range live.Objects {
		c.stray(o)
	}
	r := c.result
	slices.SortFunc(r.Changes, func(a, b *Change) int { return strings.Compare(a.Address(), b.Address()) })
	slices.SortFunc(r.Strays, func(a, b Stray) int { return strings.Compare(a.Object.Address(), b.Object.Address()) })
	slices.SortFunc(r.Stuck, func(a, b Stuck) int {
		return cmp.Or(strings.Compare(a.Address, b.Address), strings.Compare(a.Field, b.Field))
	})
	slices.SortFunc(r.Awaiting, func(a, b Awaiting) int {
		return cmp.Or(strings.Compare(a.Address, b.Address), strings.Compare(a.Field, b.Field))
	})
	slices.SortFunc(r.Missing, func(a, b Missing) int { return strings.Compare(a.Address, b.Address) })
	r.Hidden = c.listHidden()
	r.Problems = r.Problems.Sort()
	return r
}

type comparison struct {
	desired *schema.Tenant
	live    *Live
	result  *Result
	fields  map[*schema.Kind][]*schema.Field // see comparable
	hidden  map[*schema.Field]int            // objects whose answer lacks it
}

func (c *comparison) problem(p schema.Place, address, hint, message string, args ...any) {
	c.result.Problems = append(c.result.Problems, schema.Problem{Place: p, Address: address, Hint: hint, Message: fmt.Sprintf(message, args...)})
}

// ask reports what an apply needs and a comparison does not.
func (c *comparison) ask(p schema.Place, address, hint, message string, args ...any) {
	c.problem(p, address, hint, message, args...)
	c.result.Problems[len(c.result.Problems)-1].Asked = true
}

func (c *comparison) object(o *schema.Object) {
	live := c.live.Object(o.Address())
	if live != nil {
		c.leftovers(o)
	}
	switch {
	case o.Awaited && live == nil:
		c.result.Awaiting = append(c.result.Awaiting, Awaiting{Address: o.Address(), Place: o.Place})
	case o.Bare && live == nil && comes(o): // only what lies below it is stated
	case o.Bare && live == nil:
		c.ask(o.Place, o.Address(), fmt.Sprintf("add --only '%s'", o.Address()), "not in the tenant, and what was chosen refers to it")
	case o.Bare, c.live.Vague(o):
	case o.Absent && live != nil:
		c.result.Changes = append(c.result.Changes, absence(o, live))
	case o.Absent:
	case live != nil:
		c.compare(o, live)
	case o.Parent != nil && o.Kind.Implicit():
		c.implicit(o)
	case c.live.New && makesTenant(o):
		c.create(o)
	case c.live.New && o.Kind.Singleton():
		c.addImplicit(o, "new with the tenant")
	case !o.Kind.Has(schema.Create):
		c.result.Missing = append(c.result.Missing, Missing{o.Address(), o.Place})
		c.ask(o.Place, o.Address(), c.missingHint(o), "no such %s in this tenant, and the API cannot create one", o.Kind.Word)
	default:
		c.create(o)
		c.replace(o)
	}
}

// comes reports whether an object comes into being with one that is declared.
func comes(o *schema.Object) bool {
	for o.Bare && o.Kind.Implicit() {
		o = o.Parent
	}
	return !o.Bare
}

// missingHint says what to do about an object that is not there and cannot be made.
func (c *comparison) missingHint(o *schema.Object) string {
	if n := c.live.Nearest(o); n != "" {
		return fmt.Sprintf("did you mean %q?", n)
	}
	return "check the key, or delete the line; " + o.Kind.HintCreate
}

// absence is the delete of an object that is declared absent, or that a saved
// plan prunes.
func absence(o, live *schema.Object) *Change {
	if o.Pruned {
		return &Change{Action: Delete, Live: live, Why: "prune", Pruned: true}
	}
	return &Change{Action: Delete, Desired: o, Live: live, Why: "absent: true"}
}

func (c *comparison) compare(o, live *schema.Object) {
	c.cover(o, live)
	fs := c.reachable(o, c.withoutAwaited(o, c.namesMove(o, live, fields(o, live, c.live.Prefix))))
	ch := &Change{Action: Update, Desired: o, Live: live, Fields: fs, Why: c.reason(o, fs)}
	if !o.Kind.Singleton() && o.NaturalKey() != live.NaturalKey() {
		c.rename(ch)
	}
	if len(ch.Fields) == 0 && len(o.Resend) == 0 {
		return
	}
	for _, f := range fs {
		c.check(o, f)
	}
	if len(ch.Fields) == 0 {
		ch.Why = strings.Join(slices.Sorted(maps.Keys(o.Resend)), ", ") + " to be sent again"
	}
	c.result.Changes = append(c.result.Changes, ch)
}

// check refuses what no update can do.
func (c *comparison) check(o *schema.Object, f Field) {
	if o.Kind.Field(f.Name).CreateOnly {
		c.ask(f.Place, o.Address(), createOnlyHint(o, f),
			"%s is %s in the tenant and %s in the files, and only create may set it", f.Name, wording.Value(f.Old), wording.Value(f.New))
	}
}

// implicit handles what comes into being with its parent.
func (c *comparison) implicit(o *schema.Object) {
	parent := c.live.Object(o.Parent.Address())
	if parent != nil {
		if name := parent.Misfit(o.Kind); name != "" {
			c.ask(o.Place, o.Address(), "delete the block", "%s has %s %s in the tenant, and only %s has %s %s",
				o.Parent.Address(), name, wording.Value(parent.Values[name]), o.Kind.When[name], wording.Article(o.Kind.Word), o.Kind.Word)
		}
		return
	}
	c.addImplicit(o, "new with its "+o.Parent.Kind.Word)
}

// addImplicit changes an object that comes into being by itself.
func (c *comparison) addImplicit(o *schema.Object, why string) {
	ch := &Change{Action: Update, Desired: o, Why: why, Unstated: unstated(o)}
	ch.Fields = slices.DeleteFunc(c.stated(o), func(f Field) bool { return f.New == nil && !o.Kind.Field(f.Name).Clearable() || emptyList(o, f) })
	if len(ch.Fields) > 0 {
		c.result.Changes = append(c.result.Changes, ch)
	}
}

// stated returns the fields that the files state of an object that is new.
func (c *comparison) stated(o *schema.Object) []Field {
	var fs []Field
	for _, name := range slices.Sorted(maps.Keys(o.Values)) {
		if !c.awaits(o, name) {
			fs = append(fs, Field{Name: name, New: o.Values[name], Unknown: true, Place: o.PlaceOf(name)})
		}
	}
	return fs
}

func (c *comparison) create(o *schema.Object) {
	for _, f := range o.Kind.Fields {
		c.needed(o, o, f)
	}
	for _, child := range o.Kind.Children {
		if child.Implicit() && o.Misfit(child) == "" {
			c.bornNeeds(o, child)
		}
	}
	ch := &Change{Action: Create, Desired: o, Why: missing(o), Unstated: unstated(o)}
	ch.Fields = c.stated(o)
	c.result.Changes = append(c.result.Changes, ch)
}

// needed reports a field that create requires, or that has to be decided.
func (c *comparison) needed(at, o *schema.Object, f *schema.Field) {
	if o.Kind.IsKey(f) {
		return
	}
	takeShared(o, f)
	v, stated := o.Values[f.Name]
	_, secret := o.Secrets[f.Name]
	switch {
	case f.Required && stated && c.missing(o, f.Name) != nil:
		c.ask(o.PlaceOf(f.Name), o.Address(), "declare it once that is there", "has to be created, and %s waits for %s, which is not in the tenant yet", f.Name, c.missing(o, f.Name).Address())
	case f.Required && !secret && (!stated || v == nil):
		c.ask(at.Place, o.Address(), stating(o, f), "has to be created, and %s is missing", f.Name)
	case f.Decide && (!stated || v == nil):
		c.ask(at.Place, o.Address(), decision(f), "has to be created, and %s is not decided", f.Name)
	}
}

// stating says how a field is stated.
func stating(o *schema.Object, f *schema.Field) string {
	switch {
	case f.Secret():
		return fmt.Sprintf("write %s: {env: NAME} at the object, and put the secret into that variable", f.Name)
	case f.Unique != "" || o.Kind.Singleton():
		return fmt.Sprintf("state %s at the object", f.Name)
	}
	return fmt.Sprintf("state %s at the object, or for all of its kind under defaults: %s", f.Name, o.Kind.Word)
}

func decision(f *schema.Field) string {
	choice := strings.Join(f.Enum, " or ")
	if f.Type == "boolean" {
		choice = "true or false"
	}
	if f.HasDefault {
		return fmt.Sprintf("state %s: %s; left alone the server would choose %v", f.Name, choice, f.Default)
	}
	return fmt.Sprintf("state %s: %s", f.Name, choice)
}

// bornNeeds reports what has to be decided for what will be born with o.
func (c *comparison) bornNeeds(o *schema.Object, child *schema.Kind) {
	own := &schema.Object{Kind: child, Parent: o, Values: map[string]any{}}
	at := o
	if stated := c.desired.Object(own.Address()); stated != nil {
		own, at = stated, stated
	}
	for _, f := range child.Fields {
		if f.InCreate() {
			c.needed(at, own, f)
		}
	}
	for _, below := range child.Children {
		if below.Implicit() && own.Misfit(below) == "" {
			c.bornNeeds(own, below)
		}
	}
}

// unstated lists the documented values that the server will fill in.
func unstated(o *schema.Object) []Unstated {
	var out []Unstated
	for _, f := range o.Kind.Fields {
		v, stated := o.Values[f.Name]
		stated = stated && (v != nil || f.Clearable()) // a null that no request takes says nothing to the server
		_, once := o.Once[f.Name]
		if stated || once || !f.HasDefault || f.Default == nil || !f.InCreate() || f.Ref != nil {
			continue
		}
		out = append(out, Unstated{f.Name, f.Default})
	}
	slices.SortFunc(out, func(a, b Unstated) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// stray looks at a live object that no file declares.
func (c *comparison) stray(o *schema.Object) {
	if !c.desired.Chose(o) || c.live.Vague(o) || o.Shared || o.ReplacedBy != nil || o.Kind.Singleton() || c.desired.Object(o.Address()) != nil {
		return
	}
	var parent *schema.Object
	if o.Parent != nil {
		if parent = c.desired.Object(o.Parent.Address()); parent == nil {
			return
		}
	}
	if c.desired.Tolerated[o.Address()] || !c.desired.Manages(o.Kind, parent) {
		return
	}
	if _, ok := c.desired.Prune[o.Kind]; ok && !c.desired.Spared[o.Address()] {
		c.result.Changes = append(c.result.Changes, &Change{Action: Delete, Live: o, Why: "prune", Pruned: true})
		return
	}
	if p := c.desired.PolicyOf(o.Kind); p != schema.Ignore {
		c.result.Strays = append(c.result.Strays, Stray{Object: o, Policy: p, Stays: !o.Kind.Has(schema.Delete)})
	}
}
