package sync

import (
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"pbxsync/diff"
	"pbxsync/schema"
)

// This file is about servers that keep a value in another form than it was sent in: a
// login in small letters, a name without its blanks, a number without its country. The
// answer to the very write has the other form already, which no edit of somebody else
// can bring about. It is said once, and no write is sent for it again.

// Respelled is a value that was sent, and what the server keeps in its place. That of a
// key has the field that the key begins with, and the whole key.
type Respelled struct {
	Address string `json:"address"` // as the files call the object
	ID      int64  `json:"id,omitempty"`
	Field   string `json:"field"`
	Sent    any    `json:"sent"`
	Kept    any    `json:"kept"`
}

// told compares what a step has sent with the answer to it. What is about a key goes on
// record at once: without it the object would not be found again.
func (r *run) told(s *Step, row map[string]any, id int64) error {
	for _, row := range answered(s, row) {
		for _, address := range s.Changes {
			if err := r.toldOf(s, address, row, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// answered returns the objects of an answer: the answer itself, or the list in it.
func answered(s *Step, row map[string]any) []map[string]any {
	if s.batch == nil {
		return []map[string]any{row}
	}
	var rows []map[string]any
	for _, v := range row {
		list, _ := v.([]any)
		for _, item := range list {
			if m, ok := item.(map[string]any); ok {
				rows = append(rows, m)
			}
		}
	}
	return rows
}

func (r *run) toldOf(s *Step, address string, row map[string]any, id int64) error {
	w, c := r.wanted[address], r.changes[address]
	if w == nil || c == nil || r.catalogue == nil {
		return nil
	}
	k := r.catalogue.Kind(w.Kind)
	if k == nil || k.Tenant.ID != "" && s.makes != nil {
		return nil
	}
	echo, err := schema.NewLive(0, "", r.tenant.Prefix).NewObject(k, nil, row)
	if err != nil || echo.Shared {
		return nil // it tells nothing of the object
	}
	natural := (&schema.Object{Key: w.Key, Name: w.Name}).NaturalKey()
	if s.batch != nil && echo.Key != natural {
		return nil
	}
	if id == 0 {
		id = r.idOf(address)
	}
	if s.makes != nil && !echo.Unnamed && echo.Key != natural && !k.Singleton() {
		m := Respelled{address, id, k.Key[0].Field.Name, natural, echo.Key}
		if schema.Hidden(m.Kept) {
			return nil
		}
		r.keep(m)
		return r.journal.Respelled(m)
	}
	for _, fc := range c.Fields {
		f := k.Field(fc.Name)
		got, shown := echo.Values[fc.Name]
		_, sent := s.Body[f.API]
		if !shown || !sent && s.batch == nil || k.IsKey(f) && s.makes != nil {
			continue
		}
		if diff.Same(f, fc.New, got, r.tenant.Prefix) {
			r.agree(address, f.Name)
			continue
		}
		if !spellable(f, fc.New, got) {
			continue
		}
		if want, kept := f.Recorded(fc.New), f.Recorded(got); !schema.Hidden(want) && !schema.Hidden(kept) {
			r.keep(Respelled{address, id, f.Name, want, kept})
		}
	}
	return nil
}

func (r *run) keep(m Respelled) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.respelled = append(r.respelled, m)
}

// spellable reports whether a value can be another form of one that was sent. What is on
// or off, a word of a list, a number, a reference or nothing at all has one form: there
// another value is another meaning, and a write that did not do what it was for.
func spellable(f *schema.Field, sent, kept any) bool {
	if f == nil || f.Ref != nil || f.Members != nil || f.Content || len(f.Enum) > 0 {
		return false
	}
	switch sent.(type) {
	case string:
		_, text := kept.(string)
		return text
	case []any:
		_, list := kept.([]any)
		return list
	case map[string]any:
		_, object := kept.(map[string]any)
		return object
	}
	return false
}

// sameName reports whether a key can be another form of one that was sent: cut, escaped,
// in small letters, composed, with less blanks. Another number is another object.
func sameName(sent, kept string) bool {
	a, b := folded(sent), folded(kept)
	if b == "" || strings.Trim(a, "0123456789") == "" {
		return a == b
	}
	return within(a, b) || within(b, a)
}

func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsMark(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(html.UnescapeString(s)))
}

// within reports whether the letters of a part come in the same order in a whole.
func within(part, whole string) bool {
	rest := []rune(part)
	for _, r := range whole {
		if len(rest) > 0 && rest[0] == r {
			rest = rest[1:]
		}
	}
	return len(rest) == 0
}

// agree notes that the answer to a write had what was sent.
func (r *run) agree(address, field string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.agreed[[2]string{address, field}] = true
}

// indexed makes a run find what its plan says of an object.
func (r *run) indexed() {
	r.wanted, r.changes, r.agreed = map[string]*Wanted{}, map[string]*Change{}, map[[2]string]bool{}
	for i := range r.plan.Wanted {
		r.wanted[r.plan.Wanted[i].Address] = &r.plan.Wanted[i]
	}
	for i := range r.plan.Changes {
		r.changes[r.plan.Changes[i].Address] = &r.plan.Changes[i]
	}
}

// ours reports whether an id in an answer to a create cannot be that of a new object.
func (r *run) ours(o *schema.Object, id int64) bool {
	r.mu.Lock()
	made := slices.Contains(r.madeIDs[o.Kind], id)
	r.mu.Unlock()
	if made {
		return true
	}
	return r.plan.live != nil && o.Parent == nil && slices.ContainsFunc(r.plan.live.Objects, func(l *schema.Object) bool {
		return l.Kind == o.Kind && l.ID == id
	})
}

// respellings are what is on record and what this run was told, by address and field.
type respellings map[string]map[string]Respelled

func (all respellings) take(list []Respelled) {
	for _, m := range list {
		if all[m.Address] == nil {
			all[m.Address] = map[string]Respelled{}
		}
		m.Sent, m.Kept = plainValue(m.Sent), plainValue(m.Kept)
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
		all.take(records.Respelled)
	}
	all.take(r.options.Respelled)
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
	r.live.Made = map[string]schema.Made{}
	for address, fields := range all {
		for name, m := range fields {
			if o := r.desired.Object(address); o != nil && !o.Kind.Singleton() && o.Kind.Key[0].Field.Name == name && m.Sent == o.NaturalKey() {
				r.live.Made[address] = schema.Made{ID: m.ID, Key: fmt.Sprint(m.Kept)}
			}
		}
	}
	return r.live.Match(r.desired), nil
}

// respell takes the differences out of a result that are another form of what was sent,
// and warns of each.
func (r *reading) respell(s *State) error {
	if len(s.Diff.Changes) == 0 {
		return nil
	}
	all, err := r.respellings()
	if err != nil || len(all) == 0 {
		return err
	}
	var changes []*diff.Change
	for _, ch := range s.Diff.Changes {
		if ch.Live == nil || ch.Action != diff.Update && ch.Action != diff.Rename || r.planned(ch.Address()) {
			changes = append(changes, ch)
			continue
		}
		s.respellOne(ch, all[ch.Address()])
		if len(ch.Fields) > 0 || len(ch.Desired.Resend) > 0 {
			changes = append(changes, ch)
		}
	}
	s.Diff.Changes = changes
	return nil
}

// planned reports whether a saved plan that is being applied changes an object.
func (r *reading) planned(address string) bool {
	a := r.options.Approved
	return a != nil && slices.ContainsFunc(a.Changes, func(c Change) bool { return c.Address == address })
}

func (s *State) respellOne(ch *diff.Change, known map[string]Respelled) {
	ch.Fields = slices.DeleteFunc(ch.Fields, func(f diff.Field) bool {
		m, ok := known[f.Name]
		field := ch.Desired.Kind.Field(f.Name)
		if !ok || m.ID != 0 && ch.Live.ID != 0 && m.ID != ch.Live.ID || !diff.Equal(m.Sent, f.New) || !diff.Equal(m.Kept, f.Old) {
			return false
		}
		key := ch.Action == diff.Rename && ch.Desired.Kind.IsKey(field)
		if key {
			ch.Action, ch.Why = diff.Update, "differs"
		}
		s.Respelled = append(s.Respelled, m)
		s.Problems = append(s.Problems, m.warning(f, key))
		s.Diff.Problems = slices.DeleteFunc(s.Diff.Problems, func(p schema.Problem) bool {
			return p.Asked && p.Address == ch.Address() && p.Place == f.Place && field.CreateOnly
		})
		return true
	})
}

// warning says what the server keeps, and what to write.
func (m Respelled) warning(f diff.Field, key bool) schema.Problem {
	p := schema.Problem{Place: f.Place, Address: m.Address, Warning: schema.WarnRespelled, Hint: fmt.Sprintf("write %s in the file", spelled(m.Kept))}
	if key {
		p.Message = fmt.Sprintf("it was made as %s, id %d: the server keeps that instead of %s", spelled(m.Kept), m.ID, spelled(m.Sent))
		return p
	}
	p.Message = fmt.Sprintf("%s: %s was sent, and the server keeps %s", f.Name, spelled(m.Sent), spelled(m.Kept))
	return p
}

// spelled shows a value so that a blank at its end is seen.
func spelled(v any) string {
	const most = 200
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil || text.Len() > most {
		return "another value"
	}
	return strings.TrimSpace(text.String())
}

// Unmoved returns the differences that a run has written and that are as they were before
// it: the answers told nothing of them, and the server keeps what it had.
func (p *Plan) Unmoved(run *Summary, after *State) []Respelled {
	var out []Respelled
	for _, now := range after.Diff.Changes {
		k := now.Object().Kind
		i := slices.IndexFunc(p.Changes, func(c Change) bool { return c.Address == now.Address() && c.Action == now.Action })
		if i < 0 || now.Action != diff.Update || now.Live == nil {
			continue
		}
		for _, f := range now.Fields {
			if slices.ContainsFunc(p.Changes[i].Fields, func(c FieldChange) bool {
				return c.Name == f.Name && spellable(k.Field(f.Name), c.New, c.Old) && !run.agreed[[2]string{now.Address(), f.Name}] && diff.Equal(c.Old, f.Old) && diff.Equal(c.New, f.New)
			}) {
				out = append(out, Respelled{now.Address(), now.Live.ID, f.Name, f.New, f.Old})
			}
		}
	}
	return out
}
