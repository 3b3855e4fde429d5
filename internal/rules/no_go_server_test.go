package rules

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	gosync "sync"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/internal/cli"
	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

// liar is a server whose answers hold a wrong value in one place.
type liar struct {
	*testing.T
	http.RoundTripper
	dir    string // the files that the tenant was made from
	tenant string // how import names it
	mu     gosync.Mutex
	places map[place]bool // where a value could be wrong
	lie    place
	value  any
	told   int
}

// place is a field of what a path answers, "" for a row as a whole, "*" for the answer.
type place struct{ path, field string }

var anID = regexp.MustCompile(`/[0-9]+`)

func (l *liar) RoundTrip(r *http.Request) (*http.Response, error) {
	a, err := l.RoundTripper.RoundTrip(r)
	if err != nil || r.Method != http.MethodGet || !strings.HasPrefix(a.Header.Get("Content-Type"), "application/json") {
		return a, err
	}
	defer a.Body.Close()
	data, err := io.ReadAll(a.Body)
	if err != nil {
		return nil, err
	}
	if data, err = l.changed(anID.ReplaceAllString(r.URL.Path, "/{id}"), data); err != nil {
		return nil, err
	}
	a.Body, a.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
	a.Header.Del("Content-Length")
	return a, nil
}

func (l *liar) changed(path string, data []byte) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var answer any
	if err := dec.Decode(&answer); err != nil {
		return nil, err
	}
	l.places[place{path, "*"}] = true
	rows, many := answer.([]any)
	if !many {
		rows = []any{answer}
	}
	for i, row := range rows {
		fields, ok := row.(map[string]any)
		if !ok {
			continue
		}
		l.places[place{path, ""}] = true
		for name := range fields {
			l.places[place{path, name}] = true
		}
		switch _, there := fields[l.lie.field]; {
		case path != l.lie.path:
		case there:
			fields[l.lie.field] = l.value
			l.told++
		case l.lie.field == "":
			rows[i] = l.value
			l.told++
		}
	}
	if path == l.lie.path && l.lie.field == "*" {
		l.told++
		return json.Marshal(l.value)
	}
	if !many {
		answer = rows[0]
	}
	return json.Marshal(answer)
}

// wrongValues are of each sort that JSON has, and fit no field.
var wrongValues = map[string]any{
	"a map": map[string]any{"a": []any{json.Number("1"), nil}}, "an empty map": map[string]any{}, "a list": []any{map[string]any{"id": nil}, "x"}, "an empty list": []any{},
	"true": true, "a number": json.Number("-1.5"), "a large number": json.Number("1e308"), "null": nil, "a text": "text of no form", "an empty text": "",
}

// Each field of each answer that plan, drift and import read is given values of every wrong
// sort, ids and rows as well: what is said of them is no Go. An ordinary run tries some, and
// what was Go once.
func TestWrongAnswersInWords(t *testing.T) {
	for name, o := range map[string]simulator.Options{"tenant": {}, "administrator": {Admin: true}} {
		t.Run(name, func(t *testing.T) { wrongAnswers(t, newLiar(t, o)) })
	}
}

func wrongAnswers(t *testing.T, l *liar) {
	l.all(func(args []string, code int, said string) {
		if code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, said)
		}
	})
	judge := func(at place, sort string) {
		l.lie, l.value = at, wrongValues[sort]
		l.all(func(args []string, code int, said string) {
			if found := goSyntax.FindString(said); found != "" {
				t.Errorf("%s, %s at %v: exit %d, %q in: %.2000s", args[0], sort, at, code, found, said)
			}
		})
	}
	const own = "/api/ver1.0/client/"
	const search = "/api/ver1.0/admin/client/"
	for _, at := range []place{{own + "@me/client/", "name"}, {own + "@me/client/", "prefix"}, {own + "{id}/extension/", "type"}, {search, "name"}, {search, "prefix"}, {search, "id"}} {
		if l.places[at] {
			judge(at, "a map")
		}
	}
	places := slices.SortedFunc(maps.Keys(l.places), func(a, b place) int { return strings.Compare(a.path+" "+a.field, b.path+" "+b.field) })
	sorts := slices.Sorted(maps.Keys(wrongValues))
	step := evidence.Size(evidence.Quick(2401, 397), 1)
	for n := step - 1; n < len(places)*len(sorts); n += step {
		judge(places[n/len(sorts)], sorts[n%len(sorts)])
	}
	if len(places) < 300 || l.told < 3 {
		t.Errorf("%d places and %d lies", len(places), l.told)
	}
	t.Logf("%d places, %d lies", len(places), l.told)
}

// newLiar is a server with the objects of the largest example, which tells no lie yet.
func newLiar(t *testing.T, o simulator.Options) *liar {
	t.Helper()
	const example = "../../examples/acme"
	seed, err := os.ReadFile(filepath.Join(example, "_seed.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	sim := simulator.New(o)
	doc, err := file.ParseMap(file.File{Name: "seed", Data: seed})
	if err == nil {
		err = sim.Seed(doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	l := &liar{T: t, RoundTripper: simulator.Transport(sim), places: map[place]bool{}, dir: t.TempDir(), tenant: "@me"}
	if o.Admin {
		l.tenant = "prefix:12037"
	}
	if err := errors.Join(canned.Example(l.dir, example), os.Remove(filepath.Join(l.dir, "pbxsync.yaml"))); err != nil {
		t.Fatal(err)
	}
	if code, said := l.run("apply", "--auto-approve", l.dir); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	return l
}

// run runs the program with the server.
func (l *liar) run(args ...string) (code int, said string) {
	var out bytes.Buffer
	env := map[string]string{"PBXSYNC_ENDPOINT": "http://127.0.0.1:1", "PBXSYNC_APP_ID": "app", "PBXSYNC_APP_SECRET": "app secret"}
	p := &cli.Program{Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Catalogue: schema.Builtin(), Transport: l,
		ConfigDir: func() (string, error) { return l.dir, nil },
		Getenv: func(name string) string {
			if strings.HasSuffix(name, "_PASSWORD") {
				return "Passw0rd-of-" + name
			}
			return env[name]
		}}
	return p.Run(context.Background()), out.String()
}

// all runs each command that reads a tenant.
func (l *liar) all(judge func(args []string, code int, said string)) {
	for _, args := range [][]string{{"plan", l.dir}, {"drift", l.dir}, {"import", "--tenant", l.tenant, filepath.Join(l.TempDir(), "new")}} {
		code, said := l.run(args...)
		judge(args, code, said)
	}
}
