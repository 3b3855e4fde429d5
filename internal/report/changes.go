package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/risk"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// Hidden values stand so in every form.
const hidden = "[not shown]"

// Change is one object of a plan. Its first half is what Terraform's tooling reads.
type Change struct {
	Address string       `json:"address"`
	Mode    string       `json:"mode"` // always managed
	Type    string       `json:"type"` // the kind, by its word
	Name    string       `json:"name"` // the key, or the word of the kind where there is one object of it
	Values  Values       `json:"change"`
	Reason  string       `json:"action_reason"`
	Kind    string       `json:"kind"`
	Action  diff.Action  `json:"action"` // in the words of this program
	Place   schema.Place `json:"place,omitzero"`
	Within  string       `json:"within,omitempty"` // address of the new object that this is a part of
	Side    string       `json:"side,omitempty"`   // drift, pending, conflict or same, where a base is known
	Risks   []risk.Class `json:"risks,omitempty"`
	Fields  []Field      `json:"fields,omitempty"`
	Steps   []int        `json:"steps,omitempty"` // numbers of the calls that carry it out

	Secrets  map[string]string `json:"secrets,omitempty"` // field -> where it is found
	Once     map[string]any    `json:"on_create,omitempty"`
	Unstated map[string]any    `json:"unstated,omitempty"`   // what the server fills in
	Gone     []string          `json:"gone,omitempty"`       // children that go with it
	Loses    string            `json:"loses,omitempty"`      // what else a delete or a replace loses
	Follows  string            `json:"may_follow,omitempty"` // what is ended once it is gone
	Replaces string            `json:"replaces,omitempty"`   // address of the object that a replace deletes
	Silent   []plan.Outage     `json:"silent,omitempty"`     // what rings nowhere meanwhile
}

// Values are what a change does to the fields that it touches, as Terraform's tooling reads it.
type Values struct {
	Actions         []string        `json:"actions"`                    // create, update, delete, or delete and create
	Before          map[string]any  `json:"before"`                     // null for what is new
	After           map[string]any  `json:"after"`                      // null for what goes
	AfterUnknown    map[string]bool `json:"after_unknown,omitempty"`    // what the server fills in
	BeforeSensitive map[string]bool `json:"before_sensitive,omitempty"` // what is not shown
	AfterSensitive  map[string]bool `json:"after_sensitive,omitempty"`
}

// Field is one field of a change, in the direction of time.
type Field struct {
	Name       string       `json:"name"`
	Before     any          `json:"before"`
	BeforeName string       `json:"before_name,omitempty"` // of the object that it referred to, where its key does not tell it
	After      any          `json:"after"`
	First      bool         `json:"first,omitempty"` // the object is new
	Side       string       `json:"side,omitempty"`
	Risks      []risk.Class `json:"risks,omitempty"`
	Place      schema.Place `json:"place,omitzero"`
}

// Step is one call of a plan, without what it sends.
type Step struct {
	Number  int      `json:"number"`
	Method  string   `json:"method"`
	Path    string   `json:"path"` // with symbols for ids, as {extension/101}
	Changes []string `json:"changes"`
	After   []int    `json:"after,omitempty"`
	Why     string   `json:"why,omitempty"`
	Deletes string   `json:"deletes,omitempty"`
}

// Planned puts the changes and steps of a plan into the report. before are the objects as they
// were, of which those that go are told.
func (r *Report) Planned(v *plan.Value, c *schema.Catalogue, before []record.Object) {
	r.Tenant, r.Changes, r.Steps = &v.Tenant, []Change{}, []Step{}
	d := deriving{catalogue: c, wanted: map[string]*plan.Wanted{}, before: map[string]map[string]any{}, steps: map[string][]int{}}
	for i := range v.Wanted {
		d.wanted[v.Wanted[i].Address] = &v.Wanted[i]
	}
	for _, b := range before {
		d.before[b.Address] = b.Values
	}
	for _, s := range v.Steps {
		r.Steps = append(r.Steps, Step{s.Number, s.Method, s.Path, s.Changes, s.After, s.Why, s.Deletes})
		for _, a := range s.Changes {
			d.steps[a] = append(d.steps[a], s.Number)
		}
	}
	made := map[string]bool{}
	for i := range v.Changes {
		ch := &v.Changes[i]
		made[ch.Address] = ch.Action == diff.Create || ch.Action == diff.Replace
	}
	for i := range v.Changes {
		ch := d.change(&v.Changes[i])
		if w := d.wanted[ch.Address]; w != nil && made[w.Parent] && d.implicit(w.Kind) {
			ch.Within = w.Parent
		}
		r.Changes = append(r.Changes, ch)
	}
	r.countRisks()
}

