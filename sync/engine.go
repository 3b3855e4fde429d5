package sync

import (
	"context"
	"time"

	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// Options say how a tenant is read and written.
type Options struct {
	Catalogue   *schema.Catalogue
	Tenant      observe.Selector
	Parallelism int           // calls at the same time
	Create      string        // the name of the tenant that may be created where there is none
	Delete      string        // the name of the tenant that may be deleted
	Journal     run.Journal   // of Apply; nil: none
	Folder      schema.Folder // of the files that objects name; nil: there is none
	SkipContent bool          // leave the content of files out of the comparison
	Settle      time.Duration // how long to look for what a call without an answer may have made
	Run         string        // name of the run that Apply carries out
	Keep        observe.Keep  // of ReadAll: takes the content of files; nil: nothing is kept
	Hangup      []string      // addresses of what Apply may delete although something goes on at it
	Fewer       []string      // kinds of which there may be far fewer objects than there were

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
	// Approved is the saved plan that is made again: what it decided about secrets
	// stays so, whatever the records here say.
	Approved *plan.Value
}

// Reading returns what of the options says how a tenant is read.
func (o Options) Reading() observe.Options {
	return observe.Options{Catalogue: o.Catalogue, Tenant: o.Tenant, Parallelism: o.Parallelism, Create: o.Create, Delete: o.Delete, Folder: o.Folder,
		SkipContent: o.SkipContent, Keep: o.Keep, Fewer: o.Fewer, Records: o.Records, SendSecrets: o.SendSecrets, TrustVersions: o.TrustVersions,
		Respelled: o.Respelled, Approved: o.Approved}
}

func (o Options) running() run.Options {
	return run.Options{Catalogue: o.Catalogue, Parallelism: o.Parallelism, Journal: o.Journal, Folder: o.Folder, Settle: o.Settle, Run: o.Run, Hangup: o.Hangup}
}

// Observe reads what desired needs of the live tenant and compares the two. An error means
// that nothing is known; problems and guards are in the state.
func Observe(ctx context.Context, api call.Reader, desired *schema.Tenant, o Options) (*observe.State, error) {
	return observe.Observe(ctx, api, desired, o.Reading())
}

// ReadAll reads a tenant without any files, as far as the catalogue reaches. With patterns
// of addresses, children are read only below what these choose and what it refers to.
func ReadAll(ctx context.Context, api call.Reader, o Options, only []string) (*observe.Whole, error) {
	return observe.ReadAll(ctx, api, o.Reading(), only)
}

// Identify reads the tenant itself and nothing else. desired may be nil.
func Identify(ctx context.Context, api call.Reader, desired *schema.Tenant, o Options) (*plan.TenantID, error) {
	return observe.Identify(ctx, api, desired, o.Reading())
}

// Apply carries a plan out: exactly its writes, independent ones at the same time. See
// the room that does it for what it promises.
func Apply(ctx context.Context, api call.Writer, p *plan.Plan, secrets run.Secrets, o Options, stop <-chan struct{}, sink run.Sink) (*run.Summary, error) {
	return run.Apply(ctx, api, p, secrets, o.running(), stop, sink)
}

// Resume finds out what became of the creates of earlier runs whose outcome is not known,
// before anything is planned from what the tenant has now.
func Resume(ctx context.Context, api call.Reader, k *record.Records, t plan.TenantID, o Options, stop <-chan struct{}) ([]record.Settled, []*run.Ambiguous, error) {
	return run.Resume(ctx, api, k, t, o.running(), stop)
}
