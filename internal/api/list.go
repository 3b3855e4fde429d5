package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// List is a whole list. Pages are the pages that had to be read; Extra are
// the pages asked for after a doubtful one that brought nothing.
type List struct {
	Rows  []map[string]any
	Pages int
	Extra int
}

// A list beyond these is a server that never ends, or would take all memory.
const (
	maxPages   = 10_000
	maxAnswers = 8 // the longest answers that a list may make up
)

// List reads a list, page by page if it has pages. Doubles are dropped by id.
func (c *Client) List(ctx context.Context, path string, how Listing) (List, error) {
	p := &pager{client: c, path: path, how: how, full: c.pageSize, seen: map[any]seenRow{}}
	if !how.Pages {
		return p.single(ctx)
	}
	for page := 1; page <= maxPages; page++ {
		rows, err := p.read(ctx, page, p.size())
		if err != nil {
			return List{}, err
		}
		more, err := p.take(ctx, page, rows)
		if err != nil {
			return List{}, err
		}
		if !more {
			return p.list, p.whole()
		}
	}
	return List{}, p.unsteady("the list did not end after %d pages; ask for larger ones, or see why the server never sends an empty one", maxPages)
}

// pager reads a list that has no total and whose end has to be guessed.
type pager struct {
	client *Client
	path   string
	how    Listing
	list   List
	total  int // how many rows the server says there are, 0 where it does not
	seen   map[any]seenRow
	bytes  int64 // of all pages
	full   int   // rows of a full page: as asked for, or the server's own cap
	doubt  int   // rows of the last page, if it left a doubt
	last   []any // what the last page held
}

// seenRow is where a row came first: its page, and its number among all rows.
type seenRow struct{ page, row int }

// size is how many rows are asked for: no more than the server sends, once that is known.
// A server that sends fewer rows for some pages and then all again would count its pages in the
// larger ones, and the empty page behind the last of these would look like the end.
func (p *pager) size() int { return min(p.full, p.client.pageSize) }

func (p *pager) single(ctx context.Context) (List, error) {
	rows, err := p.get(ctx, p.path, "")
	if err != nil {
		return List{}, err
	}
	p.list.Pages = 1
	for _, row := range rows {
		if id := idOf(row); id == nil {
			p.list.Rows = append(p.list.Rows, row)
		} else if _, err := p.keep(id, row, 1); err != nil {
			return List{}, err
		}
	}
	return p.list, p.whole()
}

// take adds a page and tells whether another one has to be asked for.
func (p *pager) take(ctx context.Context, page int, rows []map[string]any) (bool, error) {
	ids := idsOf(rows)
	switch {
	case page > 1 && len(rows) > len(p.last):
		return false, p.unsteady("page %d has %d rows after one of %d, so the size of the pages has changed and rows may be missing; run it again, or with a page size that holds the whole list", page, len(rows), len(p.last))
	case len(rows) > 0 && slices.Equal(ids, p.last):
		return false, p.repeated(ctx, page)
	}
	fresh, old, err := p.add(page, rows, ids)
	if err != nil {
		return false, err
	}
	if len(rows) > 0 && fresh == 0 {
		return false, p.unsteady("page %d brings nothing but rows of earlier pages, so the list moved while it was read; run it again", page)
	}
	p.last = ids
	if len(rows) == 0 && p.doubt > 0 {
		p.list.Extra++
		return false, nil
	}
	p.list.Pages++
	if p.doubt > 0 { // the doubtful page was full: the server has a cap
		p.full = p.doubt
	}
	p.doubt = 0
	return len(rows) > 0 && p.goesOn(len(rows), old), nil
}

// goesOn judges a page by its length. Rows that were there before say that the
// pages shift, and then a short one is no end; nor is one while rows are missing that
// the server has counted.
func (p *pager) goesOn(n, old int) bool {
	switch {
	case n == p.full:
		return true
	case n > p.full, old > 0, looksLikeCap(n), len(p.list.Rows) < p.total: // too many: paging is ignored, or differs
		p.doubt = n
		return true
	}
	return false
}

// repeated judges a page that is the one before it. A server may answer with the
// last page whatever page is asked for behind it: that is the end. But one that does
// not heed the page at all would send the same rows for ever, and hide all others.
func (p *pager) repeated(ctx context.Context, page int) error {
	p.list.Extra++
	if page > 2 || len(p.last) == 1 { // the pages before were not alike; a page of one row is no cap
		return nil
	}
	half := (len(p.last) + 1) / 2
	rows, err := p.read(ctx, 2, half)
	if err != nil {
		return err
	}
	p.list.Extra++
	if !slices.Equal(idsOf(rows), p.last[half:]) {
		return p.unsteady("page 2 is page 1 once more, so the rest of the list is hidden; does something in between, such as a cache, drop the query of the address?")
	}
	return nil
}

func looksLikeCap(n int) bool { return n%5 == 0 || n&(n-1) == 0 }

