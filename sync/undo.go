package sync

import (
	"context"
	"errors"
	"slices"

	"pbxsync/schema"
	"pbxsync/sync/undo"
)

// Undo plans the way back from a run and takes it, as Apply does with files. The files say
// what is protected, and which tenant is meant.
func (e *Engine) Undo(ctx context.Context, run string, files *schema.Tenant, o Options, op Operator) (*Applied, error) {
	way, err := e.wayBack(run, files, o)
	if err != nil {
		return &Applied{}, err
	}
	w := e.writing(way.Tenant, o, op)
	w.undoing = way
	return w.apply(ctx)
}

// wayBack makes of a record what undoes its run.
func (e *Engine) wayBack(run string, files *schema.Tenant, o Options) (*undo.Undoing, error) {
	if e.Store == nil {
		return nil, errors.New("there are no run records, so nothing tells what the run did")
	}
	past, err := e.Store.Past(run)
	if err != nil {
		return nil, err
	}
	if len(past.Open) > 0 {
		return nil, fail(Unknown, "it is not known whether step %d of run %s was carried out; run apply again, which finds out, or pbxsync settle %s %d --adopt ID or --forget; then undo", past.Open[0], run, run, past.Open[0])
	}
	way, err := undo.Undo(o.stated().Catalogue, past)
	if err != nil {
		return nil, err
	}
	if made := past.Plan.Tenant.Prefix; files.Prefix != "" && made != "" && files.Prefix != made {
		return nil, fail(Refused, "run %s was made in the tenant with prefix %s, and the files are for prefix %s; nothing was written", run, made, files.Prefix)
	}
	way.Tenant.Protected, way.Tenant.Review = files.Protected, files.Review
	if len(o.Only) > 0 {
		err = way.Only(o.Only)
	}
	return way, err
}

// unlike words what hinders an undo: its objects stand in a record, and not in files.
func (w *work) unlike(problems schema.Problems) schema.Problems {
	if w.undoing == nil {
		return problems
	}
	out := slices.Clone(problems)
	for i := range out {
		out[i].Hint = "the tenant has moved since the run; undo later runs first, or choose other objects with --only"
	}
	return out
}
