package sync

import (
	"errors"
	"slices"

	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// verified returns what the guards of the next run should know, from what the tenant
// was read as last.
func (w *writing) verified(s *observe.State) record.Verified {
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
	if w.saved != nil {
		v.Protected = w.saved.Protected
	} else {
		v.Protected = protections(s)
	}
	return v
}

// Protections are the patterns of the files that protect something, and the names in the
// tenant of what they protect under a handle. A saved plan carries them.
func (p *Planned) Protections() []string { return protections(p.State) }

func protections(s *observe.State) []string {
	var out []string
	for _, p := range s.Desired.Protected {
		out = append(out, p.Pattern)
	}
	for _, o := range s.Live.Objects {
		if natural := o.NaturalAddress(); natural != o.Address() && !o.Shared && s.Desired.ProtectionOf(o) != nil {
			out = append(out, schema.PatternOf(natural))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// noteProtected records what the files protect, and which versions of secrets the tenant is
// taken to have, where nothing else is to be done: a protection counts from the first apply
// that has seen it, and until one has seen that it is gone.
func (w *writing) noteProtected() error {
	if w.Store == nil || w.now.State.Live.New || w.saved != nil {
		return nil
	}
	t := tenantOf(w.now.State)
	records, err := w.records(t)
	if err != nil {
		return err
	}
	now := w.verified(w.now.State)
	var before []string
	if records.Verified != nil {
		before = records.Verified.Protected
	}
	if slices.Equal(before, now.Protected) && len(now.Versions) == 0 {
		return nil
	}
	r, err := w.Store.Begin(t, "", 0)
	if err != nil {
		return err
	}
	return errors.Join(r.Finished(&run.Summary{}), r.Verified(now), r.Close())
}

// noteRespelled records the other forms that the tenant was seen to keep.
func noteRespelled(r Record, after *observe.State) error {
	for _, m := range after.Respelled {
		if err := r.Respelled(m); err != nil {
			return err
		}
	}
	return nil
}

// noRecord is the record of a run that keeps none.
type noRecord struct{}

func (noRecord) Begin(*plan.Value, []record.Object) error { return nil }
func (noRecord) Before(record.Object) error               { return nil }
func (noRecord) Intent(record.Intent) error               { return nil }
func (noRecord) Respelled(record.Respelled) error         { return nil }
func (noRecord) Ack(int, int64, string) error             { return nil }
func (noRecord) Failed(int, string) error                 { return nil }
func (noRecord) Unknown(int, string) error                { return nil }
func (noRecord) Run() string                              { return "" }
func (noRecord) Settled(record.Settled) error             { return nil }
func (noRecord) Finished(*run.Summary) error              { return nil }
func (noRecord) Verified(record.Verified) error           { return nil }
func (noRecord) Close() error                             { return nil }
func (noRecord) Discard() error                           { return nil }