// Deleted returns what objects that go were like, so that a saved plan can tell it.
func Deleted(p *plan.Plan) []record.Object {
	gone := map[string]bool{}
	for i := range p.Changes {
		gone[p.Changes[i].Address] = p.Changes[i].Action == diff.Delete
	}
	return slices.DeleteFunc(slices.Clone(p.Before), func(b record.Object) bool { return !gone[b.Address] })
}

func (r *Report) countRisks() {
	r.Risks = map[risk.Class]int{}
	for i := range r.Changes {
		for _, class := range r.Changes[i].Risks {
			r.Risks[class]++
		}
	}
}

// deriving is what a report takes from a plan.
type deriving struct {
	catalogue *schema.Catalogue
	wanted    map[string]*plan.Wanted
	before    map[string]map[string]any
	steps     map[string][]int
}

func (d *deriving) implicit(word string) bool {
	k := d.catalogue.Kind(word)
	return k != nil && k.Implicit()
}

func (d *deriving) change(p *plan.Change) Change {
	c := Change{Address: p.Address, Mode: "managed", Reason: p.Why, Action: p.Action, Place: p.Place, Risks: p.Risks, Steps: d.steps[p.Address],
		Secrets: p.Secrets, Gone: p.Gone, Loses: p.Loses, Follows: p.Follows, Replaces: p.Replaces, Silent: p.Silent}
	if w := d.wanted[p.Address]; w != nil {
		c.Kind, c.Name = w.Kind, cmp.Or(w.Name, w.Key, w.Kind)
	}
	c.Type = c.Kind
	kind := d.catalogue.Kind(c.Kind)
	for i := range p.Fields {
		c.Fields = append(c.Fields, field(kind, &p.Fields[i]))
	}
	c.Once, c.Unstated = shown(kind, p.Once), shown(kind, p.Unstated)
	c.values(kind, d.before[p.Address])
	return c
}

func field(k *schema.Kind, p *plan.FieldChange) Field {
	f := Field{Name: p.Name, Before: p.Old, BeforeName: p.OldName, After: p.New, First: p.First, Risks: p.Risks, Place: p.Place}
	if masks(k, p.Name) {
		f.Before, f.After = unseen(p.Old), unseen(p.New)
	}
	return f
}

// masks reports whether no report shows the value of a field.
func masks(k *schema.Kind, name string) bool {
	if k == nil {
		return false
	}
	f := k.Field(name)
	return f != nil && (f.Mask || f.Secret())
}

// Unshown is a text without the values of an object that no report shows.
func Unshown(k *schema.Kind, values map[string]any, text string) string {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if s, ok := values[name].(string); ok && s != "" && masks(k, name) {
			text = strings.ReplaceAll(text, s, hidden)
		}
	}
	return text
}

// unseen stands for a value that is not shown. That there is none may be seen.
func unseen(v any) any {
	if v == nil {
		return nil
	}
	return hidden
}

// shown are values without those that no report shows.
func shown(k *schema.Kind, values map[string]any) map[string]any {
	if len(values) == 0 {
		return nil
	}
	out := maps.Clone(values)
	for name, v := range out {
		if masks(k, name) {
			out[name] = unseen(v)
		}
	}
	return out
}

// actions are those of Terraform's tooling.
var actions = map[diff.Action][]string{diff.Create: {"create"}, diff.Update: {"update"}, diff.Rename: {"update"},
	diff.Replace: {"delete", "create"}, diff.Delete: {"delete"}}

// values fills in what Terraform's tooling reads.
func (c *Change) values(k *schema.Kind, was map[string]any) {
	v := &c.Values
	v.Actions = actions[c.Action]
	if c.Action != diff.Create {
		v.Before = map[string]any{}
		maps.Copy(v.Before, shown(k, was))
	}
	if c.Action != diff.Delete {
		v.After = map[string]any{}
	}
	for _, f := range c.Fields {
		if v.Before != nil && !f.First {
			v.Before[f.Name] = f.Before
		}
		if v.After != nil {
			v.After[f.Name] = f.After
		}
	}
	v.BeforeSensitive, v.AfterSensitive = unshown(k, v.Before), unshown(k, v.After)
	for name := range c.Secrets {
		v.AfterSensitive = with(v.AfterSensitive, name)
	}
	for name := range c.Unstated {
		v.AfterUnknown = with(v.AfterUnknown, name)
	}
}

func unshown(k *schema.Kind, values map[string]any) map[string]bool {
	var out map[string]bool
	for name := range values {
		if masks(k, name) {
			out = with(out, name)
		}
	}
	return out
}

func with(set map[string]bool, name string) map[string]bool {
	if set == nil {
		set = map[string]bool{}
	}
	set[name] = true
	return set
}
