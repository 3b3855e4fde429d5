package observe_test

import (
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/file/export"
	"pbxsync/sync/observe"
)

// A list of several pages that reads otherwise the second time is nothing to conclude from.
func TestALongListThatChanges(t *testing.T) {
	for files, second := range map[string]bool{
		"extensions: {\"101\": {absent: true}}": true,
		"extensions: {\"101\": {label: Other}}": false,
		"extension_groups: {z: {}}":             false,
	} {
		s := busy()
		state, err := observe.Observe(t.Context(), s, canned.Parse(t, tenantLine+files+"\n"), options())
		if err != nil || (state.Calls.Second > 0) != second {
			t.Errorf("%s: %v, %+v", files, err, state)
		}
	}
	s := busy()
	s.grows = "/client/12/extension/"
	_, err := observe.Observe(t.Context(), s, canned.Parse(t, changed), options())
	if want := "the list of extension changed while it was read (3 rows, then 4)"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, wanted %s", err, want)
	}
}

// The files of a whole tenant say what it has; files that say other things are no proof.
func TestProve(t *testing.T) {
	w, err := observe.ReadAll(t.Context(), busy(), options(), nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := export.Tenant(schema.Builtin(), &w.Live.Tenant, export.Options{Missed: w.NotKnown()})
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.Prove(t.Context(), e.Files, options(), true)
	if err != nil || s.Calls != (observe.Calls{}) || len(s.Diff.Changes) > 0 {
		t.Fatal(err, s)
	}
	for text, want := range map[string]string{
		"extension_groups: {a: {extra_params: other}}":         "extension_group/a: extra_params would read back as another value",
		"extension_groups: {zz: {}}":                           "extension_group/zz: the files would create it",
		"extension_groups: {a: {}}":                            "the files state less than can be compared",
		"extension_groups: {a: {extra_params: null}}":          "is in no file",
		"extensions: {\"101\": {extension_group: {live: zz}}}": "zz",
		"nonsense: 1": "nonsense",
	} {
		_, err := w.Prove(t.Context(), []file.File{{Name: "t.yaml", Data: []byte(tenantLine + text + "\n")}}, options(), true)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, wanted %s", text, err, want)
		}
	}
	if s, err := w.Prove(t.Context(), []file.File{{Name: "t.yaml", Data: []byte(tenantLine + "extension_groups: {a: {}}\n")}}, options(), false); err != nil || s == nil {
		t.Errorf("a part: %v", err)
	}
	s, err = w.Prove(t.Context(), []file.File{{Name: "t.yaml", Data: []byte(tenantLine + "protected: [interval/none]\nextension_groups: {a: {}}\n")}}, options(), false)
	if err != nil || len(s.Problems) != 1 || s.Problems[0].Warning != schema.WarnProtects {
		t.Errorf("a warning: %v, %v", err, s)
	}
}
