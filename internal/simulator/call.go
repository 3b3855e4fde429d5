package simulator

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pbxsync/schema"
)

// myself is what a path may say for the id of the token's own tenant.
const myself = "@me"

// maxBody is far above any documented body.
const maxBody = 8 << 20

// call is one request on its way to the state.
type call struct {
	match
	query  url.Values
	body   map[string]any
	tenant *tenant
	file   *upload
	owner  *row // the parent, nil for what the tenant itself owns
	row    *row // the object, of an item's path
}

func (c *call) table() *table { return c.tenant.tables[c.at.kind] }

// handle answers with the body of a success, nil for one without.
func (s *Server) handle(r *http.Request) (any, error) {
	if err := s.authorise(r); err != nil {
		return nil, err
	}
	path, ok := below(r.URL.EscapedPath())
	if !ok {
		return nil, notFound()
	}
	m, err := s.routes.find(path, s.opts.Slash)
	if err != nil {
		return nil, err
	}
	v, err := m.at.verb(r.Method)
	if err != nil {
		return nil, err
	}
	c := &call{match: m}
	if c.query, err = parseQuery(r.URL.RawQuery, v.params); err != nil {
		return nil, err
	}
	if v.form {
		if c.body, c.file, err = parseForm(r, m.at.kind); err != nil {
			return nil, err
		}
	}
	if v.body {
		if c.body, err = parseBody(r); err != nil {
			return nil, err
		}
	}
	return s.run(c, v, r.Method == http.MethodGet)
}

func (s *Server) run(c *call, v verb, reading bool) (any, error) {
	if reading {
		s.mu.RLock()
		defer s.mu.RUnlock()
	} else {
		s.mu.Lock()
		defer s.mu.Unlock()
	}
	if err := s.resolve(c); err != nil {
		return nil, err
	}
	answer, err := v.act(s, c)
	if err == nil && !reading {
		s.edition++
	}
	return answer, err
}

// parseBody takes what the reference pages document: one JSON object.
func parseBody(r *http.Request) (map[string]any, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return nil, refuse(http.StatusBadRequest, "Content-Type has to be application/json")
	}
	dec := json.NewDecoder(io.LimitReader(r.Body, maxBody))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, refuse(http.StatusBadRequest, "the body is no JSON: %v", err)
	}
	body, ok := plain(v).(map[string]any)
	if !ok {
		return nil, refuse(http.StatusBadRequest, "the body has to be a JSON object")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, refuse(http.StatusBadRequest, "something follows the JSON object in the body")
	}
	return body, nil
}

// resolve finds what the variables of the path stand for.
func (s *Server) resolve(c *call) error {
	ids, err := s.resolveTenant(c)
	if err != nil || c.at.kind == nil && c.at.parent == nil {
		return err
	}
	own := ""
	if last := len(ids) - 1; c.at.item && (c.at.view.By != "" || !c.at.kind.Singleton()) && last >= 0 {
		own, ids = ids[last], ids[:last]
	}
	if c.at.parent != nil && len(ids) > 0 {
		if c.owner = s.findOwner(c, ids[len(ids)-1]); c.owner == nil {
			return notFound()
		}
	}
	if !c.at.item {
		return nil
	}
	if c.row = c.findRow(own); c.row == nil {
		return notFound()
	}
	return nil
}

// resolveTenant takes the tenant's variable out of the path's and returns the others.
func (s *Server) resolveTenant(c *call) ([]string, error) {
	if c.at.tenant < 0 {
		return c.vars, nil
	}
	t, err := s.visible(c.vars[c.at.tenant])
	c.tenant = t
	return c.vars[c.at.tenant+1:], err
}

// visible returns the tenant with an id that the caller may see.
func (s *Server) visible(text string) (*tenant, error) {
	if s.opts.Extension != 0 {
		return nil, refuse(http.StatusForbidden, "this application belongs to a user of extension %d and may not use the client's realm", s.opts.Extension)
	}
	if text == myself {
		if s.opts.Admin || len(s.tenants) == 0 {
			return nil, notFound()
		}
		return s.tenants[0], nil
	}
	id := number(text)
	if id == 0 {
		return nil, notFound()
	}
	for i, t := range s.tenants {
		if t.id == id && (s.opts.Admin || i == 0) {
			return t, nil
		}
	}
	if s.opts.Admin {
		return nil, notFound()
	}
	return nil, refuse(http.StatusForbidden, "this application may not use client %d", id)
}

// findOwner looks in every tenant that the caller may see if the path names none.
func (s *Server) findOwner(c *call, text string) *row {
	if c.tenant != nil {
		return c.tenant.tables[c.at.parent].byID[number(text)]
	}
	for _, t := range s.open() {
		r := s.named(t, t.tables[c.at.parent], text)
		if r != nil && (s.opts.Extension == 0 || s.opts.Extension == r.id) {
			c.tenant = t
			return r
		}
	}
	return nil
}

// open are the tenants that the caller may see.
func (s *Server) open() []*tenant {
	if s.opts.Admin {
		return s.tenants
	}
	return s.tenants[:min(1, len(s.tenants))]
}

// named finds an object in its own realm: by id, by @ and its name with or without
// the tenant's prefix, or as the caller's own.
func (s *Server) named(t *tenant, tab *table, text string) *row {
	name, byName := strings.CutPrefix(text, "@")
	if !byName {
		return tab.byID[number(text)]
	}
	if text == myself {
		return tab.byID[s.opts.Extension]
	}
	f := tab.shape.Key[0].Field
	short, err := checker{t: t, seed: true}.short(f.API, f, name)
	for _, r := range tab.lists[nil] {
		if err == nil && r.values[f.API] == short {
			return r
		}
	}
	return nil
}

func (c *call) findRow(text string) *row {
	if by := c.at.view.By; by != "" {
		at := slices.IndexFunc(c.table().lists[c.owner], func(r *row) bool { return textOf(r.values[by]) == text })
		if at < 0 {
			return nil
		}
		return c.table().lists[c.owner][at]
	}
	if c.at.kind.Singleton() {
		return c.table().single(c.owner)
	}
	r := c.table().byID[number(text)]
	if r == nil || r.owner != c.owner {
		return nil
	}
	return r
}

// number returns the id that a path segment holds, 0 if it holds none.
func number(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 || strconv.FormatInt(id, 10) != text {
		return 0
	}
	return id
}

// parseQuery refuses parameters that are not documented.
func parseQuery(raw string, params []schema.Param) (url.Values, error) {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "the query cannot be read: %v", err)
	}
	for _, name := range sortedKeys(query) {
		p := param(params, name)
		if p == nil {
			return nil, bad(name, "unknown query parameter")
		}
		for _, value := range query[name] {
			if err := checkParam(p, value); err != nil {
				return nil, err
			}
		}
	}
	return query, nil
}

func param(params []schema.Param, name string) *schema.Param {
	for i := range params {
		if params[i].Name == name {
			return &params[i]
		}
	}
	return nil
}

func checkParam(p *schema.Param, value string) error {
	switch p.Type {
	case typeInteger:
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return bad(p.Name, "has to be a whole number")
		}
	case typeBoolean:
		if value != "true" && value != "false" {
			return bad(p.Name, "has to be true or false")
		}
	}
	return nil
}
