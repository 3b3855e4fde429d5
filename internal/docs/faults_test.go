package main

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/faults"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

// TestFaultExamplesAreMet plays each file of the page. Each of its rules has to
// meet a call.
func TestFaultExamplesAreMet(t *testing.T) {
	examples := blocks(read(t, "docs/faults.md"), "```yaml\n")
	if len(examples) < 5 {
		t.Fatalf("%d examples", len(examples))
	}
	for _, text := range examples {
		synctest.Test(t, func(t *testing.T) { play(t, text) })
	}
}

func play(t *testing.T, text string) {
	sim := simulator.New(simulator.Options{})
	if err := sim.Seed(map[string]any{"tenants": []any{map[string]any{
		"settings":  map[string]any{"id": 12, "name": "acme", "prefix": "12037"},
		"did":       []any{map[string]any{"name": "4930"}, map[string]any{"name": "4931"}},
		"extension": []any{map[string]any{"name": "101", "type": "phone"}},
	}}}); err != nil {
		t.Fatal(err)
	}
	set, problems := faults.Parse(file.File{Name: "faults.md", Data: []byte(text)},
		faults.API{Catalogue: schema.Builtin(), Paths: sim.Paths()})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var bad []string
	sim.Record(func(r simulator.Record) {
		if r.Error != "" {
			bad = append(bad, r.Error)
		}
	})
	sim.Rehearse(set)
	token := ""
	ask := func(method, path, body, kind string) string {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, method, "http://pbx.example"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Authorization", "Bearer "+token)
		resp, err := simulator.Transport(sim).RoundTrip(r)
		if err != nil {
			return ""
		}
		defer resp.Body.Close()
		data, _ := io.ReadAll(resp.Body) // half an answer will do
		return string(data)
	}
	for range 4 {
		form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"a"}, "client_secret": {"b"}}
		if _, rest, ok := strings.Cut(ask("POST", faults.TokenPath, form.Encode(), "application/x-www-form-urlencoded"), `"access_token":"`); ok {
			token, _, _ = strings.Cut(rest, `"`)
		}
		for _, path := range []string{"extension/?page=1", "did/?page=1", "did/?page=2", "interval/"} {
			ask("GET", "/api/ver1.0/client/12/"+path, "", "")
		}
		ask("POST", "/api/ver1.0/client/12/extension/", `{"name":"102","type":"phone"}`, "application/json")
	}
	time.Sleep(time.Minute)
	_, fired := sim.Fired()
	for i, n := range fired {
		if n == 0 {
			t.Errorf("rule %d is never met:\n%s", i+1, text)
		}
	}
	if len(bad) > 0 || sim.Late() > 0 {
		t.Errorf("%v, %d late:\n%s", bad, sim.Late(), text)
	}
}

// TestHistoryIsDescribed compares the page with what lines of the history can hold.
func TestHistoryIsDescribed(t *testing.T) {
	_, part, _ := strings.Cut(read(t, "docs/faults.md"), "## The history")
	for _, of := range []reflect.Type{reflect.TypeFor[simulator.Record](), reflect.TypeFor[simulator.Fault]()} {
		for i := range of.NumField() {
			name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			if !strings.Contains(part, "`"+name+"`") {
				t.Errorf("docs/faults.md does not say what %s is", name)
			}
		}
	}
}
