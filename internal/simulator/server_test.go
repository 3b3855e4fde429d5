package simulator

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/schema"
)

func TestBehindTheBack(t *testing.T) {
	b := newBox(t, Options{})
	id := b.Insert("extension", m{"name": "101", "type": "phone", "status": "active"}) // doubles a unique name
	if n := len(b.rows(ext + "?name=12037*101")); n != 2 {
		t.Errorf("%d rows", n)
	}
	b.ok("GET", fmt.Sprintf("/extension/%d/phone/", id), nil)
	event := b.Insert("agent_event", m{"parent": 701, "event_type": "agent-login", "method": "GET", "url": "u"})
	b.ok("GET", fmt.Sprint("/client/12/agent/local/701/event/", event), nil)
	for _, err := range []error{
		b.Edit("extension", id, m{"status": "blocked", "name": "12037*555", "create_date": "2020-01-01 00:00:00"}),
		b.Edit("phone", id, m{"label": "L"}),
		b.Edit("settings", 0, m{"timezone": "UTC"}),
		b.Edit("settings", 12, m{"geo_list": "DE"}),
		b.Edit("ani", 0, m{"default": "4930123456"}),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	wantFields(t, b.ok("GET", fmt.Sprint(ext, id), nil), m{"status": "blocked", "name": "12037*555", "create_date": "2020-01-01 00:00:00"})
	wantFields(t, b.ok("GET", fmt.Sprintf("/extension/%d/phone/", id), nil), m{"label": "L"})
	wantFields(t, b.ok("GET", "/client/12/client/", nil), m{"timezone": "UTC", "geo_list": "DE"})
	if err := b.Remove("did", 201); err != nil {
		t.Fatal(err)
	}
	wantFields(t, b.ok("GET", "/client/12/ani/", nil), m{"default": nil})
	for _, err := range []error{
		b.Edit("did", 201, m{"comment": "gone"}), b.Edit("door", 1, nil), b.Edit("did", 202, m{"colour": 1}),
		b.Edit("did", 202, m{"id": 1}), b.Remove("did", 201),
	} {
		if err == nil {
			t.Error("no error")
		}
	}
	rows := b.Rows("did")
	rows[0]["name"] = "changed"
	if b.Rows("did")[0]["name"] == "changed" {
		t.Error("Rows gives its own maps away")
	}
}

func TestHistory(t *testing.T) {
	b := newBox(t, Options{})
	b.ResetCounts()
	b.ok("GET", "/client/@me/did/?page=1", nil)
	b.ok("PUT", "/extension/501/phone/", m{"label": "x"})
	b.refused("GET", "/nothing", nil, 404, "Not found")
	b.ok("POST", "/client/12/agent/remote/701/event/", m{"event_type": "agent-login", "method": "GET", "url": "u"})
	b.login()
	want := []Call{
		{"GET", "/client/@me/did/", "/client/{client_id}/did/", 200},
		{"PUT", "/extension/501/phone/", "/extension/{extension_id}/phone/", 200},
		{"GET", "/nothing", "", 404},
		{"POST", "/client/12/agent/remote/701/event/", "/client/{client_id}/agent/remote/{agent_id}/event/", 200},
	}
	if got := b.History(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if got := b.Counts(); got != (Counts{Token: 1, Reads: 2, Writes: 2}) {
		t.Errorf("got %+v", got)
	}
}

func TestInterceptCanLoseAnAnswer(t *testing.T) {
	b := newBox(t, Options{})
	endpoint, stop, err := b.Listen()
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	b.ResetCounts()
	b.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		b.Answer(httptest.NewRecorder(), r) // carried out, and then the line breaks
		panic(http.ErrAbortHandler)
	})
	r, _ := http.NewRequest("POST", endpoint+"/api/ver1.0"+ext, strings.NewReader(`{"name":"160","type":"phone"}`))
	r.Header = b.request("POST", ext, m{}).Header
	if resp, err := http.DefaultClient.Do(r); err == nil {
		t.Errorf("an answer came: %v", resp.Status)
	}
	if got := len(b.rows(ext + "?name=12037*160")); got != 1 {
		t.Errorf("%d rows", got)
	}
	if got := b.History()[0]; got.Status != 0 || got.Method != "POST" {
		t.Errorf("%+v", got)
	}
	b.Intercept(nil)
	b.ok("POST", ext, m{"name": "161", "type": "phone"})
}

