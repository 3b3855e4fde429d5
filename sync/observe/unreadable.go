package observe

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/file/export"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// Unreadable is something of a live tenant that an import could not read: a list or an
// object that the server refuses or answers with nonsense, or a row that is no object.
type Unreadable struct {
	Kind   *schema.Kind
	Parent *schema.Object // nil: of the tenant
	Why    string
	Row    bool // the rest of the list was read
}

// String names what could not be read.
func (u Unreadable) String() string {
	what := u.Kind.YAML()
	if u.Parent != nil {
		what = strings.Join(u.Kind.Section, ".") + " of " + u.Parent.Address()
	}
	if u.Row {
		what = "a row of " + what
	}
	return what + ": " + u.Why
}

// spare returns the options of a reading that goes on without what cannot be read.
func (o Options) spare() Options {
	o.sparing = true
	return o
}

// spare goes on without what cannot be read, where that is wanted: import names it. Files
// that declare the kind or refer to it need it, so there it stays an error.
func (r *fetching) spare(k *schema.Kind, parent *schema.Object, path string, err error) error {
	if err == nil || !r.options.sparing || !call.Unreadable(err) {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.record.refuse(path, err)
	r.missed = append(r.missed, Unreadable{Kind: k, Parent: parent, Why: err.Error()})
	return nil
}

// readable reads kinds and returns what of them this application may not read.
func (r *reading) readable(ctx context.Context, kinds []*schema.Kind) ([]Unreadable, error) {
	return r.sparingly(func() error { return r.readKinds(ctx, kinds) })
}

// sparingly reads on without what cannot be read, and returns that.
func (r *reading) sparingly(read func() error) ([]Unreadable, error) {
	was, before := r.options.sparing, len(r.missed)
	r.options.sparing = true
	err := read()
	r.options.sparing = was
	closed := slices.Clone(r.missed[before:])
	slices.SortFunc(closed, func(a, b Unreadable) int { return strings.Compare(a.String(), b.String()) })
	return closed, err
}

// spareRow does the same for a row that is no object.
func (r *fetching) spareRow(k *schema.Kind, parent *schema.Object, err error) error {
	if !r.options.sparing {
		return fmt.Errorf("list of %s: %w; is this the PBX's API?", k.Word, err)
	}
	r.missed = append(r.missed, Unreadable{Kind: k, Parent: parent, Why: err.Error(), Row: true})
	return nil
}

// NotKnown returns the lists, and the objects without a list, that could not be read.
func (w *Import) NotKnown() []export.Missed {
	var out []export.Missed
	for _, u := range w.Missed {
		if !u.Row {
			out = append(out, export.Missed{Kind: u.Kind, Parent: u.Parent})
		}
	}
	return out
}

// This file says what goes with an object, or still refers to it, and was not looked at:
// the list of kinds is not the whole API.

// unreadLosses names what is not read of the objects that go.
func unreadLosses(leaving map[*schema.Object]bool) []*plan.Loss {
	var out []*plan.Loss
	for o := range leaving {
		if l := (&plan.Loss{Object: o, Parts: o.UnreadParts(), Users: o.UnreadUsers()}); len(l.Parts)+len(l.Users) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// closedLosses names who may refer to an object that goes, and stands in a list that this
// application may not read. An import of such a tenant goes on too, and says so.
func closedLosses(closed []Unreadable, leaving map[*schema.Object]bool) []*plan.Loss {
	var out []*plan.Loss
	for o := range leaving {
		l := &plan.Loss{Object: o}
		for _, u := range closed {
			if refersTo(u.Kind, o.Kind) || u.Parent == o {
				l.Closed = append(l.Closed, u.String())
			}
		}
		if len(l.Closed) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// refersTo reports whether objects of a kind, or those below them, may refer to one of another.
func refersTo(k, to *schema.Kind) bool {
	return k.RefersTo(func(k *schema.Kind) bool { return k == to }) ||
		slices.ContainsFunc(k.Children, func(below *schema.Kind) bool { return refersTo(below, to) })
}

// children reads, under declared live parents, the kinds that the files declare there, and
// then what these declare below what was found.
func (r *reading) children(ctx context.Context) error {
	asked := map[listKey]bool{}
	for {
		jobs, done := r.below(asked)
		if len(jobs) == 0 {
			return nil
		}
		if err := r.run(ctx, jobs, done); err != nil {
			return err
		}
		problems, err := r.match()
		if err != nil {
			return err
		}
		r.problems = append(r.problems, problems...)
	}
}

// below returns the calls for children that were not asked for, and what takes their answers in.
func (r *reading) below(asked map[listKey]bool) (jobs []func(context.Context) error, done []func() error) {
	for parent, k := range r.mayHave {
		key := listKey{k, r.live.Object(parent.Address())}
		if !r.desired.Manages(k, parent) || asked[key] {
			continue
		}
		asked[key] = true
		job, put := r.job(k, key.parent)
		jobs, done = append(jobs, job), append(done, put)
	}
	return jobs, done
}

// mayHave gives each declared object that is live with each kind that may stand below it.
func (r *reading) mayHave(yield func(parent *schema.Object, k *schema.Kind) bool) {
	for _, parent := range r.desired.Objects {
		live := r.live.Object(parent.Address())
		if live == nil || parent.Absent {
			continue
		}
		for _, k := range parent.Kind.Children {
			if live.Misfit(k) == "" && !yield(parent, k) {
				return
			}
		}
	}
}

// Below is a kind of children that the files leave out below some of the objects they declare:
// what stands there was not read.
type Below struct {
	Kind, Parent *schema.Kind
	Objects      int // declared live objects that may have such children
}

// unread returns the kinds at the top that no call looked at.
func (r *reading) unread() []*schema.Kind {
	return slices.DeleteFunc(r.catalogue.Top(), func(k *schema.Kind) bool { return r.live.Lists[k] })
}

// notBelow counts, kind by kind, the declared live objects whose children the files leave out.
func (r *reading) notBelow() []Below {
	left := map[Below]int{}
	for parent, k := range r.mayHave {
		if k.Managed() && !r.desired.Manages(k, parent) {
			left[Below{Kind: k, Parent: parent.Kind}]++
		}
	}
	var below []Below
	for b, n := range left {
		b.Objects = n
		below = append(below, b)
	}
	slices.SortFunc(below, func(a, b Below) int {
		return cmp.Or(strings.Compare(a.Parent.Word, b.Parent.Word), strings.Compare(a.Kind.Word, b.Kind.Word))
	})
	return below
}
