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

// resolve finds what the variables of the path stand for, from the outside in.
func (s *Server) resolve(c *call) error {
	rest := c.vars
	for i := 0; i < len(c.at.levels); {
		l := c.at.levels[i]
		n := 1
		for i+n < len(c.at.levels) && l.Kind != nil && c.at.levels[i+n].Kind == l.Kind {
			n++ // several of its values make up its id
		}
		if err := s.enter(c, c.at.levels[i:i+n], rest[:n]); err != nil {
			return err
		}
		i, rest = i+n, rest[n:]
	}
	if c.at.kind == nil || c.tenant == nil {
		return nil
	}
	c.owner = c.tenant.ownerAt(c.at.route, c.owner)
	if c.at.route != nil && c.at.route.Parent != nil && c.owner == nil {
		return notFound()
	}
	if !c.at.item {
		return nil
	}
	if c.row = c.findRow(rest); c.row == nil {
		return notFound()
	}
	return nil
}

// enter goes to the tenant, or to the object, that values of the path stand for.
func (s *Server) enter(c *call, levels []schema.Level, values []string) error {
	k := levels[0].Kind
	if k == nil {
		t, err := s.visible(values[0])
		c.tenant = t
		return err
	}
	if c.tenant == nil {
		c.owner = s.findTop(c, k, values[0])
	} else {
		c.owner = c.tenant.find(k, c.tenant.ownerAt(routeTo(c.at.route, k), c.owner), values)
	}
	if c.owner == nil {
		return notFound()
	}
	return nil
}

// routeTo returns the part of a route that ends at a kind, nil where it has none.
func routeTo(r *schema.Route, k *schema.Kind) *schema.Route {
	for ; r != nil && r.Kind != k; r = r.Parent {
	}
	return r
}

// ownerAt returns what owns the objects of a route below an object of its path: that
// object, or what it has once.
func (t *tenant) ownerAt(r *schema.Route, owner *row) *row {
	if r == nil || r.Parent == nil || !r.Parent.Kind.Singleton() {
		return owner
	}
	return t.tables[r.Parent.Kind].single(t.ownerAt(r.Parent, owner))
}

// find returns an object below an owner by its id, or by the values that make it up.
func (t *tenant) find(k *schema.Kind, owner *row, values []string) *row {
	tab := t.tables[k]
	if len(k.ID) == 0 {
		if r := tab.byID[number(values[0])]; r != nil && r.owner == owner {
			return r
		}
		return nil
	}
	for _, r := range tab.lists[owner] {
		if !slices.ContainsFunc(k.ID, func(f *schema.Field) bool { return r.values[f.API] != any(values[slices.Index(k.ID, f)]) }) {
			return r
		}
	}
	return nil
}

// visible returns the tenant with an id that the caller may see.
func (s *store) visible(text string) (*tenant, error) {
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

// findTop looks in every tenant that the caller may see, where the path names none.
func (s *Server) findTop(c *call, k *schema.Kind, text string) *row {
	for _, t := range s.open() {
		r := s.named(t, t.tables[k], text)
		if r != nil && (s.opts.Extension == 0 || s.opts.Extension == r.id) {
			c.tenant = t
			return r
		}
	}
	return nil
}

// open are the tenants that the caller may see.
func (s *store) open() []*tenant {
	if s.opts.Admin {
		return s.tenants
	}
	return s.tenants[:min(1, len(s.tenants))]
}

// named finds an object in its own realm: by id, by @ and its name with or without
// the tenant's prefix, or as the caller's own.
func (s *store) named(t *tenant, tab *table, text string) *row {
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

func (c *call) findRow(own []string) *row {
	if by := c.at.view.By; by != "" {
		at := slices.IndexFunc(c.table().lists[c.owner], func(r *row) bool { return textOf(r.values[by]) == own[0] })
		if at < 0 {
			return nil
		}
		return c.table().lists[c.owner][at]
	}
	if c.at.kind.Singleton() {
		return c.table().single(c.owner)
	}
	return c.tenant.find(c.at.kind, c.owner, own)
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
