package api

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// paging serves n rows as a server with a cap of its own would (0: none).
func paging(t *testing.T, n, limit int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.FormValue("page"))
		per, _ := strconv.Atoi(r.FormValue("per_page"))
		if limit > 0 {
			per = min(per, limit)
		}
		from := min((page-1)*per, n)
		answer(w, 200, rows(from, min(per, n-from)))
	}
}

func TestPaging(t *testing.T) {
	for _, tt := range []struct {
		n, limit, pages, extra int
	}{
		{0, 0, 1, 0},
		{3, 0, 1, 0},
		{4, 0, 1, 1},  // a power of two may be a cap
		{10, 0, 1, 1}, // so may ten
		{199, 0, 1, 0},
		{200, 0, 2, 0}, // full: the next page is due
		{203, 0, 2, 0},
		{210, 0, 2, 1},
		{400, 0, 3, 0},
		{30, 30, 1, 1},
		{31, 30, 2, 1}, // one row left: 1 is a power of two
		{33, 30, 2, 0},
		{60, 30, 3, 0},
		{128, 64, 3, 0},
		{133, 64, 3, 1},
		{1000, 100, 11, 0},
	} {
		c := server(t, paging(t, tt.n, tt.limit))
		got, err := c.List(t.Context(), "/client/12/extension/", Listing{Pages: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Rows) != tt.n || got.Pages != tt.pages || got.Extra != tt.extra {
			t.Errorf("%d rows, cap %d: got %d rows, %d pages, %d extra; want %d pages, %d extra",
				tt.n, tt.limit, len(got.Rows), got.Pages, got.Extra, tt.pages, tt.extra)
		}
		equal(t, "reads", c.Counts().Reads, tt.pages+tt.extra)
	}
}

// Once a server is known to send fewer rows than were asked for, no more are asked for: one that
// has room for all again would else count its pages in the larger ones, and its empty page would
// hide the rows between.
func TestPagesOfASizeThatChanges(t *testing.T) {
	for _, all := range []int{2, 3, 4, 5} { // how many pages are cut; after one, only a second pass finds out
		calls := 0
		c := server(t, func(w http.ResponseWriter, r *http.Request) {
			limit := 0
			if calls++; calls <= all {
				limit = 30
			}
			paging(t, 200, limit)(w, r)
		})
		got, err := c.List(t.Context(), "/x/", Listing{Pages: true})
		if err != nil || len(got.Rows) != 200 {
			t.Errorf("%d cut pages: %d rows of 200, error %v", all, len(got.Rows), err)
		}
	}
}

// pages answers page after page, then empty ones.
func pages(bodies ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.FormValue("page"))
		if page > len(bodies) {
			answer(w, 200, "[]")
			return
		}
		answer(w, 200, bodies[page-1])
	}
}

// clamped serves n rows and takes each page behind the last one for the last one.
func clamped(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.FormValue("page"))
		per, _ := strconv.Atoi(r.FormValue("per_page"))
		from := (min(page, (n+per-1)/per) - 1) * per
		answer(w, 200, rows(from, min(per, n-from)))
	}
}

func TestOddServers(t *testing.T) {
	all := func(body string) http.HandlerFunc { return status(200, body) }
	for _, tt := range []struct {
		name               string
		answer             http.HandlerFunc
		rows, pages, extra int
	}{
		{"ignores paging, short", all(rows(0, 7)), 7, 1, 0},
		{"pages longer than asked for", pages(rows(0, 20), rows(20, 20), rows(40, 3)), 43, 3, 0},
		{"doubles move to the next page", pages(rows(0, 10), rows(8, 10), rows(18, 3)), 21, 3, 0},
		{"doubles move to a short page", pages(rows(0, 10), rows(9, 7), rows(16, 3)), 19, 3, 0},
		{"doubles move to the last page", pages(rows(0, 10), rows(9, 7)), 16, 2, 1},
		{"doubles in one page", all(`[{"id":1,"x":[{}]},{"x":[{}],"id":"1"},{"id":"2"}]`), 2, 1, 0},
		{"empty page at last", pages(rows(0, 10), rows(10, 10)), 20, 3, 0},
		{"gives its last page again, doubtful", clamped(8), 8, 1, 2},
		{"gives its last page again, full", clamped(10), 10, 1, 2},
		{"gives its last page again, one row", clamped(1), 1, 1, 1},
		{"gives its last page again, two full ones", clamped(20), 20, 2, 1},
		{"gives its last page again, a doubtful one behind", clamped(15), 15, 2, 1},
		{"gives its last page again, no ids", status(200, `[{"a":1}]`), 1, 1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := serverWith(t, Config{PageSize: 10}, tt.answer)
			got, err := c.List(t.Context(), "/x/", Listing{Pages: true})
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "rows, pages, extra", fmt.Sprint(len(got.Rows), got.Pages, got.Extra), fmt.Sprint(tt.rows, tt.pages, tt.extra))
		})
	}
}

