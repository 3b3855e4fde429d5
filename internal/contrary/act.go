package contrary

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// act does what a call asks for.
func (s *Server) act(w http.ResponseWriter, c *call) error {
	switch c.op.collection {
	case "admin/client":
		return s.admin(w, c)
	case "client":
		return s.settings(w, c)
	case "ani", "extension/ani":
		return s.ani(w, c)
	case "limit":
		s.answer(w, http.StatusOK, s.show(c.tenant, c.op, s.self(c.tenant)))
		return nil
	case "variables":
		return s.variables(w, c)
	case "phone", "queue", "fax":
		return s.single(w, c)
	case "sound/download":
		return s.download(w, c)
	case "current_calls":
		s.answer(w, http.StatusOK, map[string]any{"call_list": []any{}})
		return nil
	}
	if slices.Contains(empty, c.op.collection) && c.op.Method == http.MethodGet && !c.op.item() {
		s.answer(w, http.StatusOK, s.list(c.op, c, nil, named(c.op.Query, "page") != nil))
		return nil
	}
	if c.op.item() {
		return s.item(w, c)
	}
	return s.collection(w, c)
}

// parent finds the row that a path goes through, nil where it goes through none.
func (s *Server) parent(c *call) (*Row, error) {
	event := strings.HasSuffix(c.op.collection, "/event")
	if ext := c.tenant.byID("extension", number(c.vars["extension_id"])); ext != nil && strings.HasPrefix(c.op.Path, belowExtension) {
		if event && c.op.Method == http.MethodPost && ext.Values["type"] == eventless {
			return nil, bad("ivr-type extensions take no events")
		}
		return ext, nil
	}
	if !event {
		return nil, nil
	}
	agents := strings.TrimSuffix(c.op.collection, "/event")
	if r := c.tenant.byID(agents, number(c.vars["agent_id"])); r != nil {
		return r, nil
	}
	return nil, notFound
}

func (s *Server) collection(w http.ResponseWriter, c *call) error {
	parent, err := s.parent(c)
	if err != nil {
		return err
	}
	switch {
	case c.op.Method == http.MethodGet && len(c.op.Answer) > 0:
		s.listRows(w, c, parent)
	case c.op.Method == http.MethodPost && len(c.op.Form) > 0:
		return s.upload(w, c, nil)
	case c.op.Method == http.MethodPost && s.docs.find(http.MethodGet, c.op.collection, true) != nil:
		return s.create(w, c, parent)
	case c.op.Method == http.MethodDelete && len(keys[c.op.collection]) > 0:
		c.tenant.rows[c.op.collection] = slices.DeleteFunc(c.tenant.rows[c.op.collection], func(r *Row) bool { return r.Parent == parent })
		s.gone(w)
	default:
		return notFound
	}
	return nil
}

func (s *Server) listRows(w http.ResponseWriter, c *call, parent *Row) {
	own := c.r.URL.Query().Get("own_only") == "true"
	rows := []any{}
	for _, r := range c.tenant.rows[c.op.collection] {
		if r.Parent != parent || r.Dealer && own {
			continue
		}
		shown := s.show(c.tenant, c.op, r)
		if c.wanted(r, shown) {
			rows = append(rows, shown)
		}
	}
	s.answer(w, http.StatusOK, s.list(c.op, c, rows, named(c.op.Query, "page") != nil))
}

// wanted reports whether a row passes the filters of a call.
func (c *call) wanted(r *Row, shown map[string]any) bool {
	for name, words := range c.r.URL.Query() {
		if name == "page" || name == "per_page" || name == "own_only" {
			continue
		}
		text, _ := shown[name].(string)
		if n, ok := shown[name].(int64); ok {
			text = itoa(n)
		}
		if !slices.Contains(words, text) {
			return false
		}
	}
	return true
}

func (s *Server) create(w http.ResponseWriter, c *call, parent *Row) error {
	in, err := c.object()
	if err != nil {
		return err
	}
	if err := s.check(c, in, true); err != nil {
		return err
	}
	r := &Row{Collection: c.op.collection, Parent: parent, Values: map[string]any{}}
	for i := range c.op.Body {
		f := &c.op.Body[i]
		if v := f.fallback(); v != nil && !slices.Contains(writeOnly, f.Name) {
			r.Values[f.Name] = v
		}
	}
	if err := s.rename(c.tenant, r.Collection, in); err != nil {
		return err
	}
	s.keep(c.op, r, in)
	if err := c.tenant.unique(r); err != nil {
		return err
	}
	s.add(c.tenant, r)
	status := max(http.StatusOK, s.Dialect.Created)
	s.answer(w, status, s.show(c.tenant, c.op, r))
	return nil
}

