package observe

import (
	"fmt"
	"slices"
	"strings"

	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// resend decides which secrets of objects that are there already are sent again.
// They cannot be compared, so it takes a higher version than the one on record,
// or a word of the operator. What it returns says what it left undone, and why.
func (r *confirming) resend() (*resending, error) {
	d := &resending{patterns: r.options.SendSecrets, trusted: r.options.TrustVersions}
	if r.options.Approved != nil {
		return d, r.approved()
	}
	var err error
	for _, o := range r.desired.Objects {
		o.Resend = nil
		live := r.live.Object(o.Address())
		if len(o.Secrets) == 0 || live == nil || o.Absent || o.Bare {
			continue
		}
		if d.records, err = r.records(); err != nil {
			return nil, err
		}
		for _, f := range o.Kind.Fields {
			if ref, ok := o.Secrets[f.Name]; ok {
				d.decide(o, live, f, ref)
			}
		}
	}
	return d, nil
}

// approved takes over what a saved plan decided.
func (r *confirming) approved() error {
	for _, w := range r.options.Approved.Wanted {
		if o := r.desired.Object(w.Address); o != nil {
			o.Resend = w.Resend
		}
	}
	return nil
}

// resending is on its way through the objects with secrets.
type resending struct {
	records  *record.Records
	patterns []string
	trusted  []string // patterns of the objects that have what is stated
	pending  []Pending
	vouched  map[string]map[string]record.Sent
	notes    []string
	unknown  []string // what is not sent because there are no records
}

func (d *resending) decide(o, live *schema.Object, f *schema.Field, ref schema.SecretRef) {
	named := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return schema.Matches(p, o) })
	}
	before, known := d.records.VersionSent(o.Address(), f.Name, live.ID)
	on := fmt.Sprintf("version %d on record", before)
	if !known {
		on = "no version on record"
	}
	switch {
	case named(d.patterns):
		o.Resend = put(o.Resend, f.Name, fmt.Sprintf("version %d, %s, asked for by --send-secrets", ref.Version, on))
	case known && ref.Version > before:
		o.Resend = put(o.Resend, f.Name, fmt.Sprintf("version %d, %s", ref.Version, on))
	case known:
	case ref.Version == 1 || named(d.trusted):
		d.vouch(o, live, f, ref)
	case d.records.Empty():
		d.wait(o, f, ref)
		d.unknown = append(d.unknown, o.Address())
	default:
		d.wait(o, f, ref)
		d.notes = append(d.notes, fmt.Sprintf("%s: %s is not sent: version %d is stated, and there is %s; --send-secrets %s sends it, --trust-version %[5]s says that the tenant has it",
			o.Address(), f.Name, ref.Version, on, schema.Pattern(o)))
	}
}

// Pending is a secret of which only a person knows whether the tenant has it in the
// version that is stated. It is a difference.
type Pending struct {
	Address string       `json:"address"`
	Field   string       `json:"field"`
	Version int64        `json:"version"`
	Place   schema.Place `json:"place,omitzero"`
}

func (d *resending) wait(o *schema.Object, f *schema.Field, ref schema.SecretRef) {
	d.pending = append(d.pending, Pending{o.Address(), f.Name, ref.Version, ref.Place})
}

// vouch notes a stated version for the record: from the first apply on a higher one is sent.
func (d *resending) vouch(o, live *schema.Object, f *schema.Field, ref schema.SecretRef) {
	if d.vouched == nil {
		d.vouched = map[string]map[string]record.Sent{}
	}
	if d.vouched[o.Address()] == nil {
		d.vouched[o.Address()] = map[string]record.Sent{}
	}
	d.vouched[o.Address()][f.Name] = record.Sent{Version: ref.Version, ID: live.ID}
}

func put(m map[string]string, key, v string) map[string]string {
	if m == nil {
		m = map[string]string{}
	}
	m[key] = v
	return m
}

// said returns what was left undone. Without records it is one line for all.
func (d *resending) said() []string {
	if n := len(d.unknown); n > 0 {
		const most = 5
		names := strings.Join(d.unknown[:min(n, most)], ", ")
		if n > most {
			names += fmt.Sprintf(" and %d more", n-most)
		}
		d.notes = append(d.notes, fmt.Sprintf("%s: resending secrets of objects that are there (%s) is refused rather than guessed; --state-dir names the records, --send-secrets ADDRESS sends one, --trust-version ADDRESS says that the tenant has it", d.records.Missing(), names))
	}
	return d.notes
}

// records finds the run records of the tenant, once.
func (r *finding) records() (*record.Records, error) {
	if r.known != nil || r.options.Records == nil {
		return r.known, nil
	}
	var err error
	r.known, err = r.options.Records(plan.TenantID{ID: r.live.ID, Name: r.live.Name, Prefix: r.live.Prefix})
	return r.known, err
}
