package cli

import (
	"errors"
	"slices"

	"pbxsync/internal/journal"
	"pbxsync/sync/observe"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// verified returns what the guards of the next run should know, from what the tenant
// was read as last.
func (j *job) verified(s *observe.State) record.Verified {
	v := record.Verified{Objects: map[string]int{}}
	if s == nil {
		return v
	}
	v.Versions = s.Vouched
	for k := range s.Live.Lists {
		v.Objects[k.Word] = 0
	}
	for _, o := range s.Live.Objects {
		if _, read := v.Objects[o.Kind.Word]; read && !o.Shared {
			v.Objects[o.Kind.Word]++
		}
	}
	if v.Protected = j.kept; j.saved == nil {
		v.Protected = protections(j.tenant, s)
	}
	return v
}

// noteProtected records what the files protect, and which versions of secrets the
// tenant is taken to have, where nothing else is to be done: a protection counts from the first apply that has seen it, and until one has seen
// that it is gone.
func (j *job) noteProtected() error {
	if j.state.Live.New || j.saved != nil {
		return nil
	}
	t := tenantOf(j.state)
	records, err := j.records(t)
	if err != nil {
		return err
	}
	now := j.verified(j.state)
	var before []string
	if records.Verified != nil {
		before = records.Verified.Protected
	}
	if slices.Equal(before, now.Protected) && len(now.Versions) == 0 {
		return nil
	}
	w, _, err := j.record(t, "", 0)
	if err != nil {
		return err
	}
	return errors.Join(w.Finished(&run.Summary{}), w.Verified(now), w.Close())
}

// noteRespelled records the other forms that the tenant was seen to keep.
func noteRespelled(w *journal.Writer, after *observe.State) error {
	for _, m := range after.Respelled {
		if err := w.Respelled(m); err != nil {
			return err
		}
	}
	return nil
}
