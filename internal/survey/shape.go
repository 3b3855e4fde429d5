package survey

import (
	"encoding/json"
	"slices"
	"strings"

	"pbxsync/schema"
)

// Shape is what values at one place have in common: how many there were of each type.
type Shape struct {
	Null   int      `json:"null,omitempty"`
	Bool   int      `json:"bool,omitempty"`
	Int    int      `json:"int,omitempty"`
	Number int      `json:"number,omitempty"` // not whole
	Text   *Texts   `json:"text,omitempty"`
	List   *Lists   `json:"list,omitempty"`
	Object *Objects `json:"object,omitempty"`
}

// Texts are the texts at one place.
type Texts struct {
	Count  int            `json:"count"`
	Length Range          `json:"length"`
	Words  map[string]int `json:"words,omitempty"`  // of those that the documents print for the field
	Digits int            `json:"digits,omitempty"` // hold a whole number and nothing else
	Truth  int            `json:"truth,omitempty"`  // hold true or false, or yes or no

	strange string // a word that is not documented, for the person at the screen only
}

// Lists are the lists at one place.
type Lists struct {
	Count  int    `json:"count"`
	Length Range  `json:"length"`
	Total  int    `json:"total"` // items of all lists together
	Items  *Shape `json:"items,omitempty"`
}

// Objects are the objects at one place. Members whose names may be a tenant's own
// are counted together.
type Objects struct {
	Count   int               `json:"count"`
	Members map[string]*Shape `json:"members,omitempty"`
	Own     int               `json:"own,omitempty"` // members with a name of the tenant's
	OwnAre  *Shape            `json:"own_are,omitempty"`
}

// Range is the least and the most of something.
type Range [2]int

func (r Range) with(n, before int) Range {
	if before == 0 {
		return Range{n, n}
	}
	return Range{min(r[0], n), max(r[1], n)}
}

func (r Range) and(o Range, before, more int) Range {
	switch {
	case before == 0:
		return o
	case more == 0:
		return r
	}
	return Range{min(r[0], o[0]), max(r[1], o[1])}
}

// Count is the number of values.
func (s *Shape) Count() int {
	if s == nil {
		return 0
	}
	n := s.Null + s.Bool + s.Int + s.Number
	if s.Text != nil {
		n += s.Text.Count
	}
	if s.List != nil {
		n += s.List.Count
	}
	if s.Object != nil {
		n += s.Object.Count
	}
	return n
}

// Names tells the names of the API from those that a tenant made up.
type Names map[string]bool

// NamesOf returns the names of all fields in the catalogue.
func NamesOf(c *schema.Catalogue) Names {
	names := Names{"page": true, "per_page": true, "order": true, "total_count": true, "message": true}
	var walk func([]*schema.Field)
	walk = func(fields []*schema.Field) {
		for _, f := range fields {
			names[f.API], names[f.Answer] = true, true
			walk(f.Parts())
			if f.Items != nil {
				walk(f.Items.Fields)
			}
		}
	}
	for _, k := range c.Kinds {
		walk(k.Fields)
		if k.Batch != "" {
			names[k.Batch] = true
		}
		if rows := rowsMember(k); rows != "" {
			names[rows] = true
		}
	}
	return names
}

