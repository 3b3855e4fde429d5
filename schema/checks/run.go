package checks

import (
	"fmt"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/pattern"
)

// Of returns what the checks find in a tenant, as grave as its files want it. The day is written as
// 2026-12-31; without one nothing is over.
func Of(c *schema.Catalogue, t *schema.Tenant, today string) schema.Problems {
	base := &ground{catalogue: c, tenant: t, today: today, of: map[*schema.Kind][]*schema.Object{}, patterns: pattern.Read{}}
	for _, o := range t.Objects {
		if !o.Absent && !o.Bare {
			base.of[o.Kind] = append(base.of[o.Kind], o)
		}
	}
	var out schema.Problems
	for _, check := range All() {
		if s := SeverityIn(t, check); s != schema.Off {
			out = append(out, check.in(base, s)...)
		}
	}
	return t.Unsilenced(out).Sort()
}

// SeverityIn returns how grave a check is in a tenant.
func SeverityIn(t *schema.Tenant, c *Check) schema.Severity {
	for _, j := range t.Judged {
		if j.Check == c.ID {
			return j.Severity
		}
	}
	return c.Severity
}

// ground is what all checks of a tenant look at.
type ground struct {
	catalogue *schema.Catalogue
	tenant    *schema.Tenant
	today     string
	of        map[*schema.Kind][]*schema.Object // that are to be there
	patterns  pattern.Read
}

// run is one check in one tenant.
type run struct {
	*ground
	*Check
	found schema.Problems
}

// in returns what a check finds.
func (c *Check) in(base *ground, s schema.Severity) schema.Problems {
	r := &run{ground: base, Check: c}
	finders[c.Finds](r)
	for i := range r.found {
		p := &r.found[i]
		p.Check, p.Notice = c.ID, s == schema.Notice
		if s != schema.Grave {
			p.Warning = schema.WarnCheck
		}
	}
	return r.found
}

// finders are the ways to look.
var finders = map[string]func(*run){
	"state":            findStates,
	"all in one state": findAllInOneState,
	"emergency key":    findEmergencyKeys,
	"emergency rule":   findEmergencyRules,
	"no emergency":     findNoEmergency,
	"missing group":    findMissingGroups,
	"shadowed":         findShadowed,
	"undecided":        findUndecided,
	"over":             findOver,
	"premium":          findPremium,
	"everybody":        findEverybody,
	"led to":           findLedTo,
	"circle":           findCircles,
	"passed over":      findPassedOver,
}

// tell notes what was found of an object.
func (r *run) tell(o *schema.Object, at schema.Place, format string, args ...any) {
	r.found = append(r.found, schema.Problem{Place: at, Address: o.Address(), Message: fmt.Sprintf(format, args...), Hint: strings.Join(strings.Fields(r.WayOut), " ")})
}

// objects returns those of a kind; none where the catalogue does not have it.
func (g *ground) objects(word string) []*schema.Object { return g.of[g.catalogue.Kind(word)] }

// over returns the objects of the kinds that the check is about.
func (r *run) over() []*schema.Object {
	var out []*schema.Object
	for _, word := range r.Over {
		out = append(out, r.objects(word)...)
	}
	return out
}

// use returns the kind and the field that are something to the check.
func (r *run) use(as string) (kind, field string) {
	kind, field, _ = strings.Cut(r.Uses[as], ".")
	return kind, field
}

// value returns what an object says of a field, or the object that a reference leads to says:
// extension.status. The object above it is its parent.
func (g *ground) value(o *schema.Object, path string) (x any, stated bool) {
	name, rest, further := strings.Cut(path, ".")
	if further {
		if o = g.follow(o, name); o == nil {
			return nil, false
		}
		return g.value(o, rest)
	}
	if f := o.Kind.Field(name); f != nil && o.Kind.IsKey(f) {
		return o.ValueOf(f), true
	}
	x, stated = o.Values[name]
	return x, stated
}

const parent = "parent"

// follow returns what a reference leads to, nil where the files do not declare it.
func (g *ground) follow(o *schema.Object, name string) *schema.Object {
	if name == parent {
		return o.Parent
	}
	f := o.Kind.Field(name)
	key, named := o.Values[name].(string)
	if f == nil || f.Ref == nil || !named {
		return nil
	}
	if target := g.tenant.Find(f.Ref, key); target != nil && !target.Absent {
		return target
	}
	return nil
}
