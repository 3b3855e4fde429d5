package report

import (
	"cmp"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/risk"
	"pbxsync/sync"
)

// Base is what tells drift from changes of the files.
type Base struct {
	Source  sync.Source `json:"source,omitempty"`
	Where   string      `json:"where,omitempty"`
	Taken   string      `json:"taken,omitempty"`   // wall time
	Missing string      `json:"missing,omitempty"` // why there is none
}

// Name names the base for people.
func (b *Base) Name() string {
	if b.Source == sync.FromRecords {
		return "what was applied last"
	}
	return "the " + string(b.Source) + " " + b.Where
}

// String names it with its time.
func (b *Base) String() string {
	if b.Source == sync.FromRecords {
		return b.Name() + " (" + b.Taken + ")"
	}
	return strings.TrimSpace(b.Name() + " " + b.Taken)
}

// Sided is an object that moved since the base.
type Sided struct {
	Address string       `json:"address"`
	Fate    diff.Fate    `json:"fate"`
	Side    diff.Side    `json:"side,omitempty"`
	Since   string       `json:"since,omitempty"` // wall time of what the base has of it, where that is older
	Risks   []risk.Class `json:"risks,omitempty"` // of what happened in the tenant
	Fields  []SidedField `json:"fields,omitempty"`
	Now     string       `json:"renamed_to,omitempty"`   // its address in the tenant by now: it was renamed there
	Before  string       `json:"renamed_from,omitempty"` // what it was called before
	Left    bool         `json:"left_alone,omitempty"`   // apply does not put it back
	Place   schema.Place `json:"place,omitzero"`
}

// SidedField is a field that moved: what it was, what it is, and what the files say.
type SidedField struct {
	Name  string       `json:"name"`
	Side  diff.Side    `json:"side"`
	New   bool         `json:"newly_stated,omitempty"` // the base says nothing of it
	Was   any          `json:"was"`
	Is    any          `json:"is"`
	Files any          `json:"files"`
	Left  bool         `json:"left_alone,omitempty"`
	Risks []risk.Class `json:"risks,omitempty"`
	Place schema.Place `json:"place,omitzero"`
}

// SidesOf returns what moved on which side, and since when.
func SidesOf(p *sync.Planned) (*Base, []Sided) {
	switch {
	case p.Base == nil && p.NoBase == "":
		return nil, nil
	case p.Base == nil:
		return &Base{Missing: p.NoBase}, nil
	}
	left := map[string]*diff.Sided{}
	for _, x := range p.State.Left {
		left[x.Address()] = x
	}
	out := make([]Sided, 0, len(p.State.Sides))
	for _, x := range p.State.Sides {
		out = append(out, sidedOf(x, left[x.Address()], p.Base.Since[x.Address()]))
	}
	return &Base{Source: p.Base.Source, Where: p.Base.Where, Taken: p.Base.Taken}, out
}

// Sided notes who moved since the base, at each change too.
func (r *Report) Sided(p *sync.Planned) {
	r.Base, r.Sides = SidesOf(p)
	r.missing, r.declared = nil, map[string]int{}
	for _, m := range p.State.Diff.Missing {
		r.missing = append(r.missing, Sided{Address: m.Address, Fate: diff.Added, Place: m.Place})
	}
	for _, o := range p.State.Desired.Objects {
		if !o.Absent && !o.Bare {
			r.declared[o.Kind.Word]++
		}
	}
	for _, x := range p.State.Left {
		if x.Fate == diff.Deleted {
			r.declared[x.Object.Kind.Word]++ // it was taken out of what is wanted
		}
	}
	r.NoteSides()
}

// NoteSides says at each change which side moved.
func (r *Report) NoteSides() {
	side := map[string]string{}
	for _, s := range r.Sides {
		side[s.Address] = string(s.Side)
	}
	for i := range r.Changes {
		r.Changes[i].Side = side[r.Changes[i].Address]
	}
}

func sidedOf(x, left *diff.Sided, since string) Sided {
	s := Sided{Address: x.Address(), Fate: x.Fate, Side: x.Side, Since: since, Place: x.Object.Place, Left: left != nil && x.Fate != diff.Changed}
	if x.Now != nil {
		s.Now = x.Now.Address()
	}
	if x.Before != nil {
		s.Before = x.Before.Address()
	}
	alone := map[string]bool{}
	if left != nil {
		for _, f := range left.Fields {
			alone[f.Name] = true
		}
	}
	for _, f := range x.Fields {
		field := cmp.Or(x.Object.Kind.Field(f.Name), &schema.Field{})
		moved := SidedField{Name: f.Name, Side: f.Side, New: !f.Known, Was: field.Recorded(f.Base), Is: field.Recorded(f.Live),
			Files: field.Recorded(f.Desired), Left: alone[f.Name], Place: f.Place}
		if field.Mask {
			moved.Was, moved.Is, moved.Files = unseen(moved.Was), unseen(moved.Is), unseen(moved.Files)
		}
		s.Fields = append(s.Fields, moved)
	}
	s.weigh(x.Object.Kind, x)
	return s
}

// weigh says what the move of the tenant can do to people, by the data of the kind.
func (s *Sided) weigh(k *schema.Kind, x *diff.Sided) {
	var all []risk.Class
	switch {
	case s.Side != diff.Drift && s.Side != diff.Conflict:
		return
	case x.Now != nil || x.Before != nil: // it is there, under another name
	case x.Fate == diff.Deleted:
		all = k.Risks.Has(risk.Deleted)
		if k.Loses != "" || len(k.Unread.Parts) > 0 {
			all = append(all, risk.Loses)
		}
	case x.Fate == diff.Appeared:
		all = k.Risks.Has(risk.Created)
	}
	for i, f := range x.Fields {
		field := k.Field(f.Name)
		if was := f.Base; field != nil && f.Known && (f.Side == diff.Drift || f.Side == diff.Conflict) {
			s.Fields[i].Risks = schema.RisksOf(field, risk.Turn{Was: was, Is: f.Live})
			all = append(all, s.Fields[i].Risks...)
		}
	}
	s.Risks = risk.Sorted(all)
}

// left reports whether apply leaves something of an object as it is.
func (s *Sided) left() bool {
	return s.Left || slices.ContainsFunc(s.Fields, func(f SidedField) bool { return f.Left })
}
