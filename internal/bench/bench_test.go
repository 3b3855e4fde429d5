package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

const (
	connections = 10
	pageSize    = 200
)

// direct reads from a simulator without a network.
type direct struct {
	sim   *simulator.Server
	token string
}

func newDirect(tb testing.TB, doc map[string]any) *direct {
	tb.Helper()
	d := &direct{sim: simulator.New(simulator.Options{})}
	if err := d.sim.Seed(doc); err != nil {
		tb.Fatal(err)
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {appID}, "client_secret": {appSecret}}
	r := httptest.NewRequest(http.MethodPost, "/oauth/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	d.sim.ServeHTTP(rec, r)
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
		tb.Fatal(err)
	}
	d.token = answer.Token
	return d
}

func (d *direct) Get(_ context.Context, path string) (any, error) {
	r := httptest.NewRequest(http.MethodGet, "/api/ver1.0"+path, nil)
	r.Header.Set("Authorization", "Bearer "+d.token)
	rec := httptest.NewRecorder()
	d.sim.ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		return nil, fmt.Errorf("GET %s: %d %s", path, rec.Code, rec.Body)
	}
	dec := json.NewDecoder(rec.Body)
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}

func (d *direct) Download(context.Context, string, int64) ([]byte, error) { return nil, nil }

func (d *direct) List(ctx context.Context, path string, how schema.Listing) ([]map[string]any, int, int, error) {
	var rows []map[string]any
	for page := 1; ; page++ {
		address := path
		if how.Pages {
			address += "?per_page=" + strconv.Itoa(pageSize) + "&page=" + strconv.Itoa(page)
		}
		v, err := d.Get(ctx, address)
		if err != nil {
			return nil, 0, 0, err
		}
		for _, row := range v.([]any) {
			rows = append(rows, row.(map[string]any))
		}
		if !how.Pages || len(v.([]any)) < pageSize {
			return rows, page, 0, nil
		}
	}
}

func parse(tb testing.TB, files map[string][]byte) *schema.Tenant {
	tb.Helper()
	t, problems := file.Parse(schema.Builtin(), asFiles(files))
	if err := problems.Err(); err != nil {
		tb.Fatal(err)
	}
	return t
}

func asFiles(files map[string][]byte) []file.File {
	out := make([]file.File, 0, len(files))
	for name, data := range files {
		out = append(out, file.File{Name: name, Data: data})
	}
	slices.SortFunc(out, func(a, b file.File) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func observed(tb testing.TB, files map[string][]byte, doc map[string]any) *observe.State {
	tb.Helper()
	s, err := observe.Observe(context.Background(), newDirect(tb, doc), parse(tb, files),
		observe.Options{Catalogue: schema.Builtin(), Tenant: observe.Me, Parallelism: connections})
	if err != nil {
		tb.Fatal(err)
	}
	if err := s.Problems.Err(); err != nil {
		tb.Fatal(err)
	}
	return s
}

// The measurement means nothing unless the generated files say what is live.
func TestGeneratedTenantsNeedNoChange(t *testing.T) {
	for _, n := range []int{1, perGroup + 1, extensionsInFile + 1} {
		s := observed(t, tenantFiles(n), seed(n))
		if len(s.Diff.Changes) > 0 || len(s.Diff.Strays) > 0 || len(s.Problems) > 0 || s.Calls.Items != n {
			t.Errorf("%d extensions: %d changes, %d strays, %v, %+v", n, len(s.Diff.Changes), len(s.Diff.Strays), s.Problems, s.Calls)
		}
	}
}

// perObject adds what one of n objects costs, by which sizes can be compared.
func perObject(b *testing.B, n int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/object")
}

// BenchmarkDiff compares equal tenants.
func BenchmarkDiff(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			s := observed(b, tenantFiles(n/2), seed(n/2)) // each extension has a phone
			b.ReportAllocs()
			for b.Loop() {
				if r := diff.Compare(s.Desired, s.Live); len(r.Changes) > 0 {
					b.Fatalf("%d changes", len(r.Changes))
				}
			}
			perObject(b, n)
		})
	}
}

// BenchmarkParse reads extensions with their phones.
func BenchmarkParse(b *testing.B) {
	for _, n := range []int{100, 1_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			files := asFiles(tenantFiles(n))
			b.ReportAllocs()
			for b.Loop() {
				if _, problems := file.Parse(schema.Builtin(), files); len(problems) > 0 {
					b.Fatal(problems)
				}
			}
			perObject(b, n)
		})
	}
}

// BenchmarkOrder orders creates of which each second refers to the one before:
// with ten times as many, an object may not cost more.
func BenchmarkOrder(b *testing.B) {
	for _, n := range []int{2_000, 20_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			s := observed(b, newFiles(n), seed(0))
			b.ReportAllocs()
			for b.Loop() {
				p, err := plan.Order(&s.Basis)
				if err != nil || len(p.Steps) != n {
					b.Fatalf("%v, %d steps", err, len(p.Steps))
				}
			}
			perObject(b, n)
		})
	}
}

// newFiles is a tenant of extensions and, for each, an agent.
func newFiles(n int) map[string][]byte {
	files := map[string][]byte{"tenant.yaml": []byte(header())}
	const each = 500
	for from := 0; from < n/2; from += each {
		var extensions, agents bytes.Buffer
		extensions.WriteString("version: 1\nextensions:\n")
		agents.WriteString("version: 1\nagents:\n  local:\n")
		for i := from; i < min(from+each, n/2); i++ {
			fmt.Fprintf(&extensions, "  \"%04d\": {type: queue, status: active}\n", i)
			fmt.Fprintf(&agents, "    Agent %d: {extension: \"%04d\"}\n", i, i)
		}
		files[fmt.Sprintf("extensions-%05d.yaml", from)] = extensions.Bytes()
		files[fmt.Sprintf("agents-%05d.yaml", from)] = agents.Bytes()
	}
	return files
}
