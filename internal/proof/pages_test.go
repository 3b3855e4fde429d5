package proof

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	gosync "sync"
	"testing"

	"pbxsync/internal/contrary"
	"pbxsync/internal/simulator"
	"pbxsync/sync/observe"
)

// seedOf is a tenant with n extensions and as many numbers.
func seedOf(n int) string {
	var b strings.Builder
	b.WriteString("tenants:\n  - settings: {id: 12, name: acme, prefix: \"12037\", extension_len: 4}\n    extension:\n")
	for i := range n {
		fmt.Fprintf(&b, "      - {name: \"%d\", type: ivr, status: active}\n", 2000+i)
	}
	b.WriteString("    did:\n")
	for i := range n {
		fmt.Fprintf(&b, "      - {name: \"49301%04d\"}\n", i)
	}
	return b.String()
}

func pagedBox(t *testing.T, n int) *box {
	t.Helper()
	return newBox(t, simulator.Options{PageCap: 50}, seedOf(n))
}

// onPaged holds a property on both servers, with pages of 50 rows.
func onPaged(t *testing.T, hold func(t *testing.T, paged func(*testing.T, int) *box)) {
	t.Helper()
	t.Run("simulator", func(t *testing.T) { hold(t, pagedBox) })
	t.Run("contrary", func(t *testing.T) {
		hold(t, func(t *testing.T, n int) *box {
			return otherBox(t, contrary.Dialect{PageCap: 50}, seedOf(n))
		})
	})
}

// A server that gives 50 rows a page whatever it is asked for: every row is
// found, and the calls are counted for what they are.
func TestLongLists(t *testing.T) { onPaged(t, longLists) }

func longLists(t *testing.T, paged func(*testing.T, int) *box) {
	for _, tt := range []struct {
		name    string
		rows    int
		text    string
		want    observe.Calls
		strays  int
		changes int
	}{
		{"one page and a short one", 73, `extensions: {"2000": {label: x}, "2072": {label: x}}`,
			observe.Calls{Lists: 2, Tenant: 1}, 71, 2},
		{"full pages to the end", 150, `extensions: {"2149": {label: x}}`,
			observe.Calls{Lists: 4, Tenant: 1}, 149, 1},
		{"a doubtful page in the end", 60, `extensions: {"2059": {label: x}}`,
			observe.Calls{Lists: 2, Extra: 1, Tenant: 1}, 59, 1},
		{"exactly the cap: one doubtful page", 50, `extensions: {"2049": {label: x}}`,
			observe.Calls{Lists: 1, Extra: 1, Tenant: 1}, 49, 1},
		{"a create concludes that it is not there", 73, `extensions: {"2500": {type: fax, status: active}}`,
			observe.Calls{Lists: 2, Second: 2, Limits: 1, Tenant: 1}, 73, 1},
		{"so does a create on one page, which needs no second look", 43, `extensions: {"2500": {type: fax, status: active}}`,
			observe.Calls{Lists: 1, Limits: 1, Tenant: 1}, 43, 1},
		{"only the kind that is concluded from", 73, "extensions: {\"2000\": {}, \"2500\": {type: fax, status: active}}\ndids: {\"493010000\": {extension: \"2000\"}}",
			observe.Calls{Lists: 4, Second: 2, Limits: 1, Tenant: 1}, 72 + 72, 2},
		{"nothing is concluded: no second pass", 73, "extensions: {\"2000\": {}}\ndids: {\"493010072\": {extension: \"2000\"}}",
			observe.Calls{Lists: 4, Tenant: 1}, 72 + 72, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := paged(t, tt.rows)
			s, _ := b.plan(head + tt.text + "\n")
			if s.Calls != tt.want {
				t.Errorf("calls %+v, wanted %+v", s.Calls, tt.want)
			}
			if len(s.Diff.Strays) != tt.strays || len(s.Diff.Changes) != tt.changes {
				t.Errorf("%d strays, %d changes", len(s.Diff.Strays), len(s.Diff.Changes))
			}
			b.apply(head + tt.text + "\n")
		})
	}
}

