package proof

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/contrary"
	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// movedTally counts, for the fields of all kinds, what was changed between a saved plan
// and its apply.
type movedTally struct {
	tried, right int             // what the plan relies on: it has to be stale, and say why
	calm, quiet  int             // what it does not rely on: it has to be the same
	seen         map[string]bool // kind and field
}

// Whatever single field a saved plan writes, a change of it makes the plan stale, and is
// named. Whatever else changes in the tenant does not spoil it.
func TestSavedPlansMove(t *testing.T) {
	n := &movedTally{seen: map[string]bool{}}
	n.chains(t, nil)
	for _, k := range schema.Builtin().Kinds {
		for _, f := range k.Fields {
			if k.Managed() && f.Comparable() && f.InUpdate() && !f.Apart && !n.seen[k.Word+"."+f.Name] && !(k.IsKey(f) && !k.Renamable()) {
				t.Errorf("no chain changed %s.%s between plan and apply", k.Word, f.Name)
			}
		}
	}
	t.Logf("%d of %d changes found in %d fields; %d of %d changes elsewhere left the plan as it was", n.right, n.tried, len(n.seen), n.quiet, n.calm)
	for _, d := range tried() {
		other := &movedTally{seen: map[string]bool{}}
		other.chains(t, &d)
		t.Logf("%s: %d of %d changes found in %d fields; %d of %d changes elsewhere left the plan as it was", d.Name, other.right, other.tried, len(other.seen), other.quiet, other.calm)
		if other.tried == 0 || other.calm == 0 {
			t.Errorf("%s: %d changes, %d elsewhere", d.Name, other.tried, other.calm)
		}
	}
	evidence.Add(t, evidence.Note{Row: "19", Tried: n.tried + n.calm, Right: n.right + n.quiet,
		Figure: fmt.Sprintf("%d of %d changes found; %d false alarms in %d changes elsewhere", n.right, n.tried, n.calm-n.quiet, n.calm)})
}

// chains goes through the chains of kinds, on the simulator or (in a dialect) on the
// contrary server.
func (n *movedTally) chains(t *testing.T, d *contrary.Dialect) {
	t.Helper()
	on := ""
	if d != nil {
		on = " on contrary " + d.Name
	}
	for i, c := range chains(t) {
		if d != nil && !evidence.More() && i%3 != 0 {
			continue // the simulator has seen it
		}
		if schema.Builtin().Kind(c.name) == nil && !c.admin && c.name != "across_bundles" || c.admin && d != nil {
			continue // a chain over several kinds, or of an administrator
		}
		t.Run(c.name+on, func(t *testing.T) {
			b := c.box(t, simulator.Options{Admin: c.admin}, d)
			for _, s := range c.states {
				if len(s.refused) > 0 {
					continue
				}
				if s.forget {
					b.records.forget()
				}
				st, p := b.plan(s.text)
				if len(p.Steps) > 0 {
					n.state(b.with(t), st, p)
					b.apply(s.text)
				}
			}
		})
	}
}

// state changes each field that a plan is about, one at a time, and each that it is not.
func (n *movedTally) state(b *box, s *observe.State, p *plan.Plan) {
	for _, ch := range s.Diff.Changes {
		if ch.Live == nil || ch.Ends() {
			continue
		}
		for _, f := range ch.Live.Kind.Fields {
			written := slices.ContainsFunc(ch.Fields, func(x diff.Field) bool { return x.Name == f.Name })
			if !f.Comparable() || !f.InUpdate() || f.Apart || f.Idle(ch.Live.Values) || ch.Live.Kind.IsKey(f) && !ch.Live.Kind.Renamable() {
				continue
			}
			_, wanted := ch.Desired.Values[f.Name]
			name := ch.Live.Kind.Word + "." + f.Name
			relies := written || wanted || carries(p, ch, f) || ch.Live.Kind.IsKey(f) || f.API == ch.Live.Kind.Tenant.Name // a plan is of one tenant
			once := name
			if !relies && (f.Shared || decides(ch, f)) {
				continue // another object of its bundle may be written, or what the plan says be cleared
			}
			if !relies {
				once += " elsewhere"
			}
			if n.seen[once] && !evidence.Full() {
				continue
			}
			n.field(b, p, ch, f, once, relies)
		}
	}
}

