package contrary

import (
	"bytes"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
)

// self is the tenant as a row, whose values it shares.
func (s *holder) self(t *Tenant) *Row {
	v := maps.Clone(t.Values)
	v["prefix"], v["domain_prefix"] = t.Prefix, "00100"
	return &Row{ID: t.ID, Collection: "client", Values: v}
}

func (s *Server) settings(w http.ResponseWriter, c *call) error {
	if c.op.Method == http.MethodGet {
		s.answer(w, http.StatusOK, s.show(c.tenant, c.op, s.self(c.tenant)))
		return nil
	}
	in, err := c.object()
	if err == nil {
		err = s.check(c, in, false)
	}
	if err != nil {
		return err
	}
	if s.Dialect.ResetsOmitted {
		for i := range c.op.Body {
			if f := &c.op.Body[i]; len(f.Default) > 0 {
				c.tenant.Values[f.Name] = f.fallback()
			}
		}
	}
	s.keep(c.op, &Row{Collection: "client", Values: c.tenant.Values}, in)
	s.changed(w, c, s.self(c.tenant))
	return nil
}

// ani is the number of the client, or that of an extension.
func (s *Server) ani(w http.ResponseWriter, c *call) error {
	of := c.tenant.single(c.op.collection, c.tenant.byID("extension", number(c.vars["extension_id"])))
	if c.op.Method == http.MethodPut {
		in, err := c.object()
		if err == nil {
			err = s.check(c, in, false)
		}
		if err != nil {
			return err
		}
		n := in["ani_number"]
		if n != nil && !slices.ContainsFunc(c.tenant.rows["did"], func(r *Row) bool { return r.Values["name"] == n }) {
			return bad("ani_number: %v is no number of this client", n)
		}
		if of == nil {
			c.tenant.ani = n
		} else {
			of.Values["ani_number"] = n
		}
	}
	shown := c.tenant.ani
	if of != nil {
		shown = of.Values["ani_number"]
	}
	s.answer(w, http.StatusOK, map[string]any{"default": shown})
	return nil
}

func (s *Server) variables(w http.ResponseWriter, c *call) error {
	if c.op.Method == http.MethodPost {
		in, err := c.object()
		if err == nil {
			err = s.check(c, in, true)
		}
		if err != nil {
			return err
		}
		for _, x := range in["variables"].([]any) {
			m := x.(map[string]any)
			name, _ := m["var"].(string)
			value, ok := m["value"].(string)
			if !ok || name == "" {
				return bad("var and value are required")
			}
			c.tenant.SetVariable(name, value)
		}
	}
	s.answer(w, http.StatusOK, s.showVariables(c.tenant, c.r.URL.Query()["variable"]))
	return nil
}

// SetVariable gives a variable its text.
func (t *Tenant) SetVariable(name, value string) {
	for i := range t.vars {
		if t.vars[i].name == name {
			t.vars[i].value = value
			return
		}
	}
	t.vars = append(t.vars, variable{name, value})
}

func (s *speaker) showVariables(t *Tenant, only []string) any {
	rows, texts := []any{}, map[string]any{}
	for _, v := range t.vars {
		if len(only) > 0 && !slices.Contains(only, v.name) {
			continue
		}
		rows = append(rows, map[string]any{"var": v.name, "value": v.value})
		texts[v.name] = v.value
	}
	switch s.Dialect.Variables {
	case "wrapped":
		return map[string]any{"variables": rows}
	case "map":
		return texts
	}
	return rows
}

// single is the one that an extension has of what its type has.
func (s *Server) single(w http.ResponseWriter, c *call) error {
	r := c.tenant.single(c.op.collection, c.tenant.byID("extension", number(c.vars["extension_id"])))
	if r == nil {
		return notFound
	}
	if c.op.Method == http.MethodPut {
		return s.update(w, c, r)
	}
	s.answer(w, http.StatusOK, s.show(c.tenant, c.op, r))
	return nil
}

