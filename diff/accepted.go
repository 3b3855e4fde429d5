package diff

import (
	"fmt"
	"slices"
	"strings"

	"pbxsync/schema"
)

// Accepted is a difference that the files let be until a day: a field, or, without one, a whole
// object that is gone (Action create) or that no file declares (delete).
type Accepted struct {
	Action   Action
	Address  string
	Field    string
	Old, New any // what the tenant has, what the files say
	Place    schema.Place
	By       *schema.Accepted
}

// Accept lets what the files want no longer state what differs and may do so today. The two
// have to be compared again then.
func (r *Result) Accept(desired *schema.Tenant, live *Live, today string) []Accepted {
	out := missed(desired, live, today)
	for _, ch := range r.Changes {
		switch {
		case ch.Action == Update && ch.Live != nil:
			out = append(out, acceptFields(desired, ch.Desired, ch.Fields, today)...)
		case ch.Pruned:
			out = append(out, tolerate(desired, ch.Live, today)...)
		}
	}
	for _, st := range r.Stuck {
		if o := desired.Object(st.Address); o != nil {
			out = append(out, acceptFields(desired, o, []Field{{Name: st.Field, Old: st.Old, New: st.New, Place: st.Place}}, today)...)
		}
	}
	for _, s := range r.Strays {
		out = append(out, tolerate(desired, s.Object, today)...)
	}
	slices.SortStableFunc(out, func(a, b Accepted) int { return strings.Compare(a.Address+" "+a.Field, b.Address+" "+b.Field) })
	return out
}

// missed lets declared objects be missing.
func missed(desired *schema.Tenant, live *Live, today string) []Accepted {
	var out []Accepted
	for _, o := range desired.Objects {
		if o.Absent || o.Bare || o.Awaited || live.Vague(o) || live.Object(o.Address()) != nil || len(live.Predecessors(o)) > 0 {
			continue
		}
		if by := desired.AcceptedAt(o, "", today); by != nil {
			o.Awaited = true
			out = append(out, Accepted{Action: Create, Address: o.Address(), Place: o.Place, By: by})
		}
	}
	return out
}

func acceptFields(desired *schema.Tenant, o *schema.Object, fields []Field, today string) []Accepted {
	var out []Accepted
	for _, f := range fields {
		if by := desired.AcceptedAt(o, f.Name, today); by != nil {
			delete(o.Values, f.Name)
			out = append(out, Accepted{Update, o.Address(), f.Name, f.Old, f.New, f.Place, by})
		}
	}
	return out
}

func tolerate(desired *schema.Tenant, stray *schema.Object, today string) []Accepted {
	by := desired.AcceptedAt(stray, "", today)
	if by == nil {
		return nil
	}
	if desired.Tolerated == nil {
		desired.Tolerated = map[string]bool{}
	}
	desired.Tolerated[stray.Address()] = true
	return []Accepted{{Action: Delete, Address: stray.Address(), By: by}}
}

// Waive notes what is accepted, and takes it out of what is awaited: nobody waits for it.
func (r *Result) Waive(accepted []Accepted) {
	r.Accepted = accepted
	missing := map[string]bool{}
	for _, a := range accepted {
		missing[a.Address] = missing[a.Address] || a.Action == Create
	}
	r.Awaiting = slices.DeleteFunc(r.Awaiting, func(w Awaiting) bool { return w.For == "" && missing[w.Address] })
}

// PartSides parts what is accepted from the rest of what moved.
func PartSides(sides []*Sided, accepted []Accepted) (rest, waived []*Sided) {
	by := map[part]bool{}
	for _, a := range accepted {
		by[part{a.Address, a.Field}] = true
	}
	for _, x := range sides {
		if by[part{x.Address(), ""}] {
			waived = append(waived, x)
			continue
		}
		stays, goes := *x, *x
		stays.Fields, goes.Fields, stays.Side = nil, nil, ""
		for _, f := range x.Fields {
			if by[part{x.Address(), f.Name}] {
				goes.Fields = append(goes.Fields, f)
				continue
			}
			stays.Fields = append(stays.Fields, f)
			stays.weigh(f.Side)
		}
		switch {
		case len(goes.Fields) == 0:
			rest = append(rest, x)
			continue
		case len(stays.Fields) > 0:
			rest = append(rest, &stays)
		}
		waived = append(waived, &goes)
	}
	return rest, waived
}

// Ended names the differences that were accepted until a day that has passed.
func (r *Result) Ended(desired *schema.Tenant, today string) []string {
	var out []string
	for i := range desired.Accept {
		a := &desired.Accept[i]
		if a.Holds(today) {
			continue
		}
		if slices.ContainsFunc(r.Changes, func(ch *Change) bool { return concerns(a, ch) }) {
			what := a.At
			if a.Field != "" {
				what += "." + a.Field
			}
			out = append(out, fmt.Sprintf("%s was accepted until %s, which is over (%s)", what, a.Until, a.Place))
		}
	}
	return out
}

func concerns(a *schema.Accepted, ch *Change) bool {
	if a.Field == "" {
		return a.Concerns(ch.Object(), "")
	}
	return slices.ContainsFunc(ch.Fields, func(f Field) bool { return a.Concerns(ch.Object(), f.Name) })
}

// Unmet warns of what is accepted at objects that neither side has.
func Unmet(desired *schema.Tenant, live *Live) schema.Problems {
	var problems schema.Problems
	for _, a := range desired.Accept {
		matches := func(o *schema.Object) bool { return schema.Matches(a.At, o) }
		if desired.Partial || slices.ContainsFunc(desired.Objects, matches) || slices.ContainsFunc(live.Objects, matches) {
			continue
		}
		problems = append(problems, schema.Problem{Place: a.Place, Warning: schema.WarnAccepts, Message: fmt.Sprintf("accept: %q is neither in these files nor in the tenant", a.At),
			Hint: "check the address, or delete the entry"})
	}
	return problems
}
