package schema

import (
	"slices"
	"strings"

	"pbxsync/schema/reserved"
)

// Silenced is a warning that the files do not want to hear, at what, and why.
type Silenced struct {
	Warning Warning
	At      string // a pattern of addresses; none: anywhere
	Why     string
	Place   Place
}

var silenceSchema = map[string]any{"type": "array", "description": "Warnings that are not shown, each with the reason.",
	"items": map[string]any{"type": "object", "additionalProperties": false, "required": []string{reserved.Warning, reserved.Why},
		"properties": map[string]any{
			reserved.Warning: map[string]any{"enum": Warnings(), "description": "The name of the warning, as it stands behind it in brackets."},
			reserved.At:      map[string]any{"type": "string", "description": "An address, or a pattern of them; without it the warning is silent everywhere."},
			reserved.Why:     map[string]any{"type": "string", "minLength": 1, "description": "Why nobody has to hear it."},
		}}}

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
