package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
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

// A list beyond this is a server that never ends.
const maxPages = 10_000

// List reads a list, page by page if it has pages. Doubles are dropped by id.
func (c *Client) List(ctx context.Context, path string, paged bool) (List, error) {
	p := &pager{client: c, path: path, full: c.pageSize, seen: map[any]bool{}}
	if !paged {
		return p.single(ctx)
	}
	for page := 1; page <= maxPages; page++ {
		rows, err := p.read(ctx, page)
		if err != nil {
			return List{}, err
		}
		if !p.take(rows) {
			return p.list, nil
		}
	}
	return List{}, p.fail("the list did not end after %d pages", maxPages)
}

// pager reads a list that has no total and whose end has to be guessed.
type pager struct {
	client *Client
	path   string
	list   List
	seen   map[any]bool
	full   int // rows of a full page: as asked for, or the server's own cap
	doubt  int // rows of the last page, if its length left a doubt
}

func (p *pager) single(ctx context.Context) (List, error) {
	rows, err := p.get(ctx, p.path, "")
	if err != nil {
		return List{}, err
	}
	p.list.Pages = 1
	for _, row := range rows {
		if id := idOf(row); id == nil || p.isNew(id) {
			p.list.Rows = append(p.list.Rows, row)
		}
	}
	return p.list, nil
}

// take adds a page and tells whether another one has to be asked for.
func (p *pager) take(rows []map[string]any) bool {
	fresh := p.add(rows)
	if fresh == 0 && p.doubt > 0 {
		p.list.Extra++
		return false
	}
	p.list.Pages++
	if p.doubt > 0 { // the doubtful page was full: the server has a cap
		p.full = p.doubt
	}
	p.doubt = 0
	if fresh == 0 {
		return false
	}
	return p.goesOn(len(rows))
}

// goesOn judges a page by its length.
func (p *pager) goesOn(n int) bool {
	switch {
	case n == p.full:
		return true
	case n > p.full, looksLikeCap(n): // too many: paging is ignored, or differs
		p.doubt = n
		return true
	}
	return false
}

func looksLikeCap(n int) bool { return n%5 == 0 || n&(n-1) == 0 }

// add keeps the rows that were not there before.
func (p *pager) add(rows []map[string]any) (fresh int) {
	for _, row := range rows {
		id := idOf(row)
		if id == nil {
			id = contentOf(row)
		}
		if p.isNew(id) {
			p.list.Rows = append(p.list.Rows, row)
			fresh++
		}
	}
	return fresh
}

func (p *pager) isNew(id any) bool {
	if p.seen[id] {
		return false
	}
	p.seen[id] = true
	return true
}

// idOf is the id of a row, nil if it has none that can be compared.
func idOf(row map[string]any) any {
	switch id := row["id"].(type) {
	case json.Number, string:
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

func (p *pager) read(ctx context.Context, page int) ([]map[string]any, error) {
	sep := "?"
	if strings.Contains(p.path, "?") {
		sep = "&"
	}
	where := ""
	if page > 1 {
		where = fmt.Sprintf("page %d: ", page)
	}
	path := p.path + sep + "page=" + strconv.Itoa(page) + "&per_page=" + strconv.Itoa(p.client.pageSize)
	return p.get(ctx, path, where)
}

// get reads one page. Its errors name the list and the page.
func (p *pager) get(ctx context.Context, path, where string) ([]map[string]any, error) {
	v, e := p.client.do(ctx, http.MethodGet, path, nil)
	if e != nil {
		e.Path, e.Message = p.placeOf(e), where+e.Message
		return nil, e
	}
	array, ok := v.([]any)
	if !ok {
		return nil, p.fail("%sthe server sent %s, a list was expected; %s", where, shape(v), noAPI)
	}
	rows := make([]map[string]any, len(array))
	for i, item := range array {
		if rows[i], ok = item.(map[string]any); !ok {
			return nil, p.fail("%srow %d of the list is %s, an object was expected", where, i+1, shape(item))
		}
	}
	return rows, nil
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