// fieldLike reports whether a name could be one of the API's fields.
func fieldLike(name string) bool {
	const most = 48
	return name != "" && len(name) <= most && name[0] >= 'a' && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// ours reports whether the members of an object are fields, so that those that are
// not known are fields as well. A map by the names of variables is none.
func (n Names) ours(object map[string]any) bool {
	known := 0
	for name := range object {
		if n[name] {
			known++
		}
	}
	return known > 0 && 2*known >= len(object)
}

// Add takes a value in. f is the field that it is of, or nil.
func (n Names) Add(s *Shape, v any, f *schema.Field) {
	switch x := v.(type) {
	case nil:
		s.Null++
	case bool:
		s.Bool++
	case json.Number:
		if _, err := x.Int64(); err == nil {
			s.Int++
		} else {
			s.Number++
		}
	case string:
		n.addText(s, x, f)
	case []any:
		n.addList(s, x, f)
	case map[string]any:
		n.addObject(s, x, fieldsOf(f))
	}
}

func (n Names) addText(s *Shape, text string, f *schema.Field) {
	if s.Text == nil {
		s.Text = &Texts{}
	}
	t := s.Text
	t.Length = t.Length.with(len([]rune(text)), t.Count)
	t.Count++
	words := wordsOf(f)
	switch {
	case words[text]:
		if t.Words == nil {
			t.Words = map[string]int{}
		}
		t.Words[text]++
		return
	case len(words) > 0 && t.strange == "":
		t.strange = text
	}
	if text != "" && strings.Trim(text, "0123456789") == "" {
		t.Digits++
	}
	if slices.Contains([]string{"true", "false", "yes", "no"}, text) {
		t.Truth++
	}
}

func (n Names) addList(s *Shape, list []any, f *schema.Field) {
	if s.List == nil {
		s.List = &Lists{}
	}
	l := s.List
	l.Length = l.Length.with(len(list), l.Count)
	l.Count++
	l.Total += len(list)
	var items *schema.Field
	if f != nil {
		items = f.Items
	}
	for _, item := range list {
		if l.Items == nil {
			l.Items = &Shape{}
		}
		n.Add(l.Items, item, items)
	}
}

func (n Names) addObject(s *Shape, object map[string]any, fields map[string]*schema.Field) {
	if s.Object == nil {
		s.Object = &Objects{}
	}
	o := s.Object
	o.Count++
	ours := n.ours(object)
	for name, v := range object {
		f := fields[name]
		if f == nil && !(ours && (n[name] || fieldLike(name))) {
			o.Own++
			if o.OwnAre == nil {
				o.OwnAre = &Shape{}
			}
			n.Add(o.OwnAre, v, nil)
			continue
		}
		if o.Members == nil {
			o.Members = map[string]*Shape{}
		}
		if o.Members[name] == nil {
			o.Members[name] = &Shape{}
		}
		n.Add(o.Members[name], v, f)
	}
}

func fieldsOf(f *schema.Field) map[string]*schema.Field {
	if f == nil {
		return nil
	}
	return byAnswer(f.Parts())
}

func byAnswer(fields []*schema.Field) map[string]*schema.Field {
	out := make(map[string]*schema.Field, len(fields))
	for _, f := range fields {
		out[f.Answer] = f
	}
	return out
}

// wordsOf are the words that the documents print for a field.
func wordsOf(f *schema.Field) map[string]bool {
	if f == nil {
		return nil
	}
	words := map[string]bool{}
	for _, w := range f.Enum {
		words[w] = true
	}
	for _, w := range f.Words {
		if text, ok := w.API.(string); ok {
			words[text] = true
		}
	}
	return words
}

// Merge adds what another shape counted.
func (s *Shape) Merge(o *Shape) {
	if o == nil {
		return
	}
	s.Null, s.Bool, s.Int, s.Number = s.Null+o.Null, s.Bool+o.Bool, s.Int+o.Int, s.Number+o.Number
	if o.Text != nil {
		s.mergeText(o.Text)
	}
	if o.List != nil {
		s.mergeList(o.List)
	}
	if o.Object != nil {
		s.mergeObject(o.Object)
	}
}

func (s *Shape) mergeText(o *Texts) {
	if s.Text == nil {
		s.Text = &Texts{}
	}
	t := s.Text
	t.Length = t.Length.and(o.Length, t.Count, o.Count)
	t.Count, t.Digits, t.Truth = t.Count+o.Count, t.Digits+o.Digits, t.Truth+o.Truth
	for word, n := range o.Words {
		if t.Words == nil {
			t.Words = map[string]int{}
		}
		t.Words[word] += n
	}
	if t.strange == "" {
		t.strange = o.strange
	}
}

func (s *Shape) mergeList(o *Lists) {
	if s.List == nil {
		s.List = &Lists{}
	}
	l := s.List
	l.Length = l.Length.and(o.Length, l.Count, o.Count)
	l.Count, l.Total = l.Count+o.Count, l.Total+o.Total
	l.Items = merged(l.Items, o.Items)
}

func (s *Shape) mergeObject(o *Objects) {
	if s.Object == nil {
		s.Object = &Objects{}
	}
	s.Object.Count, s.Object.Own = s.Object.Count+o.Count, s.Object.Own+o.Own
	s.Object.OwnAre = merged(s.Object.OwnAre, o.OwnAre)
	for name, m := range o.Members {
		if s.Object.Members == nil {
			s.Object.Members = map[string]*Shape{}
		}
		s.Object.Members[name] = merged(s.Object.Members[name], m)
	}
}

func merged(a, b *Shape) *Shape {
	if a == nil && b == nil {
		return nil
	}
	out := &Shape{}
	out.Merge(a)
	out.Merge(b)
	return out
}
