package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/risk"
	"pbxsync/sync/record"
)

// Version is the version of the saved form of a plan.
const Version = "1.0"

// Value is the ordered steps as a plain value, as plans are saved and shown. It holds
// everything that decides what is sent, and nothing else: no time, no host, no secret. It
// cannot be carried out: Desired turns it into the tenant that it wants, from which Order
// makes the plan again, beside what the tenant is like by then.
type Value struct {
	Version string           `json:"format_version"`
	Tenant  TenantID         `json:"tenant"`
	Wanted  []Wanted         `json:"wanted"`
	Changes []Change         `json:"changes"`
	Steps   []Step           `json:"steps"`
	IDs     map[string]int64 `json:"ids"`  // ids of the live objects that the steps name
	Read    []string         `json:"read"` // kinds at the top whose objects were all read

	Protected []schema.Protection `json:"protected,omitempty"` // lines that forbid some of the changes
	Review    []risk.Class        `json:"review,omitempty"`    // risks that the files want approved
}

// Plan is a plan beside the live tenant that it was made from, which says what is checked
// before each step. Only Order makes one.
type Plan struct {
	Value
	Guards []*Guard        `json:"-"` // what forbids carrying this order out
	Live   *diff.Live      `json:"-"` // as the plan was made from it
	Before []record.Object `json:"-"` // objects that the steps change, as they were
}

// TenantID is the tenant as it was read when the plan was made.
type TenantID struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Prefix string `json:"prefix"`
}

// Known says what the server knows the tenant by.
func (t TenantID) Known() string {
	if t.ID == 0 {
		return "not on the server"
	}
	return fmt.Sprintf("prefix %s, id %d", t.Prefix, t.ID)
}

// Change is one object of a plan, in a form that can be saved.
type Change struct {
	Action   diff.Action       `json:"action"`
	Address  string            `json:"address"`
	Place    schema.Place      `json:"place,omitzero"`
	Why      string            `json:"why"`
	Fields   []FieldChange     `json:"fields,omitempty"`
	Secrets  map[string]string `json:"secrets,omitempty"` // field -> where it is found
	Once     map[string]any    `json:"on_create,omitempty"`
	Unstated map[string]any    `json:"unstated,omitempty"`   // what the server fills in
	Gone     []string          `json:"gone,omitempty"`       // children that go with it
	Loses    string            `json:"loses,omitempty"`      // what else a delete or a replace loses
	Follows  string            `json:"may_follow,omitempty"` // what is ended once it is gone
	Replaces string            `json:"replaces,omitempty"`   // address of the object that a replace deletes
	Silent   []Outage          `json:"silent,omitempty"`     // what rings nowhere meanwhile
	Risks    []risk.Class      `json:"risks,omitempty"`      // what it can do to people, the worst first
}

// FieldChange is one field of a change. Old is absent where there was nothing to read.
type FieldChange struct {
	Name    string       `json:"name"`
	Old     any          `json:"old"`
	OldName string       `json:"old_name,omitempty"` // of the object that Old refers to, where its key does not tell it
	New     any          `json:"new"`
	First   bool         `json:"first,omitempty"` // the object is new
	Risks   []risk.Class `json:"risks,omitempty"`
	Place   schema.Place `json:"place,omitzero"`
}

// Step is one API call. After holds the numbers of the steps that have to
// succeed first; Changes the addresses of the changes that it serves.
type Step struct {
	Number  int            `json:"number"`
	Method  string         `json:"method"`
	Path    string         `json:"path"` // with symbols for ids, as {extension/101}
	Body    map[string]any `json:"body,omitempty"`
	Changes []string       `json:"changes"`
	After   []int          `json:"after,omitempty"`
	Why     string         `json:"why,omitempty"`
	Deletes string         `json:"deletes,omitempty"` // address of the object that goes, where another takes its place

	Subject  *schema.Object `json:"-"` // the object that is made or changed, where it is one
	Makes    *schema.Object `json:"-"` // the object whose id the answer tells
	Checks   []Check        `json:"-"` // what is looked at right before it is sent
	Batch    *schema.Kind   `json:"-"` // of which the step writes all objects, or nil
	Baseline []int64        `json:"-"` // ids of live objects that have its key already
}

// Creates reports whether the step makes an object, so that it may not be sent
// twice. A call that writes all objects of a kind may.
func (s *Step) Creates() bool { return s.Makes != nil }

// IDOf stands in a body for the id of an object.
type IDOf struct {
	Address string `json:"id_of"`
}

// SecretOf stands in a body for a secret.
type SecretOf struct {
	From schema.SecretRef `json:"-"`
	Text string           `json:"secret"`
}

