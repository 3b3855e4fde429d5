package observe

import (
	"context"
	"net/http"
	"sync"

	"golang.org/x/sync/errgroup"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// Options say how a tenant is read.
type Options struct {
	Catalogue   *schema.Catalogue
	Tenant      Selector
	Parallelism int           // calls at the same time
	Create      string        // the name of the tenant that may be created where there is none
	Delete      string        // the name of the tenant that may be deleted
	Folder      schema.Folder // of the files that objects name; nil: there is none
	SkipContent bool          // leave the content of files out of the comparison
	Keep        Keep          // of ReadAll: takes the content of files; nil: nothing is kept
	Today       string        // the day, as 2026-12-31, until which differences may be accepted; "": none is
	Fewer       []string      // kinds of which there may be far fewer objects than there were

	sparing bool // go on without what cannot be read

	// Records finds what earlier runs of the tenant have recorded. It is called
	// only where that matters; nil: there are none.
	Records func(plan.TenantID) (*record.Records, error)
	// SendSecrets are patterns of the objects whose secrets are sent once more.
	SendSecrets []string
	// TrustVersions are patterns of the objects that have the secrets in the versions that
	// are stated, though nothing on record says so.
	TrustVersions []string
	// Respelled is what a run was told and has not recorded yet.
	Respelled []record.Respelled
	// Base finds the tenant as it was last applied or accepted; nil: it is not known.
	Base func(plan.TenantID) (*diff.Base, error)
	// Leave has what drifted from the base left as it is: it is taken out of what is wanted,
	// which is changed.
	Leave bool
	// Approved is the saved plan that is made again: what it decided about secrets
	// stays so, whatever the records here say.
	Approved *plan.Value
}

// State is what a comparison found, ready to be ordered into a plan.
type State struct {
	plan.Basis
	Calls     Calls
	Unread    []*schema.Kind                    // managed kinds of the catalogue that were not read
	Below     []Below                           // kinds of children of which only some were read, or none
	Unknown   []string                          // resources of the API that no kind stands for
	Guards    []*plan.Guard                     // what forbids carrying the changes out
	Notes     []string                          // what is left undone on purpose, and why
	Pending   []Pending                         // secrets of which only a person knows whether they have to be sent
	Vouched   map[string]map[string]record.Sent // address -> field -> version that goes on record where the tenant is as wanted
	Losses    []*plan.Loss                      // what goes with deleted objects, as it is at this moment
	Respelled []record.Respelled                // differences that are another form of what was sent
	Sides     []*diff.Sided                     // who moved since the base, by address; nil: there is none
	Waived    []*diff.Sided                     // of what moved, that which the files accept today
	Left      []*diff.Sided                     // of these, what drifted and is left as it is
	Needed    []*diff.Sided                     // what drifted and is put back, since other changes need it
	Skipped   []*schema.Object                  // live objects whose content was not compared
	// Problems are what only the server could tell.
	Problems schema.Problems
}

// Observe reads what desired needs of the live tenant and compares the two. An
// error means that nothing is known; problems and guards are in the state.
func Observe(ctx context.Context, api call.Reader, desired *schema.Tenant, o Options) (*State, error) {
	r := &confirming{reading{finding: finding{fetching: fetch(api, o), desired: desired}}}
	if err := r.find(ctx, o.Tenant); err != nil {
		return nil, err
	}
	if r.gone {
		return &State{Basis: plan.Basis{Desired: desired, Live: r.live, Diff: &diff.Result{}}, Calls: r.calls, Unread: r.unread(), Unknown: o.Catalogue.Unknown}, nil
	}
	if err := r.first(ctx); err != nil {
		return nil, err
	}
	problems, err := r.match()
	if err != nil {
		return nil, err
	}
	r.problems = append(r.problems, problems...)
	if err := r.children(ctx); err != nil {
		return nil, err
	}
	if err := r.contents(ctx); err != nil {
		return nil, err
	}
	r.link()
	r.problems = append(r.problems, r.live.Replace(desired)...)
	secrets, err := r.resend()
	if err != nil {
		return nil, err
	}
	r.checkMembers()
	r.checkLinked()
	result := diff.Compare(desired, r.live)
	s := &State{Basis: plan.Basis{Desired: desired, Live: r.live, Diff: result}, Unknown: o.Catalogue.Unknown}
	if err := r.respell(s); err != nil {
		return nil, err
	}
	if err := (&siding{r}).sides(ctx, s); err != nil {
		return nil, err
	}
	if err := r.confirm(ctx, s); err != nil {
		return nil, err
	}
	s.Notes = append(append(s.Notes, secrets.said()...), result.Ended(desired, o.Today)...)
	s.Pending, s.Vouched = secrets.pending, secrets.vouched
	s.Problems = append(append(append(r.problems, s.Diff.Problems...), s.Problems...), diff.Unmet(desired, r.live)...).Sort()
	s.Problems = desired.Unsilenced(s.Problems)
	s.Calls, s.Unread, s.Skipped = r.calls, r.unread(), r.skipped
	s.Below = r.notBelow()
	return s, nil
}

// confirming asks for what only some plans need, once the two tenants are compared.
type confirming struct{ reading }

// reading is one pass over a live tenant.
type reading struct {
	finding
	looked  map[suspectKey]bool // objects that no list tells and that were asked for
	skipped []*schema.Object    // whose content is not compared
}

// finding is a tenant that is looked for.
type finding struct {
	fetching
	desired  *schema.Tenant
	tenant   map[string]any // the tenant's own resource
	gone     bool           // the files want no such tenant, and there is none
	live     *diff.Live
	problems schema.Problems
}

// fetching reads lists and items, counts the calls, and notes what cannot be read.
type fetching struct {
	api       call.Reader
	options   Options
	catalogue *schema.Catalogue
	root      *schema.Kind
	record    *Snapshot       // notes every answer, or nil
	missed    []Unreadable    // what could not
	known     *record.Records // once they were asked for

	mu    sync.Mutex
	calls Calls
	lists map[listKey]listing
}

// listKey is a list that was read: a kind under a parent (nil: the tenant).
type listKey struct {
	kind   *schema.Kind
	parent *schema.Object
}

type listing struct {
	rows   []map[string]any
	pages  int
	path   string
	digest []uint64 // of the rows, once they are taken in
}

func (r *fetching) count(f func(*Calls)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.calls)
}

