package proof

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/simulator"
	"pbxsync/schema/file/export"
)

// lefts returns what an import says it left out.
func lefts(e *export.Exported) string {
	var lines []string
	for _, p := range e.Left {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

// TestImportNamesFiles gives sounds the names of files by their titles.
func TestImportNamesFiles(t *testing.T) { onBoth(t, importNamesFiles) }

func importNamesFiles(t *testing.T, start func(*testing.T) *box) {
	b := start(t)
	for _, title := range []string{"Front desk", "front  DESK!", "front-desk-2", "CON", "../../etc/passwd", "Приветствие", "😀", "a", "A", ".hidden", strings.Repeat("x", 255), "bell\a"} {
		b.sound(title)
	}
	_, e := b.imported(false)
	b.unchanged(e, false)
	want := []string{"sounds/a-2.wav", "sounds/a.wav", "sounds/etc-passwd.wav", "sounds/front-desk-2.wav", "sounds/front-desk-2-2.wav", "sounds/front-desk.wav",
		"sounds/goodbye.wav", "sounds/hidden.wav", "sounds/sound-2.wav", "sounds/sound-con.wav", "sounds/sound.wav", "sounds/welcome.wav", "sounds/" + strings.Repeat("x", 100) + ".wav"}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(b.options.Folder.(*cellar).memory)); !slices.Equal(got, want) {
		t.Errorf("%v\nwant\n%v", got, want)
	}
	if got := lefts(e); strings.Count(got, "\n") != 0 || !strings.Contains(got, "control character") {
		t.Errorf("left out: %s", got)
	}
}

// TestImportWithoutFiles keeps the objects whose files cannot be had or could not be
// uploaded, and says why; a fault that may pass ends the import.
func TestImportWithoutFiles(t *testing.T) { onBoth(t, importWithoutFiles) }

func importWithoutFiles(t *testing.T, start func(*testing.T) *box) {
	b := start(t)
	answer := func(status int, kind, body string) func(w http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	intercept := func(give func(http.ResponseWriter)) {
		b.server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, "/303/download/") {
				give(w)
				return true
			}
			return false
		})
	}
	const binary = "application/octet-stream"
	wav := string(simulator.WAV([]byte("x")))
	for _, c := range []struct {
		give func(http.ResponseWriter)
		want string
	}{
		{answer(404, "application/json", `{"message":"Not found"}`), "GET /client/12/sound/303/download/: 404: Not found"},
		{answer(200, binary, ""), "the server sent an empty answer (200), a file was expected"},
		{answer(200, "text/html", "<html>"), "the server sent text/html (200), a file was expected"},
		{answer(200, binary, "OggS"), "what the tenant has is neither WAV nor MP3 by its content"},
		{answer(200, binary, wav[:40]), "what the tenant has is a WAV without any sound in it"},
		{answer(200, binary, wav+strings.Repeat("x", 10<<20)), "what the tenant has is over the limit of 10 MB"},
	} {
		intercept(c.give)
		w, e := b.imported(false)
		if got := lefts(e); strings.Count(got, "\n") != 0 || !strings.HasPrefix(got, "warning: sound/Welcome: file is left out: ") || !strings.Contains(got, c.want) {
			t.Errorf("left out: %s, want %q", got, c.want)
		}
		if text := joined(e.Files); !strings.Contains(text, "  Welcome: {}\n") || !strings.Contains(text, "Goodbye: {file: sounds/goodbye.wav}\n") {
			t.Errorf("%s", text)
		}
		if len(w.Snapshot.Contents)+len(w.Snapshot.Refused) < 1 || len(b.options.Folder.(*cellar).memory) != 1 {
			t.Errorf("%v %v", w.Snapshot.Contents, w.Snapshot.Refused)
		}
		b.unchanged(e, true)
	}
	for what, give := range map[string]func(http.ResponseWriter){
		"403": answer(403, "application/json", `{"message":"no"}`),
		"broke off": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", binary)
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(wav))
		},
	} {
		intercept(give)
		if _, err := b.readAll(nil); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestImportWithoutContent leaves every download out, and says so.
func TestImportWithoutContent(t *testing.T) { onBoth(t, importWithoutContent) }

func importWithoutContent(t *testing.T, start func(*testing.T) *box) {
	b := start(t)
	b.options.SkipContent = true
	w, e := b.imported(false)
	if text := joined(e.Files); w.Calls.Downloads != 0 || w.Skipped != 2 || len(e.Left) != 0 || !strings.Contains(text, "  Welcome: {}\n") {
		t.Errorf("%+v %d\n%s", w.Calls, w.Skipped, text)
	}
	b.options.SkipContent = false
	if s, _ := b.unchanged(e, true); s.Calls.Downloads != 0 {
		t.Errorf("%+v", s.Calls)
	}
}

// TestImportProvesFiles finds a file that is not what was downloaded.
func TestImportProvesFiles(t *testing.T) { onBoth(t, importProvesFiles) }

func importProvesFiles(t *testing.T, start func(*testing.T) *box) {
	b := start(t)
	w, e := b.imported(false)
	b.options.Folder.(*cellar).memory["sounds/welcome.wav"] = sounds["sounds/b.wav"]
	if _, err := w.Prove(context.Background(), e.Files, b.options.Reading(), true); err == nil || !strings.Contains(err.Error(), "sound/Welcome: file would read back as another value") {
		t.Errorf("%v", err)
	}
	delete(b.options.Folder.(*cellar).memory, "sounds/welcome.wav")
	if _, err := w.Prove(context.Background(), e.Files, b.options.Reading(), true); err == nil || !strings.Contains(err.Error(), "sounds/welcome.wav") {
		t.Errorf("%v", err)
	}
}

// TestImportOfBundles writes bundles at their main phones, and leaves out what no
// server should have: two values of what a bundle shares.
func TestImportOfBundles(t *testing.T) { onBoth(t, importOfBundles) }

func importOfBundles(t *testing.T, start func(*testing.T) *box) {
	b := start(t)
	b.apply(bundled)
	_, e := b.imported(false)
	if len(e.Left) > 0 || !strings.Contains(joined(e.Files), "\"017\": {active: false}\n        \"106\": {active: true}") {
		t.Errorf("%v\n%s", e.Left, joined(e.Files))
	}
	b.unchanged(e, true)
	// a part has the others of a bundle with it
	w, err := b.readAll([]string{"extension/105"})
	if err != nil {
		t.Fatal(err)
	}
	e, err = export.Tenant(b.cat, &w.Live.Tenant, export.Options{Part: w.Part})
	if err != nil {
		t.Fatal(err)
	}
	s, _ := b.unchanged(e, false)
	if s.Desired.Object("extension/017") == nil || len(e.Left) > 0 {
		t.Errorf("%v\n%s", e.Left, joined(e.Files))
	}
	// somebody changed one phone alone
	if err := b.alone(b.now("extension", "106"), map[string]any{"incoming_limit": 3}); err != nil {
		t.Fatal(err)
	}
	for _, sparse := range []bool{true, false} {
		_, e = b.imported(sparse)
		want := "warning: extension/106/phone: incoming_limit is left out: a bundle has one value, and that of extension/105/phone is another"
		if got := lefts(e); got != want {
			t.Errorf("%s\nwant\n%s", got, want)
		}
		b.unchanged(e, false)
	}
}

// TestImportOfTheUnlisted reads what the run records know, and nothing without them.
func TestImportOfTheUnlisted(t *testing.T) {
	b := testBox(t, simulator.Options{})
	b.apply(head + "task_schedulers: {night: {status: \"on\"}, day: {}}\n")
	id := b.sim.Rows("task_scheduler")[0]["id"]
	w, e := b.imported(false)
	text := joined(e.Files)
	if !strings.Contains(text, fmt.Sprintf("id: %v", id)) || e.Pinned["task_scheduler"] != 2 || len(w.Unread) != 0 {
		t.Errorf("%v %v\n%s", e.Pinned, w.Unread, text)
	}
	known := b.options.Records
	b.options.Records = nil
	b.unchanged(e, true)
	if w, e := b.imported(false); len(w.Unread) != 1 || strings.Contains(joined(e.Files), "task_schedulers") {
		t.Errorf("%v\n%s", w.Unread, joined(e.Files))
	}
	// one is gone, and the snapshot knows it
	b.options.Records = known
	if err := b.sim.Remove("task_scheduler", b.now("task_scheduler", "night")); err != nil {
		t.Fatal(err)
	}
	w, e = b.imported(false)
	if e.Pinned["task_scheduler"] != 1 || len(w.Snapshot.Refused) != 1 {
		t.Errorf("%v %v", e.Pinned, w.Snapshot.Refused)
	}
	o := b.options
	o.Tenant = w.Snapshot.Selector()
	s, err := observed(context.Background(), w.Snapshot, b.parse(head+"task_schedulers: {night: {status: \"on\"}}\n"), o)
	if err != nil || len(s.Diff.Changes) != 1 {
		t.Errorf("%v, %+v", err, s)
	}
}

// TestImportAsAdministrator writes what only an administrator sees, where one asks.
func TestImportAsAdministrator(t *testing.T) {
	for _, admin := range []bool{true, false} {
		b := testBox(t, simulator.Options{Admin: admin})
		b.options.Tenant = "12"
		w, e := b.imported(false)
		if got := strings.Contains(joined(e.Files), "  calls_limit: null\n"); got != admin || (len(w.Snapshot.Refused) == 0) != admin {
			t.Errorf("administrator: %v, calls_limit: %v, %v", admin, got, w.Snapshot.Refused)
		}
		s, _ := b.unchanged(e, true)
		t.Logf("administrator %v: %d fields", admin, s.Diff.Coverage.Fields)
	}
}
