package schema

import (
	"slices"
	"strings"
)

// Silenced is a warning that the files do not want to hear, at what, and why.
type Silenced struct {
	Warning Warning
	At      string // a pattern of addresses; none: anywhere
	Why     string
	Place   Place
}

// Severity is how bad it is what a check finds.
type Severity string

// The severities, the gravest first.
const (
	Grave  Severity = "error"   // the files cannot be used
	Warn   Severity = "warning" // somebody should look
	Notice Severity = "notice"  // worth knowing
	Off    Severity = "off"     // nobody is told
)

// Severities are all of them, the gravest first.
func Severities() []Severity { return []Severity{Grave, Warn, Notice, Off} }

// Judged is what the files want a check to be, and why.
type Judged struct {
	Check    string
	Severity Severity
	Why      string
	Place    Place
}

// Unsilenced leaves out the warnings that the files do not want to hear.
func (t *Tenant) Unsilenced(ps Problems) Problems {
	if len(t.Silenced) == 0 {
		return ps
	}
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool {
		return (p.Warning != "" || p.Check != "") && slices.ContainsFunc(t.Silenced, func(s Silenced) bool { return s.silences(p) })
	})
}

func (s Silenced) silences(p Problem) bool {
	if string(s.Warning) != p.Name() {
		return false
	}
	at := s.At == ""
	for a := p.Address; !at && a != ""; a = a[:max(0, strings.LastIndexByte(a, '/'))] {
		at = matchesName(s.At, a)
	}
	return at
}

// Accepted is a difference that the files let be until a day, and why.
type Accepted struct {
	At    string `json:"at"`    // a pattern of addresses
	Field string `json:"field"` // of what it matches; "": whatever differs there
	Until string `json:"until"` // the last day, as 2026-12-31
	Why   string `json:"why"`
	Place Place  `json:"place,omitzero"`
}

// Holds reports whether the day has not passed.
func (a *Accepted) Holds(today string) bool { return today != "" && today <= a.Until }

// Concerns reports whether a difference of an object is accepted: of a field, or of all of it ("").
func (a *Accepted) Concerns(o *Object, field string) bool {
	if a.Field == "" {
		return Matches(a.At, o)
	}
	return a.Field == field && matchesName(a.At, o.Address())
}

// AcceptedAt returns the entry that lets a difference be, nil if there is none.
func (t *Tenant) AcceptedAt(o *Object, field, today string) *Accepted {
	for i := range t.Accept {
		if a := &t.Accept[i]; a.Holds(today) && a.Concerns(o, field) {
			return a
		}
	}
	return nil
}
