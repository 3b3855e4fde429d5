package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"

	"pbxsync/schema"
)

// state is the file that Save writes. Go sorts the keys of maps, and rows are
// sorted by id, so equal states give equal bytes.
type state struct {
	Version int           `json:"version"`
	NextID  int64         `json:"next_id"`
	Tenants []tenantState `json:"tenants"`
}

type tenantState struct {
	ID      int64                 `json:"id"`
	Objects map[string][]rowState `json:"objects"`
}

type rowState struct {
	ID         int64          `json:"id"`
	ParentKind string         `json:"parent_kind,omitempty"`
	ParentID   int64          `json:"parent_id,omitempty"`
	Dealer     int64          `json:"dealer,omitempty"`
	Values     map[string]any `json:"values"`
	File       []byte         `json:"file,omitempty"` // base64
	Place      int64          `json:"place,omitempty"`
}

const stateVersion = 1

// Dirty reports whether anything changed since the last Restore or Save.
func (s *store) Dirty() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.edition != s.saved
}

// Save writes the state to a file that only its owner can read. The file is
// replaced whole or not at all. Passwords and tokens are not in it.
func (s *store) Save(path string) error {
	s.mu.RLock()
	edition := s.edition
	data, err := json.MarshalIndent(s.export(), "", " ")
	s.mu.RUnlock()
	if err != nil {
		return err
	}
	if err := writeFile(path, append(data, '\n')); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saved = edition
	return nil
}

// State returns the state as Save writes it, to compare and to judge by.
func (s *store) State() ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return json.Marshal(s.export())
}

func (s *store) export() state {
	out := state{Version: stateVersion, NextID: s.nextID}
	for _, t := range s.tenants {
		ts := tenantState{ID: t.id, Objects: map[string][]rowState{}}
		for _, k := range s.cat.Kinds {
			for _, r := range t.all(k) {
				ts.Objects[k.Word] = append(ts.Objects[k.Word], exportRow(r))
			}
		}
		out.Tenants = append(out.Tenants, ts)
	}
	return out
}

func exportRow(r *row) rowState {
	rs := rowState{ID: r.id, Dealer: r.dealer, Values: r.values, File: r.file, Place: r.place}
	if r.owner != nil {
		rs.ParentKind, rs.ParentID = r.owner.shape.Word, r.owner.id
	}
	return rs
}

// Restore replaces everything by a state that Save wrote.
func (s *store) Restore(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var st state
	if err := dec.Decode(&st); err != nil {
		return err
	}
	if st.Version != stateVersion {
		return fmt.Errorf("version %d is not known", st.Version)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.restore(st)
}

func (s *store) restore(st state) error {
	tenants := make([]*tenant, 0, len(st.Tenants))
	for _, ts := range st.Tenants {
		t, err := s.restoreTenant(ts)
		if err != nil {
			return err
		}
		tenants = append(tenants, t)
	}
	s.tenants, s.nextID = tenants, max(st.NextID, firstID)
	s.edition++
	s.saved = s.edition
	return nil
}

func (s *store) restoreTenant(ts tenantState) (*tenant, error) {
	t := s.newTenant(ts.ID)
	for word := range ts.Objects {
		if s.cat.Kind(word) == nil {
			return nil, fmt.Errorf("%q is no kind", word)
		}
	}
	t.addImplicit(s.root, s.limits)
	for _, k := range parentsFirst(s.cat) {
		for _, rs := range ts.Objects[k.Word] {
			if err := s.restoreRow(t, k, rs); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

func (s *store) restoreRow(t *tenant, k *schema.Kind, rs rowState) error {
	values, _ := plain(rs.Values).(map[string]any)
	r := &row{shape: s.shapes[k], id: rs.ID, dealer: rs.Dealer, values: values, file: rs.File, place: rs.Place}
	if rs.ParentKind != "" {
		if p := s.cat.Kind(rs.ParentKind); p != nil {
			r.owner = t.tables[p].byID[rs.ParentID]
		}
		if r.owner == nil {
			return fmt.Errorf("%s %d: its %s %d is not there", k.Word, rs.ID, rs.ParentKind, rs.ParentID)
		}
	}
	if old := t.tables[k].single(r.owner); old != nil && k.Singleton() {
		t.set(old, values)
		return nil
	}
	t.add(r)
	t.bearChildren(r) // a state that an earlier version kept has not all of them
	return nil
}

// parentsFirst orders the kinds so that children find their parents.
func parentsFirst(c *schema.Catalogue) []*schema.Kind {
	var out []*schema.Kind
	done := map[*schema.Kind]bool{}
	var visit func(*schema.Kind)
	visit = func(k *schema.Kind) {
		if done[k] {
			return
		}
		done[k] = true
		for _, p := range k.Parents {
			visit(p)
		}
		out = append(out, k)
	}
	for _, k := range c.Kinds {
		visit(k)
	}
	return out
}