// jobs runs calls at the same time, as many as the options allow.
func (r *fetching) jobs(ctx context.Context, fs []func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(1, r.options.Parallelism))
	for _, f := range fs {
		g.Go(func() error { return f(ctx) })
	}
	return g.Wait()
}

// first reads the kinds at the top that desired declares or refers to.
func (r *reading) first(ctx context.Context) error {
	r.live.Lists[r.root] = true
	if r.live.New {
		return r.readKinds(ctx, r.needed())
	}
	own, err := r.live.NewObject(r.root, nil, r.tenant)
	if err != nil {
		return err
	}
	r.live.Put(own)
	if r.desired.Manages(r.root, nil) {
		r.count(func(c *Calls) { c.Tenant--; c.Items++ }) // the same call serves both
	}
	if err := r.administrator(ctx, own); err != nil {
		return err
	}
	return r.readKinds(ctx, r.needed())
}

// needed returns the kinds that desired declares or refers to, by word.
func (r *reading) needed() []*schema.Kind {
	need := map[*schema.Kind]bool{}
	for k := range r.desired.Managed {
		need[k] = true
	}
	for _, o := range r.desired.Objects {
		for _, f := range o.Kind.Fields {
			f.EachRef(o.Values[f.Name], func(f *schema.Field, _ any) { need[f.Ref] = need[f.Ref] || !f.OrText })
		}
	}
	var kinds []*schema.Kind
	for _, k := range r.catalogue.Kinds {
		if need[k] && len(k.Parents) == 0 {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// readKinds reads all objects of kinds at the top that were not read before.
func (r *reading) readKinds(ctx context.Context, kinds []*schema.Kind) error {
	var jobs []func(context.Context) error
	var done []func() error
	for _, k := range kinds {
		if r.live.Lists[k] {
			continue
		}
		if r.live.Lists[k] = true; r.live.New {
			continue
		}
		more, puts, err := r.jobsAtTop(k)
		if err != nil {
			return err
		}
		jobs, done = append(jobs, more...), append(done, puts...)
	}
	if err := r.run(ctx, jobs, done); err != nil {
		return err
	}
	for _, u := range r.missed {
		if u.Parent == nil && !u.Row {
			delete(r.live.Lists, u.Kind) // what could not be read is not an empty list
		}
	}
	return nil
}

// run carries jobs out and then takes their answers in, in a fixed order.
func (r *fetching) run(ctx context.Context, jobs []func(context.Context) error, done []func() error) error {
	if err := r.jobs(ctx, jobs); err != nil {
		return err
	}
	for _, put := range done {
		if err := put(); err != nil {
			return err
		}
	}
	return nil
}

// job returns the call that reads a kind under a parent, and what takes its answer in.
func (r *reading) job(k *schema.Kind, parent *schema.Object) (func(context.Context) error, func() error) {
	if job, put := r.sequenceJob(k, parent); job != nil {
		return job, put
	}
	if k.Singleton() {
		return r.itemJob(k, parent)
	}
	key := listKey{k, parent}
	job := func(ctx context.Context) error {
		l, extra, err := r.list(ctx, k, parent)
		if err != nil {
			return r.spare(k, parent, l.path, err)
		}
		r.count(func(c *Calls) { c.Lists += l.pages; c.Extra += extra })
		r.mu.Lock()
		defer r.mu.Unlock()
		r.lists[key] = l
		return nil
	}
	return job, func() error {
		l := r.lists[key]
		if l.pages > 1 {
			l.digest = digest(l.rows) // only long lists are compared with a second pass
		}
		rows := l.rows
		l.rows = nil
		r.lists[key] = l
		r.live.HasRead(k, parent)
		return r.put(k, parent, rows)
	}
}

func (r *finding) list(ctx context.Context, k *schema.Kind, parent *schema.Object) (listing, int, error) {
	path, err := r.path(k.CollectionPath(parent), parent)
	if err != nil {
		return listing{}, 0, err
	}
	rows, pages, extra, err := r.api.List(ctx, path, k.Listing())
	if err == nil {
		r.record.keep(k, path, rows)
	}
	return listing{rows: rows, pages: pages, path: path}, extra, err
}

func (r *reading) put(k *schema.Kind, parent *schema.Object, rows []map[string]any) error {
	for _, row := range rows {
		if err := r.foreign(k, row); err != nil {
			return err
		}
		o, err := r.live.NewObject(k, parent, row)
		if err != nil {
			if err := r.spareRow(k, parent, err); err != nil {
				return err
			}
			continue
		}
		r.live.Put(o)
	}
	return nil
}

func (r *reading) itemJob(k *schema.Kind, parent *schema.Object) (func(context.Context) error, func() error) {
	var object *schema.Object
	job := func(ctx context.Context) error {
		path, err := r.path((&schema.Object{Kind: k, Parent: parent}).ItemPath(), parent)
		if err != nil {
			return err
		}
		v, err := r.api.Get(ctx, path)
		if err != nil {
			return r.spare(k, parent, path, err)
		}
		r.count(func(c *Calls) { c.Items++ })
		row, ok := v.(map[string]any)
		if !ok {
			return r.spare(k, parent, path, &refusal{path, http.StatusOK, "the server sent no object; is this the PBX's API?"})
		}
		r.record.keepItem(k, path, row)
		if object, err = r.live.NewObject(k, parent, row); err != nil {
			return r.spare(k, parent, path, &refusal{path, http.StatusOK, err.Error()})
		}
		return nil
	}
	return job, func() error {
		if object != nil {
			r.live.Put(object)
		}
		return nil
	}
}

// path fills the tenant's and the parents' ids in.
func (r *finding) path(template string, parent *schema.Object) (string, error) {
	return call.Fill(template, func(symbol string) int64 {
		if symbol == schema.TenantSymbol {
			return r.live.ID
		}
		for o := parent; o != nil; o = o.Parent {
			if o.Symbol() == symbol {
				return o.ID
			}
		}
		return 0
	})
}

func (r *reading) link() {
	r.problems = append(r.problems, r.live.Resolve(r.desired)...)
}
