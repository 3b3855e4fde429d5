package sync

import (
	"fmt"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/review"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// Source says where a base is from.
type Source string

// The sources of a base.
const (
	FromRecords  Source = "records"  // of runs
	FromRevision Source = "revision" // of git
	FromFolder   Source = "folder"   // of earlier files
	FromSnapshot Source = "snapshot"
)

// Base is the tenant as it was last applied or accepted: it tells what drifted from what the
// files changed.
type Base struct {
	diff.Base
	Source Source
	Where  string            // names it for people
	Taken  string            // wall time, "" where that is not known
	Since  map[string]string // address -> wall time of what is older than that
	Rules  *review.Rules     // by which the plan of it was reviewed; nil: they are not known
	id     int64             // of the tenant, 0 where that is not known
}

// based finds the base of a tenant. None is no error.
func (w *work) based(t plan.TenantID) (*diff.Base, error) {
	b := w.options.Base
	records, err := w.known(t)
	if err != nil {
		return nil, err
	}
	if b == nil {
		if b, err = w.recorded(records); b == nil {
			return nil, err
		}
	}
	if why := b.foreign(t); why != "" {
		if w.options.Base != nil {
			return nil, fail(Refused, "%s is no base here: %s; nothing was written", b.Where, why)
		}
		return nil, w.without("%s is of another tenant (%s)", b.Where, why)
	}
	w.base = b
	out := b.Base
	out.Kept = kept(records)
	return &out, nil
}

func (w *work) known(t plan.TenantID) (*record.Records, error) {
	if w.Store == nil {
		return &record.Records{None: true}, nil
	}
	return w.records(t)
}

// recorded makes a base of what runs have left.
func (w *work) recorded(k *record.Records) (*Base, error) {
	switch {
	case k.BaseLost != nil:
		return nil, w.without("%w", k.BaseLost)
	case k.Base == nil && k.None:
		w.noBase = "there are no run records"
		return nil, nil
	case k.Base == nil:
		w.noBase = "no run has left one yet"
		return nil, nil
	}
	tenant, since, ids := recalled(w.options.Catalogue, k.Base)
	b := &Base{Base: diff.Base{Tenant: tenant, IDs: ids, Strays: map[string]bool{}, Looked: map[string]bool{}}, Source: FromRecords, Where: k.Where, Taken: k.Base.Taken, Since: since, Rules: k.Base.Rules, id: k.Base.Client}
	for _, a := range k.Base.Strays {
		b.Strays[a] = true
	}
	for _, list := range k.Base.Looked {
		b.Looked[list] = true
	}
	return b, nil
}

// without says why there is no base where there should be one. What only looks does without;
// what writes would put back by mistake what nobody asked for.
func (w *work) without(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	w.noBase = err.Error()
	if w.drift || w.options.RevertDrift {
		return nil
	}
	return fmt.Errorf("%w; restore the file, or delete it: then there is no base, and apply puts back whatever differs from the files", err)
}

// lastReviewed is the base with the rules by which the tenant was reviewed last. They are looked for
// where nothing differs, too, since files may have changed nothing else; nil: nothing tells.
func (w *work) lastReviewed(t plan.TenantID) *Base {
	b := w.options.Base
	switch {
	case w.options.Rules == nil:
		return nil
	case w.base != nil:
		return w.base
	case b == nil && w.Store != nil:
		k, err := w.Store.Known(t)
		if err != nil || k.Base == nil {
			return nil
		}
		b = &Base{Base: diff.Base{Tenant: &schema.Tenant{Name: k.Base.Name, Prefix: k.Base.Prefix}}, Source: FromRecords, Taken: k.Base.Taken, Rules: k.Base.Rules, id: k.Base.Client}
	}
	if b == nil || b.foreign(t) != "" {
		return nil
	}
	return b
}

// foreign says why a base is that of another tenant.
func (b *Base) foreign(t plan.TenantID) string {
	switch have := b.Tenant; {
	case t.ID == 0:
	case have.Prefix != "" && t.Prefix != "" && have.Prefix != t.Prefix:
		return fmt.Sprintf("it has prefix %s, and this tenant %s", have.Prefix, t.Prefix)
	case have.Prefix == "" && have.Name != t.Name:
		return fmt.Sprintf("it is called %s, and this tenant %s", have.Name, t.Name)
	case b.id != 0 && b.id != t.ID:
		return fmt.Sprintf("it has id %d, and this tenant %d", b.id, t.ID)
	}
	return ""
}

// recalled makes objects of what is on record, with what is known of each by its address. What this version does not know is left out.
func recalled(c *schema.Catalogue, b *record.Base) (t *schema.Tenant, since map[string]string, ids map[string]int64) {
	t = &schema.Tenant{ID: b.Client, Name: b.Name, Prefix: b.Prefix}
	since, ids = map[string]string{}, map[string]int64{}
	for i := range b.Objects {
		s := &b.Objects[i]
		k := c.Kind(s.Kind)
		if k == nil {
			continue
		}
		o := &schema.Object{Kind: k, Key: s.Key, Name: s.Name, ID: s.ID, Absent: s.Absent, Values: map[string]any{}}
		for name, v := range plan.PlainValues(s.Values) {
			if k.Field(name) != nil {
				o.Values[name] = v
			}
		}
		if s.Parent != "" {
			if o.Parent = t.Object(s.Parent); o.Parent == nil {
				continue // a run that was cut off may have made another one
			}
		}
		t.Add(o)
		if s.Since != "" {
			since[s.Address] = s.Since
		}
		if s.LiveID != 0 {
			ids[s.Address] = s.LiveID
		}
	}
	return t, since, ids
}

// kept is what servers are known to keep in another form.
func kept(k *record.Records) map[string]map[string]any {
	out := map[string]map[string]any{}
	for _, m := range k.Respelled {
		if out[m.Address] == nil {
			out[m.Address] = map[string]any{}
		}
		out[m.Address][m.Field] = plan.PlainValue(m.Kept)
	}
	return out
}
