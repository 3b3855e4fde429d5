package schema

import "fmt"

// Limits returns the kind that holds the tenant's limits, or nil. It is known by
// its form: what the tenant has one of, can only read, and has a field that some
// kind names as its limit.
func (c *Catalogue) Limits() *Kind {
	names := map[string]bool{}
	for _, k := range c.Kinds {
		names[k.Limit.Name] = true
	}
	for _, k := range c.Kinds {
		if !k.Singleton() || len(k.Parents) > 0 || k.Has(Update) {
			continue
		}
		for _, f := range k.Fields {
			if names[f.API] {
				return k
			}
		}
	}
	return nil
}

// LimitPerParent is the word of x-limit for a limit that counts within the parent.
const LimitPerParent = "parent"

// LimitGroup names the objects with which o shares its limit: those of its kind,
// under one parent or with one value of a field where the limit counts so.
func (o *Object) LimitGroup() string {
	group := o.Kind.Word
	switch per := o.Kind.Limit.Per; per {
	case "":
	case LimitPerParent:
		group += " of " + o.Parent.Address()
	default:
		f := o.Kind.byAPI(per)
		if key, ok := o.Values[f.Name].(string); ok && f.Ref != nil {
			group += " of " + address(nil, f.Ref, key)
		} else {
			group += " with " + f.Name + " " + fmt.Sprint(o.Values[f.Name])
		}
	}
	return group
}
