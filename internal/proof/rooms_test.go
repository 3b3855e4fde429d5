package proof

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

// options are those of the rooms that read and that write, for tests that look at what is in
// between.
type options struct {
	Catalogue   *schema.Catalogue
	Tenant      observe.Selector
	Parallelism int
	Create      string
	Delete      string
	Folder      schema.Folder
	SkipContent bool
	Keep        observe.Keep
	Fewer       []string
	Records     func(plan.TenantID) (*record.Records, error)
	SendSecrets []string
	Approved    *plan.Value
	Respelled   []record.Respelled

	Journal run.Journal
	Settle  time.Duration
	Run     string
	Hangup  []string

	TrustVersions []string
}

func (o options) Reading() observe.Options {
	return observe.Options{Catalogue: o.Catalogue, Tenant: o.Tenant, Parallelism: o.Parallelism, Create: o.Create, Delete: o.Delete, Folder: o.Folder,
		SkipContent: o.SkipContent, Keep: o.Keep, Fewer: o.Fewer, Records: o.Records, SendSecrets: o.SendSecrets, TrustVersions: o.TrustVersions,
		Respelled: o.Respelled, Approved: o.Approved}
}

func observed(ctx context.Context, api call.Reader, desired *schema.Tenant, o options) (*observe.State, error) {
	return observe.Observe(ctx, api, desired, o.Reading())
}

func readAll(ctx context.Context, api call.Reader, o options, only []string) (*observe.Import, error) {
	return observe.ReadAll(ctx, api, o.Reading(), only)
}

func carriedOut(ctx context.Context, api call.Writer, p *plan.Plan, secrets run.Secrets, o options, stop <-chan struct{}, sink run.Sink) (*run.Summary, error) {
	return run.Apply(ctx, api, p, secrets, run.Options{Catalogue: o.Catalogue, Parallelism: o.Parallelism, Journal: o.Journal, Folder: o.Folder, Settle: o.Settle,
		Run: o.Run, Hangup: o.Hangup}, stop, sink)
}
