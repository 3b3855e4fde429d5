package survey

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Version is that of the form of a Record.
const Version = 1

// Record is what a server answered, without values.
type Record struct {
	Version int      `json:"format_version"`
	Tool    string   `json:"tool"`
	Sample  int      `json:"sample"` // of how many parents of a kind the children were read
	Answers []Answer `json:"answers"`
}

// Answer is one answer, in the order in which they came.
type Answer struct {
	Kind   string `json:"kind"`
	Path   string `json:"path"` // with the names of ids in braces
	Single bool   `json:"single,omitempty"`
	Page   int    `json:"page,omitempty"`
	Asked  int    `json:"asked,omitempty"` // rows that were asked for

	Status int    `json:"status"`           // 0: there was none
	Broken bool   `json:"broken,omitempty"` // a success that could not be read
	Same   bool   `json:"same,omitempty"`   // the page before once more
	Wrap   string `json:"wrap,omitempty"`   // the member that held the rows
	Map    bool   `json:"map,omitempty"`    // the rows stood by name
	Alone  bool   `json:"alone,omitempty"`  // an object where a list was due, or the other way round
	Rows   int    `json:"rows"`             // how many there were
	Row    *Shape `json:"row,omitempty"`    // all of them

	said string // by the server, for the person at the screen only
}

// Encode writes a record, an answer to a line.
func (r *Record) Encode() ([]byte, error) {
	var b bytes.Buffer
	head := *r
	head.Answers = nil
	text, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	b.Write(bytes.TrimSuffix(text, []byte("null}")))
	b.WriteString("[")
	for i, a := range r.Answers {
		if text, err = json.Marshal(a); err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n")
		b.Write(text)
	}
	b.WriteString("\n]}\n")
	return b.Bytes(), nil
}

// Decode reads a record.
func Decode(data []byte) (*Record, error) {
	r := &Record{}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(r); err != nil {
		return nil, fmt.Errorf("this is no record of a survey: %w", err)
	}
	if r.Version != Version {
		return nil, fmt.Errorf("the record has the format %d, and this version reads %d", r.Version, Version)
	}
	left := &room{mostAll, mostText}
	for _, a := range r.Answers {
		if a.Kind == "" || a.Path == "" || a.Rows < 0 || a.Rows > most || a.Status != 0 && (a.Status < 200 || a.Status > 599) {
			return nil, errors.New("the record has an answer without a kind or a path, or with a number that none can have")
		}
		if err := left.take(a.Row, 0); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// What no answers hold together. A record comes from somebody else, and is refused
// before so much is made of it.
const (
	most      = 200_000    // of one thing
	mostAll   = 1_000_000  // values of all answers
	mostText  = 32_000_000 // characters of all texts
	deepest   = 64
	longestOf = 1000 // characters of a text that is made up
)

// room is what is left for the values of a record.
type room struct{ values, text int }

// take refuses numbers that cannot be, and more than there is room for.
func (r *room) take(s *Shape, depth int) error {
	if s == nil {
		return nil
	}
	counts := []int{s.Null, s.Bool, s.Int, s.Number}
	var inner []*Shape
	if t := s.Text; t != nil {
		counts = append(counts, t.Count, t.Length[0], t.Length[1], t.Digits, t.Truth)
		for _, n := range t.Words {
			counts = append(counts, n)
		}
		r.values -= t.Count + t.Digits + t.Truth
		r.text -= max(t.Count, t.Digits) * min(t.Length[1], longestOf)
	}
	if l := s.List; l != nil {
		counts, inner = append(counts, l.Count, l.Length[0], l.Length[1], l.Total), append(inner, l.Items)
		r.values -= l.Count
	}
	if o := s.Object; o != nil {
		counts, inner = append(counts, o.Count, o.Own), append(inner, o.OwnAre)
		r.values -= o.Count
		for _, m := range o.Members {
			inner = append(inner, m)
		}
	}
	r.values -= s.Null + s.Bool + s.Int + s.Number
	if depth > deepest || slices.Min(counts) < 0 || slices.Max(counts) > most || r.values < 0 || r.text < 0 {
		return errors.New("the record has a number that no answer can have")
	}
	for _, m := range inner {
		if err := r.take(m, depth+1); err != nil {
			return err
		}
	}
	return nil
}
