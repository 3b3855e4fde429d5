package diff

import (
	"maps"

	"pbxsync/schema"
)

// After is the live tenant as it will be once all changes are carried out, as far as that is
// known before: what the server fills in is its default.
func (r *Result) After(live *Live) *schema.Tenant {
	t := &schema.Tenant{ID: live.ID, Name: live.Name, Prefix: live.Prefix}
	leaving, changed := Leaving(r.Changes), map[*schema.Object]*Change{}
	for _, ch := range r.Changes {
		if ch.Live != nil && !ch.Ends() {
			changed[ch.Live] = ch
		}
	}
	will := map[string]*schema.Object{} // by address
	for _, o := range live.Objects {
		if !Gone(leaving, o) {
			will[o.Address()] = changed[o].after(o)
			t.Add(will[o.Address()])
		}
	}
	for _, ch := range r.Changes {
		if ch.Makes() || ch.Live == nil && ch.Desired != nil {
			will[ch.Address()] = ch.made()
			t.Add(will[ch.Address()])
		}
	}
	for _, o := range t.Objects {
		if o.Parent != nil {
			o.Parent = will[o.Parent.Address()]
		}
		forget(o, func(f *schema.Field, v any) bool {
			to := live.Target(f, v)
			return Gone(leaving, to) && will[to.Address()] == nil
		})
	}
	return t
}

// after is a copy of a live object with what a change makes of it, the object itself where
// there is none.
func (c *Change) after(o *schema.Object) *schema.Object {
	will := *o
	if c == nil {
		return &will
	}
	if will.Values = maps.Clone(o.Values); will.Values == nil {
		will.Values = map[string]any{}
	}
	for _, f := range c.Fields {
		will.Values[f.Name] = f.New
	}
	if c.Action == Rename {
		will.Name = c.Desired.Name
	}
	return &will
}

// made is a copy of the object that a change makes.
func (c *Change) made() *schema.Object {
	will := *c.Desired
	if will.Values = maps.Clone(c.Desired.Values); will.Values == nil {
		will.Values = map[string]any{}
	}
	for _, u := range c.Unstated {
		will.Values[u.Name] = u.Value
	}
	return &will
}

// forget clears references to what is gone.
func forget(o *schema.Object, gone func(*schema.Field, any) bool) {
	for _, f := range o.Kind.Fields {
		if v := o.Values[f.Name]; v != nil && f.Ref != nil && gone(f, v) {
			o.Values = maps.Clone(o.Values)
			o.Values[f.Name] = nil
		}
	}
}
