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

// Unsilenced leaves out the warnings that the files do not want to hear.
func (t *Tenant) Unsilenced(ps Problems) Problems {
	if len(t.Silenced) == 0 {
		return ps
	}
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool {
		return p.Warning != "" && slices.ContainsFunc(t.Silenced, func(s Silenced) bool { return s.silences(p) })
	})
}

func (s Silenced) silences(p Problem) bool {
	if s.Warning != p.Warning {
		return false
	}
	at := s.At == ""
	for a := p.Address; !at && a != ""; a = a[:max(0, strings.LastIndexByte(a, '/'))] {
		at = matchesName(s.At, a)
	}
	return at
}
