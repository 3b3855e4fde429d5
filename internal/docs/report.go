package main

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"

	"pbxsync/internal/docs/described"
	"pbxsync/internal/exit"
	"pbxsync/internal/report"
)

// reportSchema is the JSON Schema of reports, of the lines of jsonl, and of what pull prints. It is
// made of the types that write them.
func reportSchema(root string) ([]byte, error) {
	sides := []string{"drift", "pending", "conflict", "same"}
	s := &described.Schema{Comments: described.Comments{Module: "pbxsync", Root: root},
		Words: map[string][]string{
			"Report.code": codeNames(), "Outcome.code": codeNames(),
			"Report.command": report.Commands(), "Outcome.command": report.Commands(),
			"Verdict.word": report.Words(), "Change.mode": {"managed"}, "Values.actions": {"create", "update", "delete"}, "Change.side": sides, "Field.side": sides,
			"Step.method": {http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete},
		},
		Nullable: map[string]bool{"Values.before": true, "Values.after": true}}
	first, err := s.Ref(reflect.TypeFor[report.Report]())
	if err != nil {
		return nil, err
	}
	if _, err := s.Ref(reflect.TypeFor[report.Pulled]()); err != nil {
		return nil, err
	}
	pulled := s.Defs["Pulled"].(map[string]any)
	pulled["properties"].(map[string]any)["code"] = map[string]any{"enum": codeNames(), "description": "the word of the exit code"}
	if err := lines(s); err != nil {
		return nil, err
	}
	if left := slices.Sorted(maps.Keys(s.Words)); len(left) > 0 {
		return nil, fmt.Errorf("no field is %v", left)
	}
	first["$schema"], first["$id"] = "https://json-schema.org/draft/2020-12/schema", "report.schema.json"
	first["title"] = "What pbxsync reports, format_version " + report.Version
	first["description"] = "The document of --format json. Each line of --format jsonl is an #/$defs/Event, and what pull prints with --format json a #/$defs/Pulled. New members come with a new minor version."
	first["$defs"] = s.Defs
	var b bytes.Buffer
	err = report.JSON(&b, first)
	return b.Bytes(), err
}

func codeNames() []string {
	var out []string
	for _, c := range exit.Codes() {
		out = append(out, c.Name)
	}
	return out
}

// lines describes the events of jsonl: what each tells of follows from its type.
func lines(s *described.Schema) error {
	if _, err := s.Ref(reflect.TypeFor[report.Event]()); err != nil {
		return err
	}
	event := s.Defs["Event"].(map[string]any)
	var kinds []string
	var each []any
	all := report.EventTypes()
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		what, err := s.Ref(reflect.TypeOf(all[kind]))
		if err != nil {
			return err
		}
		kinds = append(kinds, kind)
		each = append(each, map[string]any{"if": map[string]any{"properties": map[string]any{"type": map[string]any{"const": kind}}},
			"then": map[string]any{"properties": map[string]any{"what": what}}})
	}
	event["properties"].(map[string]any)["type"] = map[string]any{"enum": kinds}
	event["allOf"] = each
	return nil
}
