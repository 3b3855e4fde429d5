package observe

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// Import is a live tenant, read as far as the kinds of the catalogue reach.
type Import struct {
	Live     *diff.Live
	Part     map[*schema.Object]bool // what patterns chose, with what it refers to; nil: everything
	Snapshot *Snapshot
	Calls    Calls
	Unread   []*schema.Kind // kinds of which nothing was read
	Unknown  []string       // resources of the API that no kind stands for
	Missed   []Unreadable   // what could not be read
	Skipped  int            // files that were not downloaded on purpose
	// NoContent says of objects why the content of their file was not kept.
	NoContent map[*schema.Object]string
}

// ReadAll reads a tenant without any files: every list, every list of children, every
// object that only has an item call, and the content of files; lists of several pages
// twice. Of what the API does not list it reads what the run records know. Names are
// told apart and references resolved. With patterns of addresses, children are read
// only below what these choose and what it refers to.
func ReadAll(ctx context.Context, api call.Reader, o Options, only []string) (*Import, error) {
	w := &importing{below: map[*schema.Object]bool{}}
	w.fetching, w.desired, w.record = fetch(api, o.spare()), &schema.Tenant{}, newSnapshot()
	if err := w.find(ctx, o.Tenant); w.live == nil {
		return nil, err // else it misses the files that nobody has
	}
	if err := w.top(ctx); err != nil {
		return nil, err
	}
	part, err := w.choose(ctx, only)
	if err != nil {
		return nil, err
	}
	if err := w.twice(ctx); err != nil {
		return nil, err
	}
	skipped, reasons, err := w.saveContents(ctx, part)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(w.missed, func(a, b Unreadable) int { return strings.Compare(a.String(), b.String()) })
	w.record.Tenant = plan.TenantID{ID: w.live.ID, Name: w.live.Name, Prefix: w.live.Prefix}
	return &Import{Live: w.live, Part: part, Snapshot: w.record, Calls: w.calls, Unread: w.unread(), Unknown: o.Catalogue.Unknown, Missed: w.missed,
		Skipped: skipped, NoContent: reasons}, nil
}

// importing is a reading without files.
type importing struct {
	reading
	below map[*schema.Object]bool // objects whose children were read
}

// top reads the tenant itself and every kind at the top.
func (w *importing) top(ctx context.Context) error {
	o, err := w.live.NewObject(w.root, nil, w.tenant)
	if err != nil {
		return err
	}
	w.live.Put(o)
	w.live.Lists[w.root] = true
	w.record.keepItem(w.root, w.rootPath(strconv.FormatInt(w.live.ID, 10)), w.tenant)
	w.count(func(c *Calls) { c.Tenant--; c.Items++ }) // the same call serves both
	if err := w.asAdministrator(ctx, o); err != nil {
		return err
	}
	var kinds []*schema.Kind
	for _, k := range w.catalogue.Top() {
		if k.Readable() {
			kinds = append(kinds, k)
		}
	}
	if err := w.readKinds(ctx, kinds); err != nil {
		return err
	}
	if err := w.recorded(ctx); err != nil {
		return err
	}
	if err := w.bounds(ctx); err != nil {
		return err
	}
	w.live.Handles()
	w.link()
	return nil
}

// bounds reads what no file can declare and plans may look at: the tenant's limits.
// Who may not see them goes without.
func (w *importing) bounds(ctx context.Context) error {
	for _, k := range w.catalogue.Kinds {
		if len(k.Section) > 0 || len(k.Parents) > 0 || !k.Singleton() || !k.Readable() {
			continue
		}
		at, err := w.path((&schema.Object{Kind: k}).ItemPath(), nil)
		if err != nil {
			return err
		}
		v, err := w.api.Get(ctx, at)
		w.count(func(c *Calls) { c.Tenant++ })
		if err != nil && call.Unreadable(err) {
			w.record.refuse(at, err)
			continue
		} else if err != nil {
			return err
		}
		if row, ok := v.(map[string]any); ok {
			w.record.keepItem(k, at, row)
		}
	}
	return nil
}