// add keeps the rows that were not there before, and counts those of earlier pages.
func (p *pager) add(page int, rows []map[string]any, ids []any) (fresh, old int, err error) {
	for i, row := range rows {
		first, err := p.keep(ids[i], row, page)
		switch {
		case err != nil:
			return 0, 0, err
		case first == page:
			fresh++
		case first > 0:
			old++
		}
	}
	return fresh, old, nil
}

// keep takes a row in once. It returns the page on which the row came first, 0 for one
// that its own page repeats. Two rows with one id have to be the same: else one of two
// objects would be missing, or the list moved while it was read.
func (p *pager) keep(id any, row map[string]any, page int) (first int, err error) {
	seen, again := p.seen[id]
	if !again {
		p.seen[id] = seenRow{page, len(p.list.Rows)}
		p.list.Rows = append(p.list.Rows, row)
		return page, nil
	}
	if !sameRow(p.list.Rows[seen.row], row) {
		if seen.page == page {
			return 0, p.fail("two different rows have the id %v, so one of two objects cannot be told from the other; this has to be put right on the server", id)
		}
		return 0, p.unsteady("the row with the id %v is another on page %d than on page %d, so the list moved while it was read; run it again", id, page, seen.page)
	}
	if seen.page == page {
		return 0, nil
	}
	return seen.page, nil
}

// sameRow compares two rows that have one id, however it is written.
func sameRow(a, b map[string]any) bool {
	if len(a) != len(b) {
		return false
	}
	for name, x := range a {
		if y, ok := b[name]; !ok || name != "id" && !reflect.DeepEqual(x, y) {
			return false
		}
	}
	return true
}

// idsOf tells rows apart by their ids, or by all they hold.
func idsOf(rows []map[string]any) []any {
	ids := make([]any, len(rows))
	for i, row := range rows {
		if ids[i] = idOf(row); ids[i] == nil {
			ids[i] = contentOf(row)
		}
	}
	return ids
}

// idOf is the id of a row, nil if it has none that can be compared.
func idOf(row map[string]any) any {
	switch id := row["id"].(type) {
	case json.Number:
		return id
	case string:
		if wholeNumber(id) {
			return json.Number(id) // some lists write ids as text
		}
		return id
	}
	return nil
}

type content string

// contentOf stands in for a missing id, so that a server that repeats its
// pages is found out all the same.
func contentOf(row map[string]any) any {
	data, _ := json.Marshal(row) // made of JSON, so it can be written
	return content(data)
}

func (p *pager) read(ctx context.Context, page, size int) ([]map[string]any, error) {
	sep := "?"
	if strings.Contains(p.path, "?") {
		sep = "&"
	}
	where := ""
	if page > 1 {
		where = fmt.Sprintf("page %d: ", page)
	}
	path := p.path + sep + "page=" + strconv.Itoa(page) + "&per_page=" + strconv.Itoa(size)
	return p.get(ctx, path, where)
}

// get reads one page. Its errors name the list and the page.
func (p *pager) get(ctx context.Context, path, where string) ([]map[string]any, error) {
	k := &call{Client: p.client, method: http.MethodGet, path: path}
	v, e := p.client.carry(ctx, k)
	if e != nil {
		e.Path, e.Message = p.placeOf(e), where+e.Message
		return nil, e
	}
	if most := maxAnswers * p.client.maxBody; p.bytes+k.got > most {
		return nil, p.fail("%sthe list is longer than %d bytes; see why the server sends so much", where, most)
	}
	p.bytes += k.got
	array, beside, err := p.how.rows(v)
	if err == nil {
		err = checkIDs(array)
	}
	if err != nil {
		return nil, p.fail("%s%v", where, err)
	}
	p.heed(beside, len(array))
	rows := make([]map[string]any, len(array))
	for i, item := range array {
		var ok bool
		if rows[i], ok = item.(map[string]any); !ok {
			return nil, p.fail("%srow %d of the list is %s, an object was expected", where, i+1, shape(item))
		}
	}
	return rows, nil
}

// heed takes what the server says beside the rows. Its own size of pages may be smaller
// than the one that was asked for; one that the page does not keep to is none.
func (p *pager) heed(beside said, rows int) {
	p.total = max(p.total, beside.total)
	if beside.size >= rows && beside.size > 0 {
		p.full = min(p.full, beside.size)
	}
}

// whole compares what was read with the number of rows that the server names.
func (p *pager) whole() error {
	if n := len(p.list.Rows); n < p.total {
		return p.unsteady("the server says that the list has %d rows and sent %d; run it again", p.total, n)
	}
	return nil
}

// placeOf leaves the paging out of the path; the token has a path of its own.
func (p *pager) placeOf(e *Error) string {
	if e.Method == http.MethodGet {
		return p.path
	}
	return e.Path
}

func (p *pager) fail(format string, args ...any) *Error {
	return &Error{Method: http.MethodGet, Path: p.path, Status: http.StatusOK, Message: fmt.Sprintf(format, args...)}
}

// unsteady is the error of a list whose pages do not fit together.
func (p *pager) unsteady(format string, args ...any) *Error {
	e := p.fail(format, args...)
	e.moved = true
	return e
}