// carries reports whether a step of the change sends the field, written or not.
func carries(p *plan.Plan, ch *diff.Change, f *schema.Field) bool {
	return slices.ContainsFunc(p.Steps, func(s plan.Step) bool {
		_, sent := s.Body[f.API]
		return sent && slices.Contains(s.Changes, ch.Address())
	})
}

// decides reports whether a field says of another one that the files state whether it is kept.
func decides(ch *diff.Change, f *schema.Field) bool {
	return slices.ContainsFunc(ch.Live.Kind.Fields, func(g *schema.Field) bool {
		_, stated := ch.Desired.Values[g.Name]
		return stated && g.With.Field == f.Name
	})
}

// field changes one field as somebody else would, and makes the saved plan again.
func (n *movedTally) field(b *box, p *plan.Plan, ch *diff.Change, f *schema.Field, once string, relies bool) {
	b.Helper()
	back := b.mark()
	defer back()
	v, ok := other(b, f, ch)
	if !ok || !b.elsewhere(ch.Live, f, v) {
		return
	}
	n.seen[once] = true
	named, why := b.staleness(p, ch, f)
	if relies {
		n.tried++
		if named {
			n.right++
		} else {
			b.Errorf("%s.%s became %v, and that is not named: %s", ch.Address(), f.Name, v, why)
		}
		return
	}
	if f.Ref != nil && strings.Contains(why, "still refers to it") {
		return // it refers to what the plan deletes now, so a guard stands up
	}
	n.calm++
	if why == "" {
		n.quiet++
	} else {
		b.Errorf("%s.%s became %v, and spoiled a plan that does not say it: %s", ch.Address(), f.Name, v, why)
	}
}

// staleness makes a saved plan again: whether it names the field as moved, and in what
// words. No words: it is the same plan.
func (b *box) staleness(p *plan.Plan, ch *diff.Change, f *schema.Field) (named bool, why string) {
	b.Helper()
	moved, err := b.shifts(p)
	if err != nil {
		return strings.Contains(err.Error(), ch.Address()), err.Error()
	}
	for _, m := range moved {
		switch {
		case f.API == ch.Live.Kind.Tenant.Name && strings.HasPrefix(m.What, "the tenant was "),
			m.Address == ch.Address() && (m.Field == f.Name || m.Field == f.API || ch.Live.Kind.IsKey(f)):
			return true, m.String()
		}
	}
	if len(moved) == 0 {
		return false, ""
	}
	return false, fmt.Sprint("stale: ", moved)
}

// shifts makes a plan again from its saved form, without a write, and compares the two.
func (b *box) shifts(p *plan.Plan) ([]plan.Staleness, error) {
	b.Helper()
	data := b.bytes(p)
	saved, err := plan.Decode(data)
	if err != nil {
		b.Fatalf("%v", err)
	}
	desired, err := saved.Desired(b.cat)
	if err != nil {
		b.Fatalf("%v", err)
	}
	as := b.with(b.tb)
	as.options.Approved = saved
	as.server.ResetCounts()
	_, now, err := as.look(desired)
	if w := as.server.Counts().Writes; w != 0 {
		b.Errorf("%d writes", w)
	}
	if err != nil {
		return nil, err
	}
	moved := saved.Moved(&now.Value)
	if same := bytes.Equal(b.bytes(now), data); same != (len(moved) == 0) {
		b.Errorf("the same plan %v, moved %v", same, moved)
	}
	return moved, nil
}

// movedLines says what moved since a plan was made.
func (b *box) movedLines(p *plan.Plan) []string {
	b.Helper()
	moved, err := b.shifts(p)
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for _, m := range moved {
		out = append(out, m.String())
	}
	return out
}

// remove deletes an object as somebody else would.
func (b *box) remove(word, key string) {
	b.Helper()
	for _, it := range b.snapshot().of(b.cat.Kind(word)) {
		if it.key("12037") == key {
			if err := b.gone(word, it.id); err != nil {
				b.Fatalf("%v", err)
			}
		}
	}
}