// choose reads the children of everything, or of what patterns choose and of what
// that refers to.
func (w *importing) choose(ctx context.Context, only []string) (map[*schema.Object]bool, error) {
	if len(only) == 0 {
		return nil, w.descend(ctx, w.live.Objects)
	}
	if err := w.descend(ctx, w.above(only)); err != nil {
		return nil, err
	}
	chosen, problems := w.live.Choose(only)
	if err := problems.Err(); err != nil {
		return nil, w.amongRead(err)
	}
	part := map[*schema.Object]bool{}
	for len(chosen) > 0 {
		if err := w.descend(ctx, chosen); err != nil {
			return nil, err
		}
		chosen = w.closure(part, chosen)
	}
	return part, nil
}

// amongRead says of an error that it is about what could be read, where that is not all.
func (w *importing) amongRead(err error) error {
	if len(w.missed) == 0 {
		return err
	}
	var missed []string
	for _, u := range w.missed {
		missed = append(missed, u.String())
	}
	slices.Sort(missed)
	return fmt.Errorf("%w; not all could be read: %s", err, strings.Join(missed, ", "))
}

// above returns the objects that patterns choose, or whose children they may choose.
func (w *importing) above(only []string) []*schema.Object {
	var heads []string
	for _, p := range only {
		for p != "" {
			heads = append(heads, p)
			p = p[:max(0, strings.LastIndex(p, "/"))]
		}
	}
	out, _ := w.live.Choose(heads)
	return out
}

// closure adds objects with their parents, children and what they refer to. It
// returns what was added and whose children are not read.
func (w *importing) closure(part map[*schema.Object]bool, chosen []*schema.Object) []*schema.Object {
	var unread []*schema.Object
	var add func(o *schema.Object)
	children := map[*schema.Object][]*schema.Object{}
	for _, o := range w.live.Objects {
		if o.Parent != nil {
			children[o.Parent] = append(children[o.Parent], o)
		}
	}
	add = func(o *schema.Object) {
		if o == nil || o.Shared || part[o] {
			return
		}
		if part[o] = true; !w.below[o] {
			unread = append(unread, o)
		}
		add(o.Parent)
		for _, c := range children[o] {
			add(c)
		}
		for _, f := range o.Kind.Fields {
			f.EachRef(o.Values[f.Name], func(f *schema.Field, v any) { add(w.live.Target(f, v)) })
			for _, member := range w.live.Targets(f, o.Values[f.Name]) {
				add(member)
			}
		}
	}
	for _, o := range chosen {
		delete(part, o) // its children are known now
		add(o)
	}
	return unread
}

// descend reads the children of objects, and theirs.
func (w *importing) descend(ctx context.Context, parents []*schema.Object) error {
	for len(parents) > 0 {
		var jobs []func(context.Context) error
		var done []func() error
		for _, parent := range parents {
			if parent.Shared || w.below[parent] {
				continue
			}
			w.below[parent] = true
			for _, k := range parent.Kind.Children {
				if k.Readable() && parent.Misfit(k) == "" {
					job, put := w.job(k, parent)
					jobs, done = append(jobs, job), append(done, put)
				}
			}
		}
		before := len(w.live.Objects)
		if err := w.run(ctx, jobs, done); err != nil {
			return err
		}
		parents = append([]*schema.Object(nil), w.live.Objects[before:]...)
	}
	w.live.Handles()
	w.link()
	return nil
}

// twice reads the lists of several pages again: they have to be the same.
func (w *importing) twice(ctx context.Context) error {
	var jobs []func(context.Context) error
	for key, before := range w.lists {
		if before.pages > 1 {
			jobs = append(jobs, func(ctx context.Context) error { return w.again(ctx, key, before) })
		}
	}
	return w.jobs(ctx, jobs)
}
