package observe_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
)

// kept is the snapshot of a case, as it is read back from its saved form.
func kept(t *testing.T, name string) *observe.Snapshot {
	t.Helper()
	c := canned.Load(t, "testdata/whole/"+name+".txtar")
	w, _, err := readWhole(t, c, c.Reader(t))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(w.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	s, err := observe.DecodeSnapshot(data)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := snapshotInWords(w.Snapshot), snapshotInWords(s); a != b {
		t.Errorf("read back it is\n%s\nwanted\n%s", b, a)
	}
	return s
}

// A snapshot answers what the server answered, refuses what it refused, and says of anything
// else that it was not asked.
func TestSnapshotAnswers(t *testing.T) {
	s := kept(t, "tenant")
	const unasked = "; make it again with import --snapshot, or plan with a server"
	for _, test := range []struct {
		method, at, want string
		status           int
	}{
		{"GET", "/client/12/ani/", `{"default":"49301"}`, 0},
		{"GET", "/client/12/task_scheduler/902", "GET /client/12/task_scheduler/902: 404", 404},
		{"GET", "/client/12/nothing", "the snapshot has no answer to GET /client/12/nothing" + unasked, 0},
		{"LIST", "/client/12/did/", `[{"extension_id":7,"id":201,"message_extension_id":null,"name":"49301"}]`, 0},
		{"LIST", "/client/12/alias/", `[]`, 0},
		{"LIST", "/client/12/nothing/", "the snapshot has no answer to GET /client/12/nothing/" + unasked, 0},
		{"DESCRIBE", "/client/12/sound/2/download/", `{"size":8,"sha256":"08e8d74a3e55c977202c5b03d62d40875e9269d3810116336252b90babe4caf9"}`, 0},
		{"DESCRIBE", "/client/12/sound/4/download/", "GET /client/12/sound/4/download/: 404", 404},
		{"DESCRIBE", "/client/12/sound/5/download/", "the snapshot does not tell what GET /client/12/sound/5/download/ gives; make it again with import --snapshot and without --skip-content, or plan with --skip-content", 0},
		{"DOWNLOAD", "/client/12/sound/1/download/", "a snapshot holds no files, so it cannot give GET /client/12/sound/1/download/", 0},
	} {
		var v any
		var err error
		pages := 0
		switch test.method {
		case "GET":
			v, err = s.Get(t.Context(), test.at)
		case "LIST":
			v, pages, _, err = s.List(t.Context(), test.at, schema.Listing{})
		case "DESCRIBE":
			v, err = s.Describe(test.at)
		default:
			v, err = s.Download(t.Context(), test.at, 1)
		}
		got := canned.JSON(v)
		if err != nil {
			got = err.Error()
		}
		var answered interface{ HTTPStatus() int }
		if errors.As(err, &answered) != (test.status != 0) || test.status != 0 && answered.HTTPStatus() != test.status || got != test.want || pages != 0 {
			t.Errorf("%s %s: %s, wanted %s", test.method, test.at, got, test.want)
		}
	}
}

// Files are compared with a snapshot as with a server; what only a server knows is said.
func TestPlanOfASnapshot(t *testing.T) {
	for name, test := range map[string]struct{ of, files, want string }{
		"a change":          {"tenant", "extensions: {\"103\": {status: active}}\n", "update extension/103; status: \"blocked\" -> \"active\""},
		"what would be cut": {"tenant", "extensions: {\"103\": {absent: true}}\n", "note the snapshot does not tell which calls go with what is deleted; plan with a server"},
		"and lost":          {"tenant", "extensions: {\"103\": {absent: true}}\n", "note the snapshot does not tell which recordings go with what is deleted; plan with a server"},
		"content":           {"skipped", "sounds: {Hello: {file: same.wav}}\n", "error the snapshot does not tell what GET /client/12/sound/1/download/ gives"},
		"other content":     {"tenant", "sounds: {Hello: {file: same.wav}}\n", "update sound/Hello; file: {\"name\":\"same.wav\",\"sha256\":\"dce2b3df"},
		"a refused list":    {"refused_to_an_administrator", "dids: {}\n", "error GET /client/12/did/: 403"},
		"limits unknown":    {"refused_to_an_administrator", "extensions: {\"109\": {type: ivr, status: active}}\n", "note The tenant's limits are not known, so nobody checked that the plan keeps within them: GET /client/12/limit/: 403"},
	} {
		snapshot := kept(t, test.of)
		desired := canned.Parse(t, tenantLine+test.files)
		c := canned.Load(t, "../testdata/cases/sounds.txtar")
		if problems := desired.Contents(c); len(problems) > 0 {
			t.Fatal(problems)
		}
		o := options()
		o.Tenant = snapshot.Selector()
		s, err := observe.Observe(t.Context(), snapshot, desired, o)
		got := fmt.Sprint("error ", err)
		if err == nil {
			got = told(s)
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%s:\n%s\nwanted\n%s", name, got, test.want)
		}
	}
}

// A file that cannot be kept ends the import.
func TestKeepFails(t *testing.T) {
	c := canned.Load(t, "testdata/whole/tenant.txtar")
	o := c.Options(t)
	o.Keep = func(string, []byte) error { return errors.New("disk full") }
	if w, err := observe.ReadAll(t.Context(), c.Reader(t), o, nil); w != nil || err == nil || err.Error() != "disk full" {
		t.Errorf("%v, %v", w, err)
	}
	o.Keep = nil
	if w, err := observe.ReadAll(t.Context(), c.Reader(t), o, nil); err != nil || len(w.NoContent) != 2 {
		t.Errorf("%v, %v", w, err)
	}
}

// Read sparingly, a snapshot answers the same, and hides what is not in it as a server would.
func TestSnapshotHides(t *testing.T) {
	s := kept(t, "tenant").Sparing()
	if v, err := s.Get(t.Context(), "/client/12/ani/"); err != nil || fmt.Sprint(v) != "map[default:49301]" {
		t.Errorf("%v, %v", v, err)
	}
	if _, err := s.Get(t.Context(), "/client/12/nothing"); call.Status(err) != 404 {
		t.Errorf("what is not there: %v", err)
	}
	if rows, _, _, err := s.List(t.Context(), "/client/12/did/", schema.Listing{}); err != nil || len(rows) != 1 {
		t.Errorf("%v, %v", rows, err)
	}
	if _, _, _, err := s.List(t.Context(), "/client/12/nothing/", schema.Listing{}); call.Status(err) != 404 {
		t.Errorf("a list that is not there: %v", err)
	}
}
