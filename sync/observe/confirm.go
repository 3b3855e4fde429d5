package observe

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// confirm reads what only some plans need: name spaces that a create claims,
// who refers to what is deleted, and a second pass over long lists from which
// the plan concludes that something is not there.
func (r *confirming) confirm(ctx context.Context, s *State) error {
	if err := r.nameSpaces(ctx, s); err != nil {
		return err
	}
	if err := r.madeBefore(s); err != nil {
		return err
	}
	if err := r.referrers(ctx, s); err != nil {
		return err
	}
	r.numbers(s)
	r.lengths(s)
	if err := r.tenantGoes(ctx, s); err != nil {
		return err
	}
	if err := r.limits(ctx, s); err != nil {
		return err
	}
	s.doubts(r.catalogue)
	if err := r.shrunken(s); err != nil {
		return err
	}
	if err := r.secondPass(ctx, s); err != nil {
		return err
	}
	return r.names(ctx, s)
}

// names reads what changed references lead to, so that the plan can say it by name. What may
// not be read keeps its id: the plan is as right without the name.
func (r *confirming) names(ctx context.Context, s *State) error {
	if _, err := r.readable(ctx, s.Diff.Unnamed(r.live)); err != nil {
		return err
	}
	s.Diff.Name(r.live)
	return nil
}

// nameSpaces finds foreign objects that hold a value which the plan claims.
func (r *confirming) nameSpaces(ctx context.Context, s *State) error {
	claims := claims(s.Diff.Changes)
	if len(claims) == 0 {
		return nil
	}
	var kinds []*schema.Kind
	for _, k := range r.catalogue.Kinds {
		for _, f := range k.Fields {
			if len(claims[f.Unique]) > 0 && k.Has(schema.List) && len(k.Parents) == 0 {
				kinds = append(kinds, k)
			}
		}
	}
	closed, err := r.readable(ctx, kinds)
	if err != nil {
		return err
	}
	s.Problems = append(s.Problems, unsure(claims, closed)...)
	leaving := diff.Leaving(s.Diff.Changes)
	for _, o := range r.live.Objects {
		for _, f := range o.Kind.Fields {
			if f.Unique == "" || o.Shared || leaving[o] || o.ValueOf(f) == nil || letsGo(s, o, f) {
				continue
			}
			if ch := claims[f.Unique][fmt.Sprint(o.ValueOf(f))]; ch != nil {
				s.Problems = append(s.Problems, schema.Problem{Place: ch.Desired.PlaceOf(f.Name), Address: ch.Address(),
					Message: fmt.Sprintf("%s %q is taken in the tenant by %s", f.Name, o.ValueOf(f), o.Address()),
					Hint:    "choose another one, or declare that object with absent: true", Asked: true})
			}
		}
	}
	return nil
}

// unsure says of each value that it may be taken, where a list of its name space is closed
// to this application. A create on a guess would be refused, or worse, taken.
func unsure(claims map[string]map[string]*diff.Change, closed []Unreadable) schema.Problems {
	var out schema.Problems
	for _, u := range closed {
		for _, f := range u.Kind.Fields {
			for _, value := range slices.Sorted(maps.Keys(claims[f.Unique])) {
				ch := claims[f.Unique][value]
				out = append(out, schema.Problem{Place: ch.Desired.PlaceOf(f.Name), Address: ch.Address(),
					Message: fmt.Sprintf("%s %q may be taken by a %s, and not all of these can be read: %s", f.Name, value, u.Kind.Word, u.Why),
					Hint:    "use an application that may read them, or make this object by hand and apply again", Asked: true})
			}
		}
	}
	return out
}

// claims returns, by name space and value, the changes that take a value.
func claims(changes []*diff.Change) map[string]map[string]*diff.Change {
	out := map[string]map[string]*diff.Change{}
	for _, ch := range changes {
		if ch.Desired == nil {
			continue
		}
		for _, f := range ch.Desired.Kind.Fields {
			if f.Unique == "" || ch.Desired.ValueOf(f) == nil || !ch.Makes() && !ch.Sets(f) {
				continue
			}
			if out[f.Unique] == nil {
				out[f.Unique] = map[string]*diff.Change{}
			}
			out[f.Unique][fmt.Sprint(ch.Desired.ValueOf(f))] = ch
		}
	}
	return out
}

