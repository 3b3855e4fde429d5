package report

import (
	"cmp"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync"
)

// Base is what tells drift from changes of the files.
type Base struct {
	Source  sync.Source `json:"source,omitempty"`
	Where   string      `json:"where,omitempty"`
	Taken   string      `json:"taken,omitempty"`   // wall time
	Missing string      `json:"missing,omitempty"` // why there is none
}

// Sided is an object that moved since the base.
type Sided struct {
	Address string       `json:"address"`
	Fate    diff.Fate    `json:"fate"`
	Side    diff.Side    `json:"side,omitempty"`
	Since   string       `json:"since,omitempty"` // wall time of what the base has of it, where that is older
	Fields  []SidedField `json:"fields,omitempty"`
	Left    bool         `json:"left_alone,omitempty"` // apply does not put it back
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
	return s
}
