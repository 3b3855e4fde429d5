package schema

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Silenced is a warning that the files do not want to hear, at what, and why.
type Silenced struct {
	Warning Warning
	At      string // a pattern of addresses; none: anywhere
	Why     string
	Place   Place
}

// The words of an entry of silence:.
const (
	wordWarning = "warning"
	wordAt      = "at"
	wordWhy     = "why"
)

var silenceSchema = map[string]any{"type": "array", "description": "Warnings that are not shown, each with the reason.",
	"items": map[string]any{"type": "object", "additionalProperties": false, "required": []string{wordWarning, wordWhy},
		"properties": map[string]any{
			wordWarning: map[string]any{"enum": Warnings(), "description": "The name of the warning, as it stands behind it in brackets."},
			wordAt:      map[string]any{"type": "string", "description": "An address, or a pattern of them; without it the warning is silent everywhere."},
			wordWhy:     map[string]any{"type": "string", "minLength": 1, "description": "Why nobody has to hear it."},
		}}}

// silence reads one entry of silence:.
func (d *decoder) silence(v *yaml.Node) {
	s := Silenced{Place: d.place(v)}
	d.pairs(v, "warning, at and why", func(k, v *yaml.Node) {
		text, _ := d.label(v, k.Value)
		switch k.Value {
		case wordWarning:
			if s.Warning = Warning(text); !slices.Contains(Warnings(), text) {
				d.unknown(v, "warning", "this version", Warnings())
			}
		case wordAt:
			s.At = text
		case wordWhy:
			s.Why = strings.TrimSpace(text)
		default:
			d.unknown(k, "field", wordSilence, []string{wordWarning, wordAt, wordWhy})
		}
	})
	if v.Kind == yaml.MappingNode && (s.Warning == "" || s.Why == "") {
		d.fail(v, `write {warning: NAME, at: ADDRESS, why: "the reason"}; at can be left out`, "a warning is silenced by its name and with a reason")
	}
	d.tenant.Silenced = append(d.tenant.Silenced, s)
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