func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBox(t, Options{Latency: 20 * time.Millisecond})
		start := time.Now()
		b.ok("GET", "/client/12/did/", nil)
		if took := time.Since(start); took != 20*time.Millisecond {
			t.Errorf("answered after %v", took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		b.ServeHTTP(httptest.NewRecorder(), b.request("POST", ext, m{"name": "170", "type": "phone"}).WithContext(ctx))
		if got := len(b.rows(ext + "?name=12037*170")); got != 0 {
			t.Error("a request was carried out whose client had gone")
		}
	})
}

func TestConcurrentUse(t *testing.T) {
	b := newBox(t, Options{OnDelete: Null})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 20 {
				name := strconv.Itoa(200 + i*100 + j)
				made := b.ok("POST", ext, m{"name": name, "type": "phone", "extension_group_id": 601})
				item := fmt.Sprint(ext, made["id"])
				b.ok("PUT", item, m{"label": name})
				b.rows(ext)
				b.Rows("extension")
				b.History()
				if j%2 == 0 {
					b.ok("DELETE", item, nil)
				}
			}
		})
	}
	wg.Wait()
	if n := len(b.Rows("extension")); n != 2+8*10 {
		t.Errorf("%d extensions", n)
	}
	if n := len(b.Rows("phone")); n != 1+8*10 {
		t.Errorf("%d phones", n)
	}
}

// A kind must cost no Go, so nothing here may know one by name.
func TestNoKindIsKnownByName(t *testing.T) {
	known := catalogueWords(schema.Builtin())
	delete(known, "id")
	delete(known, "message")
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		looked++
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if f, ok := n.(*ast.Field); ok && f.Tag != nil {
				return false
			}
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if text, _ := strconv.Unquote(lit.Value); known[text] {
				t.Errorf("%s: %s is a word of the catalogue", file, lit.Value)
			}
			return true
		})
	}
	if looked < 5 || len(known) < 100 {
		t.Errorf("only %d files were looked at, for %d words", looked, len(known))
	}
}

func catalogueWords(c *schema.Catalogue) map[string]bool {
	known := map[string]bool{}
	var fields func([]*schema.Field)
	fields = func(list []*schema.Field) {
		for _, f := range list {
			known[f.Name], known[f.API], known[f.Answer] = true, true, true
			fields(f.Parts())
			if f.Items != nil {
				fields(f.Items.Fields)
			}
		}
	}
	for _, k := range c.Kinds {
		for _, w := range append([]string{k.Word, k.YAML(), k.Collection, k.Item, k.Batch, k.Tenant.Search}, k.Section...) {
			known[w] = true
		}
		fields(k.Fields)
	}
	delete(known, "")
	return known
}

func large(tb testing.TB, n int) *box {
	b := newBox(tb, Options{})
	for i := range n {
		b.Insert("extension", m{"name": strconv.Itoa(100000 + i), "type": "phone", "extension_group_id": 601})
	}
	return b
}

func BenchmarkItemOf10000(b *testing.B) {
	x := large(b, 10_000)
	r := x.request("GET", ext+"5000", nil)
	b.ReportAllocs()
	for b.Loop() {
		x.ServeHTTP(httptest.NewRecorder(), r)
	}
}

func BenchmarkPageOf10000(b *testing.B) {
	x := large(b, 10_000)
	r := x.request("GET", ext+"?per_page=200&page=20", nil)
	for b.Loop() {
		x.ServeHTTP(httptest.NewRecorder(), r)
	}
}

func TestLargeTenantIsFast(t *testing.T) {
	if testing.Short() {
		t.Skip("fills 10,000 objects")
	}
	b := large(t, 10_000)
	rows := b.Rows("extension")
	start := time.Now()
	for i := range 5000 {
		b.ok("DELETE", fmt.Sprint(ext, rows[i+2]["id"]), nil)
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("5,000 deletes took %v", took)
	}
	if n := len(b.Rows("phone")); n != 5001 {
		t.Errorf("%d phones are left", n)
	}
	if data, _ := json.Marshal(b.export()); len(data) == 0 {
		t.Error("no state")
	}
}
