package policy

import (
	"maps"
	"slices"

	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// Change is what an expression knows as change. Before and After have every field of the
// kind; one that is not known, or not set, is null.
type Change struct {
	Address string         `cel:"address"`
	Kind    string         `cel:"kind"`
	Key     string         `cel:"key"`
	Parent  string         `cel:"parent"` // address, "" at the top of the tenant
	Action  string         `cel:"action"` // create, update, rename, replace or delete
	Before  map[string]any `cel:"before"`
	After   map[string]any `cel:"after"`
	Fields  []string       `cel:"fields"` // names of those that differ
	Risks   []string       `cel:"risks"`
}

// Object is what an expression knows as object: as the tenant will have it, with null for
// each field of its kind that is not known.
type Object struct {
	Address  string         `cel:"address"`
	Kind     string         `cel:"kind"`
	Key      string         `cel:"key"`
	Parent   string         `cel:"parent"`
	Declared bool           `cel:"declared"` // a file declares it
	Values   map[string]any `cel:"values"`
}

// Tenant is what an expression knows as tenant. Its objects are those that were read and
// those that the plan makes, as they will be.
type Tenant struct {
	Name    string   `cel:"name"`
	Prefix  string   `cel:"prefix"`
	Objects []Object `cel:"objects"`
}

// Plan is what an expression knows as plan.
type Plan struct {
	Changes []Change `cel:"changes"`
}

// Subject is what policies are held against.
type Subject struct {
	Plan   Plan
	Tenant Tenant
}

// Of makes the subject of a plan.
func Of(b *plan.Basis, p *plan.Plan) *Subject {
	s := &Subject{Tenant: Tenant{Name: b.Desired.Name, Prefix: b.Desired.Prefix}}
	if s.Tenant.Name == "" {
		s.Tenant.Name = b.Live.Name
	}
	changes := map[string]plan.Change{}
	if p != nil {
		for _, c := range p.Changes {
			changes[c.Address] = c
		}
	}
	for _, c := range b.Diff.Changes {
		saved := changes[c.Address()]
		s.Plan.Changes = append(s.Plan.Changes, changeOf(string(c.Action), c.Object(), c.Live, c.Desired, saved))
	}
	s.Tenant.Objects = objects(b)
	return s
}

func changeOf(action string, about, live, desired *schema.Object, saved plan.Change) Change {
	c := Change{Address: about.Address(), Kind: about.Kind.Word, Key: about.Key, Parent: parentOf(about), Action: action,
		Before: values(about.Kind, live), After: values(about.Kind, nil)}
	if desired != nil && !desired.Absent {
		c.After = values(about.Kind, live, desired)
	}
	for _, f := range saved.Fields {
		c.Fields = append(c.Fields, f.Name)
	}
	for _, r := range saved.Risks {
		c.Risks = append(c.Risks, string(r))
	}
	return c
}

// objects are those of the tenant after the plan, sorted by address.
func objects(b *plan.Basis) []Object {
	after := map[string]Object{}
	for _, o := range b.Live.Objects {
		if !o.Shared {
			after[o.Address()] = objectOf(o, false, o)
		}
	}
	for _, c := range b.Diff.Changes {
		if c.Live != nil && c.Ends() {
			delete(after, c.Live.Address())
		}
		for _, gone := range c.Gone {
			delete(after, gone)
		}
	}
	for _, o := range b.Desired.Objects {
		if o.Absent || o.Bare || o.Awaited && b.Live.Object(o.Address()) == nil {
			continue
		}
		after[o.Address()] = objectOf(o, true, b.Live.Object(o.Address()), o)
	}
	out := make([]Object, 0, len(after))
	for _, address := range slices.Sorted(maps.Keys(after)) {
		out = append(out, after[address])
	}
	return out
}

func objectOf(o *schema.Object, declared bool, layers ...*schema.Object) Object {
	return Object{Address: o.Address(), Kind: o.Kind.Word, Key: o.Key, Parent: parentOf(o), Declared: declared, Values: values(o.Kind, layers...)}
}

func parentOf(o *schema.Object) string {
	if o.Parent == nil {
		return ""
	}
	return o.Parent.Address()
}

// values are the fields of a kind, each as the last object says that states it.
func values(k *schema.Kind, layers ...*schema.Object) map[string]any {
	out := make(map[string]any, len(k.Fields))
	for _, f := range k.Fields {
		out[f.Name] = nil
	}
	for _, o := range layers {
		if o != nil {
			maps.Copy(out, o.Values)
		}
	}
	return out
}
