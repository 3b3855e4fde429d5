package sync

import (
	"context"
	"fmt"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/file/export"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// ImportOptions say how a tenant becomes files.
type ImportOptions struct {
	Sparse bool         // leave out what the server would choose itself
	Strict bool         // an error where something cannot be read
	Schema string       // where an editor finds the JSON Schema of tenant files, "" to say nothing
	Keep   observe.Keep // takes the content of files, which the folder of the options gives back; nil: nothing is kept
}

// Imported is a tenant as files that people could have written.
type Imported struct {
	*observe.Import                  // as it was read
	Files           *export.Exported // and what no file can say
	State           *observe.State   // of the files against what was read
}

// Import reads a tenant, writes it as files in memory, and proves these: planned against what
// was read they have nothing to do. With Only, it is a part.
func (e *Engine) Import(ctx context.Context, o Options, how ImportOptions) (*Imported, error) {
	ctx, cancel := e.untilStop(ctx)
	defer cancel()
	w := e.work(nil, o, nil)
	reading := w.reading()
	reading.Keep = how.Keep
	whole, err := observe.ReadAll(ctx, e.Reader, reading, o.Only)
	if err != nil {
		return nil, err
	}
	if how.Strict && len(whole.Missed) > 0 {
		return nil, unreadable(whole.Missed)
	}
	files, err := export.Tenant(w.options.Catalogue, &whole.Live.Tenant, export.Options{Sparse: how.Sparse, Part: whole.Part, Schema: how.Schema,
		NoContent: whole.NoContent, Missed: whole.NotKnown()})
	if err != nil {
		return nil, err
	}
	full := !how.Sparse && whole.Part == nil && len(files.Left) == 0
	state, err := whole.Prove(ctx, files.Files, reading, full)
	if err != nil {
		return nil, err
	}
	return &Imported{whole, files, state}, nil
}

// Accepted is the tenant as it was taken over: the base for whoever keeps run records of it. It
// is nil of a part.
func (i *Imported) Accepted() *record.Base { return (&Planned{State: i.State}).Accepted() }

// unreadable is the error of a strict import: everything that could not be read.
func unreadable(missed []observe.Unreadable) error {
	lines := make([]string, len(missed))
	for i, u := range missed {
		lines[i] = u.String()
	}
	return fmt.Errorf("with --strict nothing is written, since this could not be read:\n%s", strings.Join(lines, "\n"))
}

// Identify reads the tenant itself and nothing else. desired may be nil.
func (e *Engine) Identify(ctx context.Context, desired *schema.Tenant, o Options) (*plan.TenantID, error) {
	return observe.Identify(ctx, e.Reader, desired, e.work(desired, o, nil).reading())
}

// Tenants returns the tenants that an administrator may see, by id. A catalogue of nil is the
// built-in one.
func (e *Engine) Tenants(ctx context.Context, c *schema.Catalogue) ([]plan.TenantID, error) {
	tenants, _, err := observe.Tenants(ctx, e.Reader, Options{Catalogue: c}.stated().Catalogue)
	return tenants, err
}
