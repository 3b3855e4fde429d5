package checks_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/checks"
	"pbxsync/schema/file"
)

func parse(t *testing.T, files ...file.File) *schema.Tenant {
	t.Helper()
	tenant, problems := file.Parse(schema.Builtin(), files)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return tenant
}

func tenant(t *testing.T, text string) *schema.Tenant {
	t.Helper()
	return parse(t, file.File{Name: "t.yaml", Data: []byte("version: 1\ntenant: {name: acme}\n" + text)})
}

// Each check says all that people need, and its examples are what it says: the right one has no
// finding of any check, the wrong one has one of this, with its place.
func TestExamples(t *testing.T) {
	for _, c := range checks.All() {
		t.Run(c.ID, func(t *testing.T) {
			if !checks.IsID(c.ID) || c.Title == "" || c.Why == "" || c.WayOut == "" || c.Finds == "" || !slices.Contains(schema.Severities(), c.Severity) {
				t.Errorf("%+v", c)
			}
			if got := checks.Of(schema.Builtin(), tenant(t, c.Right), c.Today); len(got) > 0 {
				t.Errorf("the right example: %s", got.Error())
			}
			got := checks.Of(schema.Builtin(), tenant(t, c.Wrong), c.Today)
			i := slices.IndexFunc(got, func(p schema.Problem) bool { return p.Check == c.ID })
			if i < 0 {
				t.Fatalf("the wrong example: %s", got.Error())
			}
			p := got[i]
			if p.Place.Line == 0 || p.Address == "" || p.Hint == "" || (p.Warning == "") != (c.Severity == schema.Grave) || p.Notice != (c.Severity == schema.Notice) {
				t.Errorf("%#v", p)
			}
			t.Log(p)
		})
	}
}

// Every field that a check names is there, so that none finds nothing since it was renamed.
func TestFields(t *testing.T) {
	for _, c := range checks.All() {
		for _, word := range c.Kinds() {
			kind, path, _ := strings.Cut(word, ".")
			k := schema.Builtin().Kind(kind)
			if k == nil {
				t.Errorf("%s: no kind %s", c.ID, kind)
				continue
			}
			for name := range strings.SplitSeq(path, ".") {
				switch f := k.Field(name); {
				case name == "":
				case name == "parent":
					k = k.Parents[0]
				case f == nil:
					t.Errorf("%s: %s has no %s", c.ID, word, name)
				case f.Ref != nil:
					k = f.Ref
				}
			}
		}
	}
}

func TestExamplesOfTheProgram(t *testing.T) {
	for _, dir := range []string{"acme", "minimal"} {
		names, _ := filepath.Glob("../../examples/" + dir + "/[a-z]*.yaml")
		var files []file.File
		for _, name := range names {
			if base := filepath.Base(name); base == "pbxsync.yaml" || base == "calls.yaml" {
				continue
			}
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file.File{Name: filepath.Base(name), Data: data})
		}
		for _, p := range checks.Of(schema.Builtin(), parse(t, files...), "2026-11-30") {
			if !p.Notice {
				t.Errorf("%s: %s", dir, p)
			} else {
				t.Logf("%s: %s [%s]", dir, p, p.Check)
			}
		}
	}
}

// A rule is passed over where an earlier one has all of its calls and ends them, and nowhere else.
func TestPassedOver(t *testing.T) {
	for rules, over := range map[string]bool{
		`{type: hangup}, {type: voicemail}`:                                                                                                                           true,
		`{type: hangup}, {type: voicemail, interval: Night}`:                                                                                                          true,
		`{type: hangup, interval: Night}, {type: voicemail, interval: Night}`:                                                                                         true,
		`{type: hangup, interval: Night}, {type: voicemail}`:                                                                                                          false,
		`{type: hangup, interval: Night}, {type: voicemail, interval: Day}`:                                                                                           false,
		`{type: transfer, transfer_dst: ["102"]}, {type: voicemail}`:                                                                                                  false,
		`{type: hangup, call_status: busy}, {type: voicemail}`:                                                                                                        false,
		`{type: hangup, call_status: busy}, {type: voicemail, call_status: no_answer}`:                                                                                false,
		`{type: hangup, call_status: busy}, {type: voicemail, call_status: busy}`:                                                                                     true,
		`{type: hangup, call_status: any}, {type: voicemail}`:                                                                                                         true,
		`{type: hangup, caller_id_action: anonymous}, {type: voicemail}`:                                                                                              false,
		`{type: hangup, caller_id_action: anonymous}, {type: voicemail, caller_id_action: anonymous}`:                                                                 true,
		`{type: hangup, caller_id_action: matches, caller_id: "^49"}, {type: voicemail, caller_id_action: matches, caller_id: "^43"}`:                                 false,
		`{type: hangup, caller_id_action: matches, caller_id: "^49"}, {type: voicemail, caller_id_action: matches, caller_id: "^49", interval: Night}`:                true,
		`{type: hangup, caller_id_action: matches, caller_id: "^49", interval: Day}, {type: voicemail, caller_id_action: matches, caller_id: "^49", interval: Night}`: false,
	} {
		text := "intervals: {Night: {timezone: Europe/Berlin}, Day: {timezone: Europe/Berlin}}\nextensions: {\"101\": {type: phone, status: active, rules: [" + rules + "]}, \"102\": {type: phone, status: active}}\n"
		got := checks.Of(schema.Builtin(), tenant(t, text), "")
		if found := slices.ContainsFunc(got, func(p schema.Problem) bool { return p.Check == "PBX028" }); found != over {
			t.Errorf("%s: %v, want %v: %v", rules, found, over, got)
		}
	}
}