// link reads who acts as one with a phone.
func (s *keeper) link(t *Tenant, r *Row, in map[string]any) error {
	sent, ok := in["bundle"]
	if !ok || r.Collection != "phone" {
		return nil
	}
	delete(in, "bundle")
	list := map[string]any{}
	if m, isMap := sent.(map[string]any); isMap {
		list, _ = m["bundle_list"].(map[string]any)
	}
	if main, _ := t.bundleOf(r.Parent); main != nil && main != r.Parent {
		if len(list) == 0 {
			return nil
		}
		return bad("bundle: this phone is in the bundle of another one")
	}
	for id, v := range list {
		ext := t.byID("extension", number(id))
		if _, isMap := v.(map[string]any); !isMap || ext == nil || t.phone(ext) == nil || ext == r.Parent {
			return bad("bundle: %s is no other phone", id)
		}
		if main, _ := t.bundleOf(ext); main != nil && main != r.Parent {
			return bad("bundle: %s is in another one", id)
		}
	}
	delete(r.Values, "bundle")
	if len(list) > 0 {
		r.Values["bundle"] = clone(list)
		s.spread(t, r, r.Values)
		s.spread(t, r.Parent, r.Parent.Values)
	}
	return nil
}

// spread gives what a bundle shares to all of it.
func (s *keeper) spread(t *Tenant, r *Row, in map[string]any) {
	ext, shared := r, bundleExtension
	switch r.Collection {
	case "phone":
		ext, shared = r.Parent, bundlePhone
	case "extension":
	default:
		return
	}
	main, list := t.bundleOf(ext)
	if main == nil {
		return
	}
	for _, e := range t.rows["extension"] {
		if e != main && list[itoa(e.ID)] == nil {
			continue
		}
		to := e
		if r.Collection == "phone" {
			to = t.phone(e)
		}
		for _, name := range shared {
			if v, ok := r.Values[name]; ok && to != r && in[name] != nil {
				to.Values[name] = v
			} else if _, sent := in[name]; sent && to != r {
				to.Values[name] = r.Values[name]
			}
		}
	}
}

// upload takes a form with a file: a new sound, or another file for one.
func (s *Server) upload(w http.ResponseWriter, c *call, r *Row) error {
	title, name, data, err := readForm(c)
	if err != nil {
		return err
	}
	if r == nil {
		if title == "" {
			return bad("title is required")
		}
		r = s.add(c.tenant, &Row{Collection: c.op.collection})
	}
	if title != "" {
		r.Values["title"] = s.Dialect.respelled(r.Collection, "title", title)
	}
	r.Values["filename"], r.file = name, data
	s.answer(w, max(http.StatusOK, s.Dialect.Created), s.show(c.tenant, c.op, r))
	return nil
}

func readForm(c *call) (title, name string, data []byte, err error) {
	_, boundary, ok := strings.Cut(c.r.Header.Get("Content-Type"), "multipart/form-data; boundary=")
	if !ok {
		return "", "", nil, bad("this takes multipart/form-data")
	}
	form := multipart.NewReader(bytes.NewReader(c.body), strings.Trim(boundary, `"`))
	for {
		part, err := form.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", "", nil, bad("the form cannot be read")
		}
		content, err := io.ReadAll(part)
		switch {
		case err != nil:
			return "", "", nil, bad("the form cannot be read")
		case part.FormName() == "title":
			title = string(content)
		case part.FormName() == "file" && part.FileName() != "":
			name, data = part.FileName(), content
		default:
			return "", "", nil, bad("unknown field %s", part.FormName())
		}
	}
	if data == nil {
		return "", "", nil, bad("file is required")
	}
	return title, name, data, nil
}

func (s *Server) download(w http.ResponseWriter, c *call) error {
	r := c.tenant.byID("sound", number(c.vars["sound_id"]))
	if r == nil || r.file == nil {
		return notFound
	}
	w.Header().Set("Content-Type", "audio/x-wav")
	_, _ = w.Write(r.file)
	return nil
}

// admin is the administrator's side: the list of tenants, and each as a whole.
func (s *Server) admin(w http.ResponseWriter, c *call) error {
	if !s.Dialect.Admin {
		return &refusal{http.StatusForbidden, "this application is no administrator"}
	}
	item := s.docs.find(http.MethodGet, c.op.collection, true)
	switch {
	case c.op.Method == http.MethodGet && !c.op.item():
		rows := []any{}
		for _, t := range s.tenants {
			shown := s.show(t, item, s.self(t))
			if c.wanted(nil, shown) {
				rows = append(rows, shown)
			}
		}
		s.answer(w, http.StatusOK, s.list(c.op, c, rows, true))
	case c.op.Method == http.MethodGet:
		s.answer(w, http.StatusOK, s.show(c.tenant, c.op, s.self(c.tenant)))
	case c.op.Method == http.MethodPut:
		return s.settings(w, c)
	default:
		return notFound
	}
	return nil
}
