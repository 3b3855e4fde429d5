package sync

import (
	"time"

	"pbxsync/schema"
	"pbxsync/schema/review"
	"pbxsync/schema/risk"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// Engine brings the tenants of one server to what is wanted. Its calls are all that an exit
// needs: each keeps the whole protocol.
type Engine struct {
	Reader call.Reader     // of every call
	Writer call.Writer     // of Apply and Undo alone: whoever plans need not be able to write
	Store  Store           // what runs leave behind, and what keeps them apart; nil: nothing does
	Stop   <-chan struct{} // closed when the work is to end: reading at once, writing once the calls under way have ended; nil: never
}

// Options say how a tenant is read and written. None has to be stated.
type Options struct {
	Catalogue   *schema.Catalogue // of the kinds; nil: the built-in one
	Tenant      observe.Selector  // default: that of the credentials
	Parallelism int               // calls at the same time, at least one
	Create      string            // the name of the tenant that may be created where there is none
	Delete      string            // the name of the tenant that may be deleted
	Today       string            // the day, as 2026-12-31, until which files may accept differences; "": none is accepted
	Only        []string          // of Import, Pull and Undo: addresses or patterns of a part; none: all
	Folder      schema.Folder     // of the files that objects name; nil: there is none
	SkipContent bool              // leave the content of files out of the comparison
	RereadAll   bool              // in the end read again also what nothing has touched
	Settle      time.Duration     // how long to look for what a call without an answer may have made; 0: a minute
	Secrets     run.Secrets       // finds what is sent; nil: there are none
	Allow       Allowed           // what guards let pass
	Base        *Base             // the tenant as it was accepted; nil: as run records tell
	RevertDrift bool              // put back what drifted from the base, and let the files win where both moved
	Rules       *review.Rules     // those that hold, noted beside the base for whoever plans later; nil: none is noted
	FailOn      []risk.Class      // risks that have to be approved, beside those of Tenant.Review

	// Judge holds a plan against the rules of whoever runs the engine; nil: there are none. What
	// it refuses, and what nobody has approved, is not carried out.
	Judge func(*Planned) []plan.Finding

	// SendSecrets are patterns of the objects whose secrets are sent once more.
	SendSecrets []string
	// TrustVersions are patterns of the objects that have the secrets in the versions that
	// are stated, though nothing on record says so.
	TrustVersions []string
}

// stated are the options with what stands in the place of what is not stated.
func (o Options) stated() Options {
	if o.Catalogue == nil {
		o.Catalogue = schema.Builtin()
	}
	return o
}

// reading returns how the tenant is read before anything is written.
func (w *work) reading() observe.Options {
	o := w.options
	r := observe.Options{Catalogue: o.Catalogue, Tenant: o.Tenant, Parallelism: o.Parallelism, Create: o.Create, Delete: o.Delete, Folder: o.Folder,
		Today: o.Today, SkipContent: o.SkipContent, Fewer: o.Allow.Fewer, SendSecrets: o.SendSecrets, TrustVersions: o.TrustVersions}
	if w.saved != nil {
		r.Approved = w.saved.Value
	}
	if w.undoing == nil {
		r.Base, r.Leave = w.based, w.leaves()
	}
	if w.Store != nil {
		r.Records = w.records
	}
	return r
}

// running returns how a plan is carried out.
func (w *work) running() run.Options {
	o := w.options
	return run.Options{Catalogue: o.Catalogue, Parallelism: o.Parallelism, Folder: o.Folder, Settle: w.settle(), Hangup: o.Allow.Hangup}
}
