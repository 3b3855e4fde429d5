package published

import (
	"maps"
	"slices"

	"pbxsync/schema"
	"pbxsync/schema/checks"
	"pbxsync/schema/reserved"
)

var oldKeys = map[string]any{"type": "array", "items": map[string]any{"type": []string{"string", "integer"}}, "uniqueItems": true}

// ruleSchemas is what the published schema says of the words at objects.
var ruleSchemas = map[string]map[string]any{
	reserved.Previously: {"description": "Names that it had before: what has one of them is renamed."},
	reserved.Replaces:   {"description": "Names of what is deleted for it; its own name lets it be made again where only create may set a field."},
	reserved.Awaited:    {"const": true, "description": "Others will put it into the tenant; until then it may be missing."},
	reserved.Protected:  {"const": true, "description": "It may be neither deleted nor replaced."},
}

// putRules adds the words that objects of the kind may have.
func putRules(k *schema.Kind, props map[string]any) {
	for _, word := range schema.RuleWords(k) {
		s := maps.Clone(ruleSchemas[word])
		if s["const"] == nil {
			maps.Copy(s, oldKeys)
		}
		props[word] = s
	}
}

var protectedSchema = map[string]any{"type": "array", "items": map[string]any{"type": "string"},
	"description": "Addresses, or patterns of them, of what may be neither deleted nor replaced."}

// silenceSchema is what the published schema says of silence:.
func silenceSchema() any {
	return map[string]any{"type": "array", "description": "Warnings that are not shown, each with the reason.",
		"items": map[string]any{"type": "object", "additionalProperties": false, "required": []string{reserved.Warning, reserved.Why},
			"properties": map[string]any{
				reserved.Warning: map[string]any{"enum": slices.Concat(schema.Warnings(), checks.IDs()), "description": "The name of the warning, as it stands behind it in brackets."},
				reserved.At:      map[string]any{"type": "string", "description": "An address, or a pattern of them; without it the warning is silent everywhere."},
				reserved.Why:     map[string]any{"type": "string", "minLength": 1, "description": "Why nobody has to hear it."},
			}}}
}

// checksSchema is what the published schema says of checks:. That a reason may stand in a comment
// no schema can say.
func checksSchema() any {
	severity, props := map[string]any{"enum": schema.Severities()}, map[string]any{}
	for _, c := range checks.All() {
		props[c.ID] = map[string]any{
			"description": c.Title + " (" + string(c.Severity) + ").",
			"anyOf": []any{severity, map[string]any{"type": "object", "additionalProperties": false, "required": []string{reserved.Severity},
				"properties": map[string]any{reserved.Severity: severity, reserved.Why: map[string]any{"type": "string", "minLength": 1}}}},
		}
	}
	return map[string]any{"type": "object", "additionalProperties": false, "properties": props,
		"description": "Checks that are more or less grave in this tenant; less needs a reason: {severity: off, why: \"...\"}, or a comment."}
}

var acceptSchema = map[string]any{"type": "array", "description": "Differences that are let be until a day, each with the reason.",
	"items": map[string]any{"type": "object", "additionalProperties": false, "required": []string{reserved.At, reserved.Until, reserved.Why},
		"properties": map[string]any{
			reserved.At:    map[string]any{"type": "string", "description": "An address, or a pattern of them, with a field behind a dot or without."},
			reserved.Until: map[string]any{"type": "string", "format": "date", "description": "The last day on which it is no difference."},
			reserved.Why:   map[string]any{"type": "string", "minLength": 1, "description": "Why it may stay so until then."},
		}}}