// rename cuts the tenant's prefix from the name of an extension, whose length is fixed.
func (s *keeper) rename(t *Tenant, collection string, in map[string]any) error {
	name, ok := in["name"].(string)
	if !ok || collection != "extension" {
		return nil
	}
	name = strings.TrimPrefix(name, t.Prefix+"*")
	if int64(len(name)) != t.Values["extension_len"] || strings.Trim(name, "0123456789") != "" {
		return bad("name: %q is not a number of %v digits", name, t.Values["extension_len"])
	}
	for _, r := range t.rows[collection] {
		if r.Values["name"] == name {
			return bad("name: %s is taken", name)
		}
	}
	in["name"] = name
	return nil
}

// keep stores what was sent; what is never shown is forgotten.
func (s *keeper) keep(op *operation, r *Row, in map[string]any) {
	for name, v := range in {
		f := named(op.Body, name)
		if slices.Contains(writeOnly, name) || s.Dialect.absent(r.Collection, f) {
			continue
		}
		r.Values[name] = s.Dialect.respelled(r.Collection, name, unset(f, v))
	}
	maps.DeleteFunc(r.Values, func(name string, _ any) bool { return silent(r, name) })
}

// silent reports whether a field is ignored as the row is, and what was there cleared.
func silent(r *Row, name string) bool {
	return r.Collection == "queue" && name == "sound" && r.Values["sound_type"] != "music"
}

// unique refuses a login that a user has, and its like.
func (t *Tenant) unique(r *Row) error {
	for _, space := range namespaces {
		if !slices.Contains(space.collections, r.Collection) {
			continue
		}
		for _, c := range space.collections {
			for _, x := range t.rows[c] {
				if x != r && x.Values[space.field] == r.Values[space.field] {
					return bad("%s: %v is taken", space.field, r.Values[space.field])
				}
			}
		}
	}
	return nil
}

func (s *Server) item(w http.ResponseWriter, c *call) error {
	parent, err := s.parent(c)
	if err != nil {
		return err
	}
	variable := strings.Trim(c.op.segments[len(c.op.segments)-1], "{}")
	r := c.tenant.byID(c.op.collection, number(c.vars[variable]))
	if r == nil || r.Parent != parent {
		return notFound
	}
	if c.op.Method != http.MethodGet && r.Dealer {
		return &refusal{http.StatusForbidden, "this belongs to the dealer"}
	}
	switch c.op.Method {
	case http.MethodGet:
		s.answer(w, http.StatusOK, s.show(c.tenant, c.op, r))
		return nil
	case http.MethodPost:
		return s.upload(w, c, r)
	case http.MethodPut:
		return s.update(w, c, r)
	}
	return s.remove(w, c, r)
}

func (s *Server) update(w http.ResponseWriter, c *call, r *Row) error {
	in, err := c.object()
	if err != nil {
		return err
	}
	if err := s.check(c, in, false); err != nil {
		return err
	}
	if s.Dialect.ResetsOmitted {
		for i := range c.op.Body {
			f := &c.op.Body[i]
			if _, sent := in[f.Name]; !sent && len(f.Default) > 0 {
				r.Values[f.Name] = f.fallback()
			}
		}
	}
	if err := s.link(c.tenant, r, in); err != nil {
		return err
	}
	s.keep(c.op, r, in)
	s.spread(c.tenant, r, in)
	s.changed(w, c, r)
	return nil
}

func (s *Server) changed(w http.ResponseWriter, c *call, r *Row) {
	if s.Dialect.PutEmpty {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.answer(w, http.StatusOK, s.show(c.tenant, c.op, r))
}

func (s *Server) gone(w http.ResponseWriter) {
	if s.Dialect.DeleteBody {
		s.answer(w, http.StatusOK, map[string]any{})
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// remove deletes a row. What refers to it hinders that, or loses the reference.
func (s *Server) remove(w http.ResponseWriter, c *call, r *Row) error {
	users := c.tenant.users(r)
	for x, names := range users {
		op := s.docs.create(x.Collection)
		required := op != nil && slices.ContainsFunc(names, func(n string) bool { f := named(op.Body, n); return f != nil && f.Required })
		if required || !s.Dialect.NullOnGone {
			return bad("%s is used by %s", c.tenant.address(r), c.tenant.address(x))
		}
	}
	for x, names := range users {
		maps.DeleteFunc(x.Values, func(name string, _ any) bool { return slices.Contains(names, name) })
	}
	c.tenant.remove(r)
	s.gone(w)
	return nil
}