// elsewhere gives a live object another value of one field, as another operator would,
// with the engine's own road but none of its records. It reports whether that could be.
func (b *box) elsewhere(live *schema.Object, f *schema.Field, v any) bool {
	b.Helper()
	t := &schema.Tenant{Name: "acme", Prefix: "12037", Partial: true, Managed: map[*schema.Kind]schema.Place{}}
	var parent *schema.Object
	if live.Parent != nil {
		parent = &schema.Object{Kind: live.Parent.Kind, Key: live.Parent.NaturalKey(), Bare: true, Values: map[string]any{}, Manages: map[*schema.Kind]schema.Place{live.Kind: {}}}
		if live.Parent.ID != 0 {
			parent.Key, parent.Name, parent.ID = "parent", live.Parent.NaturalKey(), live.Parent.ID
		}
		t.Add(parent)
		t.Managed[live.Parent.Kind] = schema.Place{}
	} else {
		t.Managed[live.Kind] = schema.Place{}
	}
	o := &schema.Object{Kind: live.Kind, Parent: parent, Key: live.NaturalKey(), Values: map[string]any{f.Name: v}}
	if live.ID != 0 && live.Kind.Form != schema.FormSingle {
		o.ID = live.ID
		if live.Kind.IsKey(f) {
			o.Values, o.Previously, o.Key = map[string]any{}, []string{live.NaturalKey()}, fmt.Sprint(v)
		}
	}
	if members, ok := v.(map[string]any); ok && f.Members != nil {
		for key := range members {
			t.Add(&schema.Object{Kind: f.Members.Ref, Key: key, Bare: true, Values: map[string]any{}})
		}
	}
	t.Add(o)
	_, p, err := b.look(t)
	if err != nil || len(p.Steps) == 0 {
		return false
	}
	sum, err := carriedOut(context.Background(), b.api, p, secret, options{Catalogue: b.cat}, nil, nil)
	return err == nil && sum.Failed == 0
}

// other returns a value for a field that the object does not have.
func other(b *box, f *schema.Field, ch *diff.Change) (any, bool) {
	now := ch.Live.Values[f.Name]
	candidates := []any{}
	switch {
	case f.Ref != nil:
		candidates = append(candidates, references(b, f)...)
	case f.Members != nil:
		for _, it := range b.snapshot().of(f.Members.Ref) {
			candidates = append(candidates, map[string]any{it.key("12037"): map[string]any{"active": false}})
		}
	case f.Type == "boolean":
		candidates = append(candidates, true, false)
	case len(f.Words) > 0:
		for _, w := range f.Words {
			candidates = append(candidates, w.File)
		}
	case len(f.Enum) > 0:
		for _, e := range f.Enum {
			candidates = append(candidates, e)
		}
	case f.Type == "integer":
		for i := int64(1); i < 4; i++ {
			candidates = append(candidates, i)
		}
	case f.Type == "array":
		candidates = append(candidates, items(f)...)
	default:
		candidates = append(append(candidates, samples[f.Format]...), "quite another")
	}
	if f.Nullable {
		candidates = append(candidates, nil)
	}
	var wanted any
	for _, fc := range ch.Fields {
		if fc.Name == f.Name {
			wanted = fc.New
		}
	}
	fits := func(v any) bool {
		return !schema.Equal(f.Normal(v), now) && (f.Minimum == nil || v == nil || v.(int64) >= *f.Minimum)
	}
	for _, v := range candidates { // rather a third one
		if fits(v) && !schema.Equal(f.Normal(v), wanted) && v != nil {
			return f.Normal(v), true
		}
	}
	for _, v := range candidates {
		if fits(v) {
			return f.Normal(v), true
		}
	}
	return nil, false
}

// references returns what a field can refer to: by key, and what a dealer shares.
func references(b *box, f *schema.Field) []any {
	var out []any
	for _, it := range b.snapshot().of(f.Ref) {
		if it.dealers() {
			out = append(out, map[string]any{"dealer": it.key("12037")})
		} else {
			out = append(out, it.key("12037"))
		}
	}
	return out
}

// items returns lists that a field of a list may have.
func items(f *schema.Field) []any {
	out := []any{[]any{}}
	if f.Items != nil && f.Items.Type == "string" {
		for _, e := range f.Items.Enum {
			out = append(out, []any{e})
		}
		for _, s := range samples[f.Items.Format] {
			out = append(out, []any{s})
		}
	}
	return out
}