// referrers reads every kind that may refer to what the plan deletes, and
// refuses the plan where something keeps a reference that no file lets go.
func (r *confirming) referrers(ctx context.Context, s *State) error {
	leaving := diff.Leaving(s.Diff.Changes)
	if len(leaving) == 0 {
		return nil
	}
	kinds := map[*schema.Kind]bool{}
	for o := range leaving {
		kinds[o.Kind] = true
	}
	closed, err := r.readReferring(ctx, kinds, leaving)
	if err != nil {
		return err
	}
	s.Losses = append(s.Losses, closedLosses(closed, leaving)...)
	r.link()
	if err := r.losses(ctx, s, leaving); err != nil {
		return err
	}
	r.listGone(s, leaving)
	r.protected(s, leaving)
	if err := r.protectedBefore(s, leaving); err != nil {
		return err
	}
	for _, o := range r.live.Objects {
		if o.Shared || diff.Gone(leaving, o) {
			continue
		}
		for _, f := range o.Kind.Fields {
			seen := map[*schema.Object]bool{}
			f.EachRef(o.Values[f.Name], func(sub *schema.Field, v any) {
				target := r.live.Target(sub, v)
				if leaving[target] && !seen[target] && !letsGo(s, o, f) && !(sub.OrText && target.InPlace()) {
					seen[target] = true
					s.Guards = append(s.Guards, keeps(s, o, f, target))
				}
			})
		}
	}
	slices.SortFunc(s.Guards, func(a, b *plan.Guard) int { return cmp.Compare(a.Message, b.Message) })
	return nil
}

// readReferring reads all objects of the kinds that refer to one of kinds, and
// the children that would go. It returns what of the former cannot be read.
func (r *confirming) readReferring(ctx context.Context, kinds map[*schema.Kind]bool, leaving map[*schema.Object]bool) ([]Unreadable, error) {
	var top, inner []*schema.Kind
	for _, k := range r.catalogue.Kinds {
		refers := k.RefersTo(func(k *schema.Kind) bool { return kinds[k] })
		switch {
		case !refers:
		case len(k.Parents) == 0:
			top = append(top, k)
		default:
			top, inner = append(top, outermost(k)...), append(inner, k)
		}
	}
	closed, err := r.readable(ctx, top)
	if err != nil {
		return nil, err
	}
	if err := r.readKnown(ctx, top); err != nil {
		return nil, err
	}
	wanted := func(k *schema.Kind, parent *schema.Object) bool {
		return leadsTo(k, func(k *schema.Kind) bool { return slices.Contains(inner, k) }) && !parent.Shared || diff.Gone(leaving, parent)
	}
	below, err := r.sparingly(func() error { return r.descend(ctx, r.live.Objects, wanted) })
	if err != nil {
		return nil, err
	}
	_, err = r.match()
	return append(closed, below...), err
}

// descend reads the children that are wanted and were not read, and theirs.
func (r *confirming) descend(ctx context.Context, parents []*schema.Object, wanted func(*schema.Kind, *schema.Object) bool) error {
	for len(parents) > 0 {
		var jobs []func(context.Context) error
		var done []func() error
		for _, parent := range slices.Clone(parents) {
			for _, k := range parent.Kind.Children {
				if !wanted(k, parent) || parent.Misfit(k) != "" || r.has(k, parent) {
					continue
				}
				job, put := r.job(k, parent)
				jobs, done = append(jobs, job), append(done, put)
			}
		}
		before := len(r.live.Objects)
		if err := r.run(ctx, jobs, done); err != nil {
			return err
		}
		parents = slices.Clone(r.live.Objects[before:])
	}
	return nil
}

// outermost returns the kinds at the top under which objects of a kind stand.
func outermost(k *schema.Kind) []*schema.Kind {
	if len(k.Parents) == 0 {
		return []*schema.Kind{k}
	}
	var out []*schema.Kind
	for _, p := range k.Parents {
		out = append(out, outermost(p)...)
	}
	return out
}

// leadsTo reports whether a kind, or one of those below it, is one that is looked for.
func leadsTo(k *schema.Kind, looked func(*schema.Kind) bool) bool {
	return looked(k) || slices.ContainsFunc(k.Children, func(below *schema.Kind) bool { return leadsTo(below, looked) })
}

