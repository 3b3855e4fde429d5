package undo

import (
	"fmt"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/wording"
	"pbxsync/sync/plan"
)

// Only keeps the part of the way back that patterns of addresses choose.
func (u *Undoing) Only(patterns []string) error {
	part, problems := u.Tenant.Only(patterns)
	if err := problems.Err(); err != nil {
		return err
	}
	u.Tenant = part
	u.Left = slices.DeleteFunc(u.Left, func(l Left) bool {
		return !slices.ContainsFunc(patterns, func(p string) bool { return schema.Matches(p, l.Object) })
	})
	u.readTargets()
	return nil
}

// Lost says what cannot come back, objects of one reason on one line.
func (u *Undoing) Lost() []string {
	names := map[string][]string{}
	var whys []string
	for _, l := range u.Left {
		if names[l.Why] == nil {
			whys = append(whys, l.Why)
		}
		names[l.Why] = append(names[l.Why], l.Object.Address())
	}
	out := make([]string, len(whys))
	for i, why := range whys {
		out[i] = strings.Join(names[why], ", ") + ": " + why
	}
	return out
}

// readTargets has the kinds read that the run's references name, since what an
// object refers to now has to be told.
func (u *Undoing) readTargets() {
	read := func(address string, k *schema.Kind) {
		for name, v := range u.wrote[address] {
			if f := k.Field(name); f != nil {
				f.EachRef(v, func(f *schema.Field, _ any) { u.Tenant.Managed[f.Ref] = schema.Place{} })
			}
		}
	}
	for _, o := range u.Tenant.Objects {
		if !o.Bare {
			read(o.Address(), o.Kind)
		}
	}
	for address, m := range u.made {
		read(address, m.kind)
	}
}

// Word says of each change of the way back why it is made.
func (u *Undoing) Word(s *plan.Basis) {
	for _, ch := range s.Diff.Changes {
		switch ch.Action {
		case diff.Create:
			ch.Why = "the run deleted it"
		case diff.Delete:
			ch.Why = "the run made it"
		case diff.Update:
			if ch.Live != nil {
				ch.Why = "as before the run"
			}
		}
	}
}

// Since finds what somebody changed after the run and the plan would take back: it is
// neither what the run left nor what was there before. Each is refused unless a pattern
// of overwrite names its object.
func (u *Undoing) Since(s *plan.Basis, overwrite []string) []*plan.Guard {
	var out []*plan.Guard
	for _, ch := range s.Diff.Changes {
		if ch.Live == nil || allowed(overwrite, ch) {
			continue
		}
		for _, what := range u.since(s, ch) {
			out = append(out, &plan.Guard{ID: "changed-since", Flag: "--overwrite", Values: []string{schema.PatternOf(ch.Address())}, Message: ch.Address() + ": " + what,
				Hint: fmt.Sprintf("undo the later run first, or take that back too with --overwrite %s", schema.Pattern(ch.Object()))})
		}
	}
	return out
}

func allowed(overwrite []string, ch *diff.Change) bool {
	return slices.ContainsFunc(overwrite, func(p string) bool { return schema.Matches(p, ch.Object()) || schema.Matches(p, ch.Live) })
}

func (u *Undoing) since(s *plan.Basis, ch *diff.Change) []string {
	wrote := u.wrote[ch.Address()]
	if ch.Ends() {
		if wrote = u.madeAs(ch.Live); wrote == nil {
			return []string{fmt.Sprintf("another object (id %d) has its place since the run, and would be deleted", ch.Live.ID)}
		}
		return u.edited(s, ch.Live, wrote)
	}
	if m, ok := u.made[ch.Address()]; ok && ch.Live.ID != m.id {
		return []string{fmt.Sprintf("another object (id %d) has its place since the run", ch.Live.ID)}
	}
	var out []string
	for _, fc := range ch.Fields {
		f := ch.Live.Kind.Field(fc.Name)
		was, known := wrote[fc.Name]
		switch {
		case ch.Live.Kind.IsKey(f): // its name was compared when it was matched
		case !known:
			out = append(out, fmt.Sprintf("one of its name (id %d) is there, with %s %s, and would get %s", ch.Live.ID, fc.Name, wording.InWords(fc.Old), wording.InWords(fc.New)))
		case !u.sameValue(s, f, was, fc.Old):
			out = append(out, fmt.Sprintf("somebody changed %s since the run: the run left %s, it is %s now, and would be %s again", fc.Name, wording.InWords(was), wording.InWords(fc.Old), wording.InWords(fc.New)))
		}
	}
	return out
}

// madeAs returns what the run wrote when it made a live object, nil where it did not.
func (u *Undoing) madeAs(live *schema.Object) map[string]any {
	if u.madeAt == nil {
		u.madeAt = map[madeObject]string{}
		for address, m := range u.made {
			u.madeAt[m] = address
		}
	}
	address, made := u.madeAt[madeObject{live.Kind, live.ID}]
	if !made {
		return nil
	}
	return u.wrote[address]
}

// edited finds the fields in which an object differs from what the run made.
func (u *Undoing) edited(s *plan.Basis, live *schema.Object, wrote map[string]any) []string {
	var out []string
	for _, f := range live.Kind.Fields {
		was, stated := wrote[f.Name]
		now, read := live.Values[f.Name]
		if stated && read && !live.Kind.IsKey(f) && !u.sameValue(s, f, was, now) {
			out = append(out, fmt.Sprintf("somebody changed %s since the run made it: the run left %s, it is %s now, and it would be deleted", f.Name, wording.InWords(was), wording.InWords(now)))
		}
	}
	return out
}

// sameValue compares what the run left with what is there now, references by what they
// point to: the run may have known that by another key.
func (u *Undoing) sameValue(s *plan.Basis, f *schema.Field, was, now any) bool {
	if schema.Equal(was, now) {
		return true
	}
	if f.Ref == nil {
		return f.Refers && u.sameParts(s, f, was, now)
	}
	id := s.Live.IDOf(f, was)
	if key, ok := was.(string); ok {
		address := f.AddressOfRef(key)
		o := u.names[address]
		switch m, made := u.made[address]; {
		case made:
			id = m.id
		case o != nil && o.ID != 0:
			id = o.ID
		case o != nil:
			id = s.Live.IDOf(f, named(f, o))
		}
	}
	return id != 0 && id == s.Live.IDOf(f, now)
}

// sameParts compares lists and objects with references in them.
func (u *Undoing) sameParts(s *plan.Basis, f *schema.Field, was, now any) bool {
	a, isList := was.([]any)
	b, areLists := now.([]any)
	if isList && areLists && len(a) == len(b) {
		for i := range a {
			if !u.sameValue(s, f.Items, a[i], b[i]) {
				return false
			}
		}
		return true
	}
	x, isObject := was.(map[string]any)
	y, areObjects := now.(map[string]any)
	return isObject && areObjects && !slices.ContainsFunc(f.Fields, func(sub *schema.Field) bool { return !u.sameValue(s, sub, x[sub.Name], y[sub.Name]) })
}

// named is what the tenant calls an object that a reference leads to.
func named(f *schema.Field, o *schema.Object) string {
	if f.In != nil {
		return o.Address()
	}
	return o.NaturalKey()
}
