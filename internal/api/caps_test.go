package api

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
)

// capped serves rows in pages of a size of its own. What it says beside them is asked for
// in the address: nothing (a bare list), how many rows there are, or the size.
func capped(w http.ResponseWriter, r *http.Request) {
	figure := func(name string) int { n, _ := strconv.Atoi(r.FormValue(name)); return n }
	size, n := min(figure("per_page"), figure("cap")), figure("rows")
	from := min((figure("page")-1)*size, n)
	list := rows(from, min(size, n-from))
	switch r.FormValue("says") {
	case "total":
		list = fmt.Sprintf(`{"result":%s,"total_count":%d}`, list, n)
	case "size":
		list = fmt.Sprintf(`{"result":%s,"per_page":"%d"}`, list, size)
	}
	answer(w, 200, list)
}

// A server may end its pages at any number of rows. Where it says how many there are, or what
// its size is, none is missed. A bare list is read to its end where the size looks like one
// that people choose, or is asked for.
func TestEveryCap(t *testing.T) {
	c := serverWith(t, Config{}, capped)
	asked, lists, hidden := c.pageSize, 0, 0
	for most := 1; most <= 100; most++ {
		for _, n := range []int{0, most - 1, most, most + 1, 2*most + 1, 3 * most} {
			for _, says := range []string{"total", "size", "nothing", "asked"} {
				if c.pageSize = asked; says == "asked" {
					c.pageSize = most
				}
				path := fmt.Sprintf("/x/?cap=%d&rows=%d&says=%s", most, n, says)
				got, err := c.List(t.Context(), path, Listing{Pages: true})
				lists++
				whole := len(got.Rows) == n && err == nil
				cut := says == "nothing" && !looksLikeCap(most) && n > most
				if cut {
					hidden++
				}
				if whole == cut {
					t.Errorf("%s: %d rows, %v", path, len(got.Rows), err)
				}
			}
		}
	}
	t.Logf("%d lists, %d of them bare ones whose end looks like no size of pages", lists, hidden)
}

// On a server that sends what is asked for, what it says beside the rows costs no call, unless
// it counts more rows than it has; and a size that it does not keep to is none.
func TestWhatIsSaidCostsNothing(t *testing.T) {
	for _, tt := range []struct {
		body  string
		reads int
	}{
		{`[{"id":1},{"id":2},{"id":3}]`, 1},
		{`{"result":[{"id":1},{"id":2},{"id":3}],"total_count":3,"per_page":200}`, 1},
		{`{"result":[{"id":1},{"id":2},{"id":3}],"total_count":3,"per_page":50}`, 1},
		{`{"result":[{"id":1},{"id":2},{"id":3}],"per_page":2}`, 1},
		{`{"result":[{"id":1},{"id":2},{"id":3}],"per_page":3}`, 2}, // full by its own word
	} {
		c := server(t, func(w http.ResponseWriter, r *http.Request) {
			if r.FormValue("page") == "1" {
				answer(w, 200, tt.body)
				return
			}
			answer(w, 200, "[]")
		})
		got, err := c.List(t.Context(), "/x/", Listing{Pages: true})
		if err != nil || len(got.Rows) != 3 || c.Counts().Reads != tt.reads {
			t.Errorf("%s: %d rows, %d reads, %v", tt.body, len(got.Rows), c.Counts().Reads, err)
		}
	}
	c := server(t, pages(`{"result":[{"id":1},{"id":2},{"id":3}],"total_count":4}`))
	_, err := c.List(t.Context(), "/x/", Listing{Pages: true})
	wantError(t, err, "GET /x/: the server says that the list has 4 rows and sent 3; run it again")
}