// has reports whether the children of a kind under a parent were read.
func (r *confirming) has(k *schema.Kind, parent *schema.Object) bool {
	if !k.Singleton() {
		_, ok := r.lists[listKey{k, parent}]
		return ok
	}
	return r.live.Object((&schema.Object{Kind: k, Parent: parent}).Address()) != nil
}

// letsGo reports whether a change gives the field another value.
func letsGo(s *State, o *schema.Object, f *schema.Field) bool {
	return slices.ContainsFunc(s.Diff.Changes, func(ch *diff.Change) bool { return ch.Live == o && ch.Sets(f) })
}

func keeps(s *State, o *schema.Object, f *schema.Field, target *schema.Object) *plan.Guard {
	what := "deleted"
	if target.ReplacedBy != nil {
		what = "replaced"
	}
	g := &plan.Guard{ID: "in-use", Message: fmt.Sprintf("%s cannot be %s: %s still refers to it (%s)", target.KnownAs(), what, o.Address(), f.Name)}
	if d := s.Desired.Object(o.Address()); d != nil {
		g.Hint = fmt.Sprintf("state %s at %s (%s)", f.Name, o.Address(), d.Place)
	} else {
		g.Hint = fmt.Sprintf("no file declares %s; declare it with %s", o.Address(), strings.Join(waysOut(o.Kind, f), ", or "))
	}
	return g
}

// waysOut lists what a file can say so that a reference is let go.
func waysOut(k *schema.Kind, f *schema.Field) []string {
	var ways []string
	if !f.CreateOnly {
		ways = append(ways, "another "+f.Name)
	}
	if f.Nullable && !f.CreateOnly {
		ways = append(ways, f.Name+": null")
	}
	if k.Has(schema.Delete) {
		ways = append(ways, "absent: true")
	}
	return ways
}

// listGone notes at each delete which children go with the object.
func (r *confirming) listGone(s *State, leaving map[*schema.Object]bool) {
	gone := map[*schema.Object][]string{}
	for _, o := range r.live.Objects {
		if o.Parent == nil || o.Blank() || o.Kind.Implicit() && o.Parent.ReplacedBy != nil {
			continue
		}
		for p := o.Parent; p != nil; p = p.Parent {
			if leaving[p] {
				gone[p] = append(gone[p], o.NaturalAddress())
				break
			}
		}
	}
	for _, ch := range s.Diff.Changes {
		if ch.Ends() {
			ch.Gone = gone[ch.Live]
			slices.Sort(ch.Gone)
		}
	}
}

// secondPass reads long lists again where the plan creates or deletes: one pass
// over several pages misses rows while somebody edits.
func (r *confirming) secondPass(ctx context.Context, s *State) error {
	concluded := map[*schema.Kind]bool{}
	for _, ch := range s.Diff.Changes {
		if ch.Action != diff.Update {
			concluded[ch.Object().Kind] = true
		}
	}
	var jobs []func(context.Context) error
	for key, before := range r.lists {
		if before.pages < 2 || !concluded[key.kind] {
			continue
		}
		jobs = append(jobs, func(ctx context.Context) error { return r.again(ctx, key, before) })
	}
	return r.jobs(ctx, jobs)
}

func (r *reading) again(ctx context.Context, key listKey, before listing) error {
	after, extra, err := r.list(ctx, key.kind, key.parent)
	if err != nil {
		return err
	}
	r.count(func(c *Calls) { c.Second += after.pages; c.Extra += extra })
	if slices.Equal(before.digest, digest(after.rows)) {
		return nil
	}
	return fmt.Errorf("the list of %s changed while it was read (%d rows, then %d), so nothing can be concluded from it; nothing was written, run again when nobody edits the tenant",
		key.kind.Word, len(before.digest), len(after.rows))
}

// digest stands for the rows of a list, whatever their order, so that a long list
// need not be kept for the second pass.
func digest(rows []map[string]any) []uint64 {
	sums := make([]uint64, len(rows))
	for i, row := range rows {
		sums[i] = call.Sum(row)
	}
	slices.Sort(sums)
	return sums
}
