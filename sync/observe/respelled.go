package observe

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// respellings are what is on record and what this run was told, by address and field.
type respellings map[string]map[string]record.Respelled

func (all respellings) add(list []record.Respelled) {
	for _, m := range list {
		if all[m.Address] == nil {
			all[m.Address] = map[string]record.Respelled{}
		}
		m.Sent, m.Kept = plan.PlainValue(m.Sent), plan.PlainValue(m.Kept)
		all[m.Address][m.Field] = m
	}
}

// respellings finds what is known of other forms.
func (r *reading) respellings() (respellings, error) {
	records, err := r.records()
	if err != nil {
		return nil, err
	}
	all := respellings{}
	if records != nil {
		all.add(records.Respelled)
	}
	all.add(r.options.Respelled)
	return all, nil
}

// calls reports whether the server calls a declared object as it calls a live one.
func (all respellings) calls(o, live *schema.Object) bool {
	m, known := all[o.Address()][o.Kind.Key[0].Field.Name]
	return known && m.ID == live.ID && m.Sent == o.NaturalKey() && m.Kept == live.Key
}

// match gives live objects the names of the files, also those that were made and that
// the server calls otherwise.
func (r *reading) match() (schema.Problems, error) {
	if !slices.ContainsFunc(r.desired.Objects, func(o *schema.Object) bool {
		return !o.Kind.Singleton() && len(r.live.IDsNamed(o)) == 0
	}) {
		return r.live.Match(r.desired), nil
	}
	all, err := r.respellings()
	if err != nil {
		return nil, err
	}
	r.live.Made = map[string]diff.Made{}
	for address, fields := range all {
		for name, m := range fields {
			if o := r.desired.Object(address); o != nil && !o.Kind.Singleton() && o.Kind.Key[0].Field.Name == name && m.Sent == o.NaturalKey() {
				r.live.Made[address] = diff.Made{ID: m.ID, Key: fmt.Sprint(m.Kept)}
			}
		}
	}
	return r.live.Match(r.desired), nil
}

// respell takes the differences out of a result that are another form of what was sent,
// and warns of each.
func (r *confirming) respell(s *State) error {
	if len(s.Diff.Changes) == 0 {
		return nil
	}
	all, err := r.respellings()
	if len(all) == 0 { // also where they cannot be read
		return err
	}
	var changes []*diff.Change
	for _, ch := range s.Diff.Changes {
		if ch.Live == nil || ch.Action != diff.Update && ch.Action != diff.Rename {
			changes = append(changes, ch)
			continue
		}
		s.respellOne(ch, r.unplanned(all[ch.Address()], ch.Address()))
		if len(ch.Fields) > 0 || len(ch.Desired.Resend) > 0 {
			changes = append(changes, ch)
		}
	}
	s.Diff.Changes = changes
	return nil
}

// unplanned returns what is known of an object, without what a saved plan that is being
// applied writes to it: whoever made the plan may have other records.
func (r *confirming) unplanned(known map[string]record.Respelled, address string) map[string]record.Respelled {
	if r.options.Approved == nil {
		return known
	}
	for _, c := range r.options.Approved.Changes {
		switch {
		case c.Address != address:
		case c.Action != diff.Update && c.Action != diff.Rename:
			return nil
		default:
			known = maps.Clone(known)
			maps.DeleteFunc(known, func(name string, _ record.Respelled) bool {
				return slices.ContainsFunc(c.Fields, func(f plan.FieldChange) bool { return f.Name == name })
			})
		}
	}
	return known
}

func (s *State) respellOne(ch *diff.Change, known map[string]record.Respelled) {
	ch.Fields = slices.DeleteFunc(ch.Fields, func(f diff.Field) bool {
		m, ok := known[f.Name]
		field := ch.Desired.Kind.Field(f.Name)
		if !ok || m.ID != 0 && ch.Live.ID != 0 && m.ID != ch.Live.ID || !schema.Equal(m.Sent, f.New) || !schema.Equal(m.Kept, f.Old) {
			return false
		}
		key := ch.Action == diff.Rename && ch.Desired.Kind.IsKey(field)
		if key {
			ch.Action, ch.Why = diff.Update, "differs"
		}
		s.Respelled = append(s.Respelled, m)
		s.Problems = append(s.Problems, warning(m, f, key))
		s.Diff.Problems = slices.DeleteFunc(s.Diff.Problems, func(p schema.Problem) bool {
			return p.Asked && p.Address == ch.Address() && p.Place == f.Place && field.CreateOnly
		})
		return true
	})
}

// warning says what the server keeps, and what to write.
func warning(m record.Respelled, f diff.Field, key bool) schema.Problem {
	p := schema.Problem{Place: f.Place, Address: m.Address, Warning: schema.WarnRespelled}
	sent, kept := spelled(m.Sent), spelled(m.Kept)
	p.Hint = fmt.Sprintf("write %s in the file", kept)
	switch {
	case sent == "" || kept == "":
		p.Message = fmt.Sprintf("%s: a long value was sent, and the server keeps another form of it", f.Name)
		p.Hint = "write in the file what the tenant has"
	case key:
		p.Message = fmt.Sprintf("it was made as %s, id %d: the server keeps that instead of %s", kept, m.ID, sent)
	default:
		p.Message = fmt.Sprintf("%s: %s was sent, and the server keeps %s", f.Name, sent, kept)
	}
	return p
}

// spelled shows a value so that a blank at its end is seen, unless it is too long for a line.
func spelled(v any) string {
	const most = 200
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil || text.Len() > most {
		return ""
	}
	return strings.TrimSpace(text.String())
}
