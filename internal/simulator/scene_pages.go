package simulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"pbxsync/internal/faults"
)

// order gives the rows of a page, of all rows that the list has.
type order func(rows []json.RawMessage, page, size int) []json.RawMessage

// turn changes what the call asks for, and returns how the rows of its answer are
// to be chosen, nil if the server chooses.
func (c *scene) turn() order {
	var chosen order
	for _, f := range c.fired {
		switch f.Do {
		case faults.PageCap:
			size, err := positive(c.r.URL.Query(), perPageParam, perPage)
			if err == nil {
				c.ask(perPageParam, min(size, f.Size))
			}
		case faults.PageSize:
			c.ask(perPageParam, f.Size)
		case faults.PageFirst:
			c.ask(pageParam, 1)
		case faults.PageShift:
			chosen = func(rows []json.RawMessage, page, size int) []json.RawMessage {
				if page == 1 {
					return window(rows, 0, size)
				}
				return window(rows, (page-1)*size+f.By, size)
			}
		case faults.PageShuffle:
			chosen = func(rows []json.RawMessage, page, size int) []json.RawMessage {
				f.Rand().Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
				return window(rows, (page-1)*size, size)
			}
		}
	}
	return chosen
}

// ask changes a parameter of the query.
func (c *scene) ask(name string, n int) { c.r = asking(c.r, name, n) }

func asking(r *http.Request, name string, n int) *http.Request {
	r = r.Clone(r.Context())
	query := r.URL.Query()
	query.Set(name, strconv.Itoa(n))
	r.URL.RawQuery = query.Encode()
	return r
}

func window(rows []json.RawMessage, from, size int) []json.RawMessage {
	from = min(max(from, 0), len(rows))
	return rows[from:min(from+size, len(rows))]
}

// rearrange puts other rows into a list that was answered well.
func (c *scene) rearrange(chosen order) {
	var rows []json.RawMessage
	if chosen == nil || c.reply.status != http.StatusOK || json.Unmarshal(c.reply.body, &rows) != nil {
		return
	}
	page, size := c.wanted(c.r.URL.Query())
	c.reply.body = listOfRows(chosen(c.allRows(), page, size))
}

func (c *scene) wanted(query url.Values) (page, size int) {
	page, _ = positive(query, pageParam, 1) // the server has checked both
	size, _ = positive(query, perPageParam, perPage)
	return page, min(size, c.s.opts.PageCap)
}

// allRows reads every page of the list behind the client's back.
func (c *scene) allRows() []json.RawMessage {
	var all []json.RawMessage
	r := asking(c.r, perPageParam, c.s.opts.PageCap)
	for page := 1; ; page++ {
		var rows []json.RawMessage
		p := &reply{}
		c.s.Answer(p, asking(r, pageParam, page))
		if json.Unmarshal(p.body, &rows) != nil || len(rows) == 0 {
			return all
		}
		all = append(all, rows...)
	}
}