// Wanted is one object as the files want it, enough to make the plan again.
type Wanted struct {
	record.Object
	Absent  bool                        `json:"absent,omitempty"`
	Pruned  bool                        `json:"pruned,omitempty"`
	Bare    bool                        `json:"bare,omitempty"`
	Awaited bool                        `json:"awaited,omitempty"`
	Renamed []string                    `json:"previously,omitempty"`
	Takes   []string                    `json:"replaces,omitempty"`
	Once    map[string]any              `json:"on_create,omitempty"`
	Secrets map[string]schema.SecretRef `json:"secrets,omitempty"`
	Resend  map[string]string           `json:"resend,omitempty"` // secret that is sent although the object is there -> why
	Place   schema.Place                `json:"place,omitzero"`
	Places  map[string]schema.Place     `json:"places,omitempty"`
}

// Bytes returns the plan as it is saved and compared. The same plan gives the same bytes. They are
// for programs, which need no indentation: it was half of a large plan.
func (p *Value) Bytes() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(p)
	return b.Bytes(), err
}

// Pruned returns how many objects the plan deletes because they are strays.
func (p *Value) Pruned() int {
	n := 0
	for _, w := range p.Wanted {
		if w.Pruned {
			n++
		}
	}
	return n
}

// Count returns how many changes of the plan have the action.
func (p *Value) Count(a diff.Action) int {
	n := 0
	for _, c := range p.Changes {
		if c.Action == a {
			n++
		}
	}
	return n
}

// Desired returns what the plan wants as a tenant, so that the plan can be made
// again from itself and the live objects that it names.
func (p *Value) Desired(c *schema.Catalogue) (*schema.Tenant, error) {
	t := &schema.Tenant{Name: p.Tenant.Name, Prefix: p.Tenant.Prefix, Partial: true, Managed: map[*schema.Kind]schema.Place{},
		Unmanaged: map[*schema.Kind]schema.Policy{}, Prune: map[*schema.Kind]schema.Place{}, Protected: p.Protected, Review: p.Review}
	for _, word := range p.Read {
		if k := c.Kind(word); k != nil {
			t.Managed[k] = schema.Place{}
		}
	}
	for _, w := range p.Wanted {
		o, err := w.object(c, t)
		if err != nil {
			return nil, err
		}
		t.Add(o)
	}
	return t, nil
}

func (w *Wanted) object(c *schema.Catalogue, t *schema.Tenant) (*schema.Object, error) {
	k := c.Kind(w.Kind)
	if k == nil {
		return nil, schema.Problems{{Address: w.Address, Message: "kind " + w.Kind + " is not known to this version", Hint: "make the plan again with this program"}}
	}
	o := &schema.Object{Kind: k, Key: w.Key, Name: w.Name, ID: w.ID, Absent: w.Absent, Pruned: w.Pruned, Bare: w.Bare, Values: PlainValues(w.Values),
		Once: PlainValues(w.Once), Secrets: w.Secrets, Place: w.Place, Places: w.Places,
		Awaited: w.Awaited, Previously: w.Renamed, Replaces: w.Takes}
	if w.Parent == "" {
		t.Managed[k] = w.Place
		return o, nil
	}
	if o.Parent = t.Object(w.Parent); o.Parent == nil {
		return nil, schema.Problems{{Address: w.Address, Message: "the plan lacks " + w.Parent, Hint: "it was edited; make the plan again"}}
	}
	if o.Parent.Manages == nil {
		o.Parent.Manages = map[*schema.Kind]schema.Place{}
	}
	o.Parent.Manages[k] = w.Place
	return o, nil
}

// Decode reads a plan from its saved form.
func Decode(data []byte) (*Value, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	p := &Value{}
	if err := d.Decode(p); err != nil {
		return nil, err
	}
	return p, nil
}

// OnRecord returns the plan as the record of a run keeps it: each wanted value once, beside what it
// was before. Places in files change with the next edit, and the calls have lines of their own there.
func (p *Value) OnRecord() *Value {
	r := *p
	r.Wanted, r.Changes, r.Steps = slices.Clone(p.Wanted), slices.Clone(p.Changes), slices.Clone(p.Steps)
	for i := range r.Wanted {
		r.Wanted[i].Place, r.Wanted[i].Places = schema.Place{}, nil
	}
	for i := range r.Changes {
		c := &r.Changes[i]
		c.Place, c.Fields = schema.Place{}, slices.Clone(c.Fields)
		for j := range c.Fields {
			c.Fields[j].Place = schema.Place{}
		}
	}
	for i := range r.Steps {
		r.Steps[i].Body = nil
	}
	return &r
}
