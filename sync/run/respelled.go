package run

import (
	"html"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// This file is about servers that keep a value in another form than it was sent in: a
// login in small letters, a name without its blanks, a number without its country. The
// answer to the very write has the other form already, which no edit of somebody else
// can bring about. It is said once, and no write is sent for it again.

// told compares what a step has sent with the answer to it. What is about a key goes on
// record at once: without it the object would not be found again.
func (r *knowledge) told(s *plan.Step, row map[string]any, id int64) error {
	for _, row := range answered(s, row) {
		for _, address := range s.Changes {
			if err := r.toldOf(s, address, row, id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *knowledge) toldOf(s *plan.Step, address string, row map[string]any, id int64) error {
	w := r.wanted[address]
	if w == nil || r.catalogue == nil {
		return nil // it is deleted, and another is wanted in its place
	}
	k := r.catalogue.Kind(w.Kind)
	echo, err := diff.NewLive(0, "", r.tenant.Prefix).NewObject(k, nil, row)
	if err != nil || echo.Shared {
		return nil // it tells nothing of the object
	}
	natural := (&schema.Object{Key: w.Key, Name: w.Name}).NaturalKey()
	if ofAnother(s, echo, natural) {
		return nil
	}
	if id == 0 {
		id = r.idOf(address)
	}
	if s.Makes != nil && named(echo) && echo.Key != natural {
		m := record.Respelled{Address: address, ID: id, Field: k.Key[0].Field.Name, Sent: natural, Kept: echo.Key}
		if schema.Hidden(schema.HideUserinfo(echo.Key)) {
			return nil
		}
		r.keep(m)
		return r.journal.Respelled(m)
	}
	for _, fc := range r.changes[address].Fields {
		f := k.Field(fc.Name)
		got := echo.Values[fc.Name] // nil where it is not shown, which is no other form of anything
		if !s.Writes(f) || k.IsKey(f) && s.Makes != nil {
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
			r.keep(record.Respelled{Address: address, ID: id, Field: f.Name, Sent: want, Kept: kept})
		}
	}
	return nil
}

// named reports whether an answer says what an object is called: the whole of its key.
func named(o *schema.Object) bool {
	return len(o.Kind.Key) > 0 && !slices.ContainsFunc(o.Kind.Key, func(p schema.KeyPart) bool {
		text, _ := o.Values[p.Field.Name].(string)
		return text == "" && !p.Optional
	})
}

func (r *knowledge) keep(m record.Respelled) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.respelled = append(r.respelled, m)
}

// spellable reports whether a value can be another form of one that was sent. What is on
// or off, a word of a list, a number, a reference or nothing at all has one form: there
// another value is another meaning, and a write that did not do what it was for.
func spellable(f *schema.Field, sent, kept any) bool {
	if f == nil || f.Ref != nil && !f.OrText || byKeys(f) || f.Apart || len(f.Enum) > 0 {
		return false
	}
	switch sent.(type) {
	case string:
		_, text := kept.(string)
		return text
	case []any:
		list, isList := kept.([]any)
		return isList && spellableItems(f, sent.([]any), list)
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

// agreeAll notes that an object was seen with all that was sent to it.
func (r *knowledge) agreeAll(c plan.Check) {
	for _, f := range c.Fields {
		r.agree(c.Live.Address(), f.Name)
	}
}

// agree notes that the server has shown a field as it was sent.
func (r *knowledge) agree(address, field string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.agreed[[2]string{address, field}] = true
}

// indexed makes a run find what its plan says of an object.
func (r *knowledge) indexed() {
	r.wanted, r.changes, r.agreed = map[string]*plan.Wanted{}, map[string]*plan.Change{}, map[[2]string]bool{}
	for i := range r.plan.Wanted {
		r.wanted[r.plan.Wanted[i].Address] = &r.plan.Wanted[i]
	}
	for i := range r.plan.Changes {
		r.changes[r.plan.Changes[i].Address] = &r.plan.Changes[i]
	}
}

// ours reports whether an id in an answer to a create cannot be that of a new object.
func (r *knowledge) ours(o *schema.Object, id int64) bool {
	r.mu.Lock()
	made := slices.Contains(r.madeIDs[o.Kind], id)
	r.mu.Unlock()
	if made {
		return true
	}
	return r.plan.Live != nil && o.Parent == nil && slices.ContainsFunc(r.plan.Live.Objects, func(l *schema.Object) bool {
		return l.Kind == o.Kind && l.ID == id
	})
}

// Unmoved returns the differences that a run has written and that are as they were before
// it: the answers told nothing of them, and the server keeps what it had.
func Unmoved(p *plan.Plan, done *Summary, after *diff.Result) []record.Respelled {
	var out []record.Respelled
	for _, now := range after.Changes {
		k := now.Object().Kind
		i := slices.IndexFunc(p.Changes, func(c plan.Change) bool { return c.Address == now.Address() && c.Action == now.Action })
		if i < 0 || now.Action != diff.Update {
			continue
		}
		for _, f := range now.Fields {
			if slices.ContainsFunc(p.Changes[i].Fields, func(c plan.FieldChange) bool {
				return c.Name == f.Name && spellable(k.Field(f.Name), c.New, c.Old) && !done.agreed[[2]string{now.Address(), f.Name}] && schema.Equal(c.Old, f.Old) && schema.Equal(c.New, f.New)
			}) {
				out = append(out, record.Respelled{Address: now.Address(), ID: now.Live.ID, Field: f.Name, Sent: f.New, Kept: f.Old})
			}
		}
	}
	return out
}