// A prune of a long list looks twice as well.
func TestLongListsPruned(t *testing.T) { onPaged(t, longListsPruned) }

func longListsPruned(t *testing.T, paged func(*testing.T, int) *box) {
	b := paged(t, 120)
	s, _ := b.plan(head + "prune: [extension]\nextensions: {}\n")
	if s.Calls.Second != 3 || len(s.Diff.Changes) != 120 {
		t.Errorf("%+v, %d changes", s.Calls, len(s.Diff.Changes))
	}
	b.apply(b.nothing())
	b.bare()
}

// pageHook calls f once, when the page of a list is asked for the n-th time.
func (b *box) pageHook(page string, n int, f func()) {
	var mu gosync.Mutex
	seen := 0
	b.server.Intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/extension/") && r.URL.Query().Get("page") == page {
			mu.Lock()
			defer mu.Unlock()
			if seen++; seen == n {
				f()
			}
		}
		return false
	})
}

// Somebody edits while the list is read: nothing can be concluded from it.
func TestListsThatChangeWhileTheyAreRead(t *testing.T) { onPaged(t, listsThatChangeWhileTheyAreRead) }

func listsThatChangeWhileTheyAreRead(t *testing.T, paged func(*testing.T, int) *box) {
	const create = `extensions: {"2500": {type: fax, status: active}}`
	const update = `extensions: {"2000": {label: x}}`
	insert := func(b *box) { b.insert("extension", map[string]any{"name": "9999", "type": "fax"}) }
	remove := func(b *box) {
		id := b.rows(b.cat.Kind("extension"))[3]["id"].(int64)
		if err := b.gone("extension", id); err != nil {
			b.Errorf("%v", err)
		}
	}
	edit := func(b *box) {
		id := b.rows(b.cat.Kind("extension"))[3]["id"].(int64)
		if err := b.edit("extension", id, map[string]any{"label": "edited"}); err != nil {
			b.Errorf("%v", err)
		}
	}
	for _, tt := range []struct {
		name, text, page string
		n                int
		do               func(*box)
		fails            bool
	}{
		{"a row is added between the passes", create, "1", 2, insert, true},
		{"a row goes between the pages of the first, which hides another", create, "2", 1, remove, true},
		{"a row goes between the passes", create, "1", 2, remove, true},
		{"a row is edited between the passes", create, "1", 2, edit, true},
		{"nothing is concluded", update, "2", 1, insert, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := paged(t, 73)
			b.pageHook(tt.page, tt.n, func() { tt.do(b) })
			_, _, err := b.look(b.parse(head + tt.text + "\n"))
			if failed := err != nil && strings.Contains(err.Error(), "changed while it was read"); failed != tt.fails {
				t.Errorf("%v", err)
			}
			if n := b.server.Counts().Writes; n != 0 {
				t.Errorf("%d writes", n)
			}
			b.server.Intercept(nil)
			b.apply(head + tt.text + "\n")
		})
	}
}

// What is no list is an error and never an empty tenant.
func TestNoListNoTenant(t *testing.T) { onBoth(t, noListNoTenant) }

func noListNoTenant(t *testing.T, start func(*testing.T) *box) {
	for _, answer := range []string{`<html>`, ``, `{}`, `null`, `{"message": "x"}`, `[1]`, `[null]`, `[{}]`, `[{"id": 1}]`, `[`, `"x"`} {
		b := start(t)
		b.server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/extension/") {
				return false
			}
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, answer)
			return true
		})
		_, err := observed(context.Background(), b.api, b.parse(head+"prune: [extension]\nextensions: {\"101\": {type: fax, status: active}}\n"), b.options)
		if err == nil {
			t.Errorf("%q is taken for a list", answer)
		}
	}
}