func TestListQueries(t *testing.T) {
	var seen []string
	c := serverWith(t, Config{PageSize: 3}, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.URL.RawQuery)
		paging(t, 4, 0)(w, r)
	})
	c.List(t.Context(), "/x/", Listing{Pages: true})
	c.List(t.Context(), "/x/?own_only=true", Listing{Pages: true})
	want := []string{"page=1&per_page=3", "page=2&per_page=3", "page=3&per_page=3",
		"own_only=true&page=1&per_page=3", "own_only=true&page=2&per_page=3", "own_only=true&page=3&per_page=3"}
	if !reflect.DeepEqual(seen, want) {
		t.Errorf("got %v", seen)
	}
	c = server(t, func(w http.ResponseWriter, r *http.Request) {
		equal(t, "query", r.URL.RawQuery, "")
		answer(w, 200, `[{"id":1},{"id":1},{"var":"A"},{"var":"A"}]`)
	})
	got, err := c.List(t.Context(), "/x/", Listing{})
	if err != nil || len(got.Rows) != 3 || got.Pages != 1 || got.Extra != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestBadLists(t *testing.T) {
	const hidden = "GET /x/: page 2 is page 1 once more, so the rest of the list is hidden; does something in between, such as a cache, drop the query of the address?"
	wrongInItself := []string{"object", "null", "no objects", "html on page 2", "error on page 2"} // the others may be whole the next time
	const changed = "GET /x/: page %d has %d rows after one of %d, so the size of the pages has changed and rows may be missing; run it again, or with a page size that holds the whole list"
	const api = "; is this the PBX's API?"
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"object", status(200, `{"id":1}`), "GET /x/: the server sent an object, a list was expected" + api},
		{"null", status(200, `null`), "GET /x/: the server sent null, a list was expected" + api},
		{"no objects", status(200, `[{"id":1},7]`), "GET /x/: row 2 of the list is a number, an object was expected"},
		{"html on page 2", pages(rows(0, 10), `{}`), "GET /x/: page 2: the server sent an object, a list was expected" + api},
		{"error on page 2", func(w http.ResponseWriter, r *http.Request) {
			if r.FormValue("page") == "1" {
				answer(w, 200, rows(0, 10))
				return
			}
			answer(w, 400, `{"message":"no"}`)
		}, "GET /x/: 400: page 2: no"},
		{"the same page for ever, doubtful", status(200, rows(0, 8)), hidden},
		{"the same page for ever, full", status(200, rows(0, 10)), hidden},
		{"the same page for ever, longer than asked for", status(200, rows(0, 37)), hidden},
		{"the same page for ever, no ids", status(200, `[{"a":1},{"a":2}]`), hidden},
		{"the same page for ever, but for its size", func(w http.ResponseWriter, r *http.Request) {
			per, _ := strconv.Atoi(r.FormValue("per_page"))
			answer(w, 200, rows(0, min(per, 100)))
		}, hidden},
		{"a page of the past", pages(rows(0, 10), rows(10, 10), rows(5, 10)), "GET /x/: page 3 brings nothing but rows of earlier pages, so the list moved while it was read; run it again"},
		{"short page in the middle", pages(rows(0, 10), rows(10, 5), rows(15, 10), rows(25, 3)), fmt.Sprintf(changed, 3, 10, 5)},
		{"short page in the middle of capped ones", pages(rows(0, 8), rows(8, 8), rows(16, 5), rows(21, 8), rows(29, 7)), fmt.Sprintf(changed, 4, 8, 5)},
		{"pages that grow", pages(rows(0, 5), rows(8, 8)), fmt.Sprintf(changed, 2, 8, 5)},
		{"endless", func(w http.ResponseWriter, r *http.Request) {
			page, _ := strconv.Atoi(r.FormValue("page"))
			answer(w, 200, rows(page*10, 10))
		}, "GET /x/: the list did not end after 10000 pages; ask for larger ones, or see why the server never sends an empty one"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if strings.HasPrefix(tt.name, "endless") && testing.Short() {
				t.Skip("10,000 calls")
			}
			c := serverWith(t, Config{PageSize: 10}, tt.answer)
			_, err := c.List(t.Context(), "/x/", Listing{Pages: true})
			wantError(t, err, tt.want)
			var e *Error
			if wrong := slices.Contains(wrongInItself, tt.name); errors.As(err, &e) && e.IsUnsteady() == wrong {
				t.Errorf("that the list moved is told as %v", e.IsUnsteady())
			}
		})
	}
}

