package observe

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// This file is the behaviour "known only from records": kinds that the API does
// not list. Which objects there are, files say with id:, or the run records do.

// suspect is an object that may be there: its id, and who says so.
type suspect struct {
	address string
	id      int64
	place   schema.Place
	onFile  bool // the file says so, not the run records
	settled string
}

type suspectKey struct {
	kind *schema.Kind
	id   int64
}

// suspects returns what is known of a kind: of declared objects, or of all.
func (r *reading) suspects(k *schema.Kind, all bool) ([]suspect, error) {
	records, err := r.records()
	if err != nil {
		return nil, err
	}
	var out []suspect
	taken := map[int64]bool{}
	take := func(s suspect) {
		if s.id > 0 && !taken[s.id] {
			taken[s.id] = true
			out = append(out, s)
		}
	}
	for _, o := range r.desired.Objects {
		if o.Kind == k {
			take(suspect{o.Address(), o.ID, o.PlaceOf("id"), true, ""})
		}
	}
	for _, o := range r.desired.Objects {
		if o.Kind == k && o.ID == 0 {
			take(recordedAt(records, o))
		}
	}
	for _, name := range records.Names(k) { // the files may call one something else by now
		for _, seen := range records.Seen[name] {
			if o := r.undecided(name, out); o != nil {
				take(suspect{o.Address(), seen.ID, o.Place, false, seen.Settled})
			} else if all {
				take(suspect{id: seen.ID})
			}
		}
	}
	return out, nil
}

// undecided returns a declared object with the name of which nothing is known yet.
func (r *reading) undecided(name record.Name, found []suspect) *schema.Object {
	for _, o := range r.desired.Objects {
		if o.ID == 0 && record.NameOf(o) == name && !slices.ContainsFunc(found, func(s suspect) bool { return s.address == o.Address() }) {
			return o
		}
	}
	return nil
}

// at returns what is on record of the object with the address and name of o.
func recordedAt(k *record.Records, o *schema.Object) suspect {
	if k != nil {
		for _, seen := range slices.Backward(k.Seen[record.NameOf(o)]) {
			if seen.Address == o.Address() {
				return suspect{o.Address(), seen.ID, o.Place, false, seen.Settled}
			}
		}
	}
	return suspect{}
}

// jobsAtTop returns the calls that read a kind at the top, and what takes their answers in.
func (r *reading) jobsAtTop(k *schema.Kind) (jobs []func(context.Context) error, done []func() error, err error) {
	if k.Behaviour == schema.KnownFromRecords {
		return r.knownJobs(k, false)
	}
	job, put := r.job(k, nil)
	return append(jobs, job), append(done, put), nil
}

// knownJobs returns the calls that read the objects of a kind which no list tells,
// one for each, and what takes their answers in.
func (r *reading) knownJobs(k *schema.Kind, all bool) (jobs []func(context.Context) error, done []func() error, err error) {
	suspects, err := r.suspects(k, all)
	for _, s := range suspects {
		if r.looked[suspectKey{k, s.id}] {
			continue
		}
		if r.looked == nil {
			r.looked = map[suspectKey]bool{}
		}
		r.looked[suspectKey{k, s.id}] = true
		job, put := r.suspectJob(k, s)
		jobs, done = append(jobs, job), append(done, put)
	}
	return jobs, done, err
}

func (r *reading) suspectJob(k *schema.Kind, s suspect) (func(context.Context) error, func() error) {
	var row map[string]any
	job := func(ctx context.Context) error {
		o := &schema.Object{Kind: k, Key: "suspect"}
		path, err := call.Fill(o.ItemPath(), func(symbol string) int64 {
			if symbol == schema.TenantSymbol {
				return r.live.ID
			}
			return s.id
		})
		if err != nil {
			return err
		}
		v, err := r.api.Get(ctx, path)
		r.count(func(c *Calls) { c.Items++ })
		if call.Status(err) == http.StatusNotFound {
			r.record.refuse(path, err)
			return nil // it is certainly not there
		} else if err != nil {
			return err
		}
		var ok bool
		if row, ok = v.(map[string]any); !ok {
			return fmt.Errorf("GET %s: the server sent no object; is this the PBX's API?", path)
		}
		r.record.keepItem(k, path, row)
		return nil
	}
	return job, func() error { return r.takeSuspect(k, s, row) }
}