// Pages that each are short enough are not taken without end.
func TestLongList(t *testing.T) {
	asked := 0
	c := serverWith(t, Config{PageSize: 10, MaxBody: 200}, func(w http.ResponseWriter, r *http.Request) {
		asked++
		page, _ := strconv.Atoi(r.FormValue("page"))
		answer(w, 200, rows(page*10, 10))
	})
	_, err := c.List(t.Context(), "/x/", Listing{Pages: true})
	if err == nil || !strings.Contains(err.Error(), "the list is longer than 1600 bytes") || asked > 30 {
		t.Errorf("%d calls: %v", asked, err)
	}
}

// Rows with one id have to be the same row. Otherwise one of two objects would be missing,
// and the next apply would make it once more.
func TestRowsOfOneID(t *testing.T) {
	for _, tt := range []struct {
		name  string
		serve http.HandlerFunc
		fails string
	}{
		{"in one answer", status(200, `[{"id":1,"name":"a"},{"id":1,"name":"b"}]`), "two different rows have the id 1"},
		{"as number and as text", status(200, `[{"id":1,"name":"a"},{"id":"1","name":"b"}]`), "two different rows have the id 1"},
		{"on two pages", pages(`[{"id":1,"name":"a"},{"id":2}]`, `[{"id":1,"name":"b"},{"id":3}]`), "is another on page 2 than on page 1"},
		{"an id of another type", status(200, `[{"id":true}]`), "a whole number was expected"},
		{"an id that is no number", status(200, `[{"id":1e308}]`), "no whole number"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := server(t, tt.serve)
			c.pageSize = 2
			_, err := c.List(t.Context(), "/x/", Listing{Pages: true})
			if err == nil || !strings.Contains(err.Error(), tt.fails) {
				t.Errorf("%v, wanted %q", err, tt.fails)
			}
		})
	}
}

// A row that its own page repeats says nothing of how the pages lie.
func TestDoubleOnALaterPage(t *testing.T) {
	c := serverWith(t, Config{PageSize: 10}, pages(rows(0, 10), `[{"id":11},{"id":11},{"id":12}]`))
	l, err := c.List(t.Context(), "/x/", Listing{Pages: true})
	if err != nil || len(l.Rows) != 12 || l.Pages != 2 || l.Extra != 0 {
		t.Errorf("%d rows, %d pages, %d extra, %v", len(l.Rows), l.Pages, l.Extra, err)
	}
}

// The last page that is asked for is the one that the message names.
func TestLastPageOfAnEndlessList(t *testing.T) {
	asked := 0
	c := client(t, Config{Endpoint: "https://pbx.example", PageSize: 3, Transport: fake(func(r *http.Request) (*http.Response, error) {
		asked++
		return reply(200, rows(3*asked, 3)), nil
	})})
	_, err := c.List(t.Context(), "/x/", Listing{Pages: true})
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("did not end after %d pages", maxPages)) || asked != maxPages {
		t.Errorf("%d pages: %v", asked, err)
	}
}