// takeSuspect takes in what was found under an id on record.
func (r *reading) takeSuspect(k *schema.Kind, s suspect, row map[string]any) error {
	if row == nil && s.settled != "" {
		r.problems = append(r.problems, schema.Problem{Place: s.place, Address: s.address, Asked: true,
			Message: fmt.Sprintf("id %d was adopted (%s), and the tenant has no such object", s.id, s.settled),
			Hint:    "adopt the right one with pbxsync settle, or say with --forget that there is none"})
	}
	if row == nil {
		return nil
	}
	o, err := r.live.NewObject(k, nil, row)
	if err != nil {
		return fmt.Errorf("%s %d: %w; is this the PBX's API?", k.Word, s.id, err)
	}
	all, err := r.respellings()
	if err != nil {
		return err
	}
	if d := r.desired.Object(s.address); d != nil && !s.onFile && d.NaturalKey() != o.Key && !all.calls(d, o) {
		r.problems = append(r.problems, schema.Problem{Place: s.place, Address: s.address, Asked: true,
			Message: fmt.Sprintf("the run records say id %d, which is called %q in the tenant", s.id, o.Key),
			Hint:    "say which it is with id: N, or name other records with --state-dir"})
	}
	r.live.Put(o)
	return nil
}

// readKnown reads what the run records know of kinds, declared or not.
func (r *reading) readKnown(ctx context.Context, kinds []*schema.Kind) error {
	for _, k := range kinds {
		if k.Behaviour != schema.KnownFromRecords {
			continue
		}
		jobs, done, err := r.knownJobs(k, true)
		if err == nil {
			err = r.run(ctx, jobs, done)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// recorded reads what the run records know of kinds that the API does not list. Of a
// kind that they do not know nothing was looked at.
func (w *importing) recorded(ctx context.Context) error {
	records, err := w.records()
	if err != nil {
		return err
	}
	var kinds []*schema.Kind
	for _, k := range w.catalogue.Top() {
		if k.Behaviour == schema.KnownFromRecords && len(records.Names(k)) > 0 {
			w.live.Lists[k] = true
			kinds = append(kinds, k)
		}
	}
	return w.readKnown(ctx, kinds)
}

// madeBefore refuses to make what may be there already and cannot be looked for.
func (r *confirming) madeBefore(s *State) error {
	for _, ch := range s.Diff.Changes {
		k, address := ch.Object().Kind, ch.Address()
		if ch.Action != diff.Create || k.Behaviour != schema.KnownFromRecords {
			continue
		}
		records, err := r.records()
		if err != nil {
			return err
		}
		at := cmp.Or(ch.Desired.Place.String(), address)
		switch {
		case !records.Empty() && records.Unsettled(ch.Desired) != nil:
			open := records.Unsettled(ch.Desired)
			s.Guards = append(s.Guards, &plan.Guard{ID: "unsettled", Message: fmt.Sprintf("%s: %s may have been made already (%s), and the API does not list its kind", at, address, open),
				Hint: fmt.Sprintf("look in the PBX; if it is there, pbxsync settle %s %d --adopt ID, else pbxsync settle %s %d --forget", open.Run, open.Step, open.Run, open.Step)})
		case records.Empty():
			s.Guards = append(s.Guards, &plan.Guard{ID: "no-records", Message: fmt.Sprintf("%s: %s: %s tell whether it was made before, and the API does not list its kind", at, address, records.Missing()),
				Hint: "if it is there, state its id: N; if its records lie elsewhere, name them with --state-dir; if it is new, apply something else first (--only), so that there are records"})
		}
	}
	return nil
}
