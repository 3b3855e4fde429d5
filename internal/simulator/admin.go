package simulator

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"pbxsync/schema"
)

// This file is about the tenant itself: the list of all, the administrator's item, and what makes
// and deletes one.

// split gives a kind that an administrator sees otherwise than the tenant a shape
// for each of the two.
func (s *shape) split() {
	if s.Admin.Item == "" {
		return
	}
	s.item = newShape(viewOf(s.Kind, (*schema.Field).AtItem, (*schema.Field).NeedsAdmin))
	s.admin = newShape(viewOf(s.Kind, (*schema.Field).AtAdmin, func(*schema.Field) bool { return false }))
}

// viewOf returns the kind with some of its fields, of which some only answer.
func viewOf(k *schema.Kind, has, readOnly func(*schema.Field) bool) *schema.Kind {
	v := *k
	v.Admin, v.Fields = schema.AdminItem{}, nil
	for _, f := range k.Fields {
		if !has(f) {
			continue
		}
		if readOnly(f) {
			g := *f
			g.ReadOnly = true
			f = &g
		}
		v.Fields = append(v.Fields, f)
	}
	return &v
}

// takes is the shape of what the kind's own item takes and shows.
func (s *shape) takes() *shape {
	if s.item != nil {
		return s.item
	}
	return s
}

// addAdmin serves the administrator's item of the tenant.
func (s *router) addAdmin(top *node) {
	in := s.root.Admin
	if in.Item == "" {
		return
	}
	own := s.root.Routes[0]
	e := &endpoint{template: in.Item, kind: s.root, route: own, levels: own.Item.Levels, item: true, verbs: map[string]verb{}}
	if in.Has(schema.Read) {
		e.verbs[http.MethodGet] = verb{act: administrators((*Server).adminRead)}
	}
	if in.Has(schema.Update) {
		e.verbs[http.MethodPut] = verb{act: administrators((*Server).adminUpdate), body: true}
	}
	if in.Has(schema.Delete) {
		e.verbs[http.MethodDelete] = verb{act: administrators((*Server).adminDelete), params: s.root.OnDelete}
	}
	top.add(in.Item, e)
}

// administrators keeps everybody else out.
func administrators(act func(*Server, *call) (any, error)) func(*Server, *call) (any, error) {
	return func(s *Server, c *call) (any, error) {
		if !s.opts.Admin {
			return nil, refuse(http.StatusForbidden, "this application is no administrator")
		}
		return act(s, c)
	}
}

func (s *answerer) adminRead(c *call) (any, error) { return c.tenant.adminAnswer(), nil }

func (t *tenant) adminAnswer() map[string]any {
	return t.answerWith(t.root, t.root.shape.admin.Fields)
}

func (s *answerer) adminUpdate(c *call) (any, error) {
	values, err := checker{t: c.tenant}.body(c.tenant.root.shape.admin, c.body, false)
	if err != nil {
		return nil, err
	}
	c.tenant.setRoot(values)
	return c.tenant.adminAnswer(), nil
}

// setRoot changes the tenant's own fields; its limits show in their own resource.
func (t *tenant) setRoot(values map[string]any) {
	t.set(t.root, values)
	for name, v := range values {
		if t.limits != nil && t.limits.shape.byAPI[name] != nil {
			t.set(t.limits, map[string]any{name: v})
		}
	}
}

// adminCreate makes a tenant. The server chooses its prefix.
func (s *answerer) adminCreate(c *call) (any, error) {
	id := s.newID()
	t := s.newTenant(id)
	t.addImplicit(s.root, s.limits)
	values, err := checker{t: t}.body(t.root.shape.admin, c.body, true)
	if err != nil {
		return nil, err
	}
	all := defaults(t.root.shape)
	maps.Copy(all, values)
	all[s.root.Tenant.Prefix] = fmt.Sprintf("%05d", id)
	t.setRoot(all)
	s.tenants = append(s.tenants, t)
	return t.adminAnswer(), nil
}

func (s *answerer) adminDelete(c *call) (any, error) {
	s.tenants = slices.DeleteFunc(s.tenants, func(t *tenant) bool { return t == c.tenant })
	return nil, nil
}

// listed is what the list of tenants shows.
func (s *shape) listed() []*schema.Field {
	if s.admin != nil {
		return s.admin.Fields
	}
	return s.Fields
}

// addSearch serves the administrator's list of tenants.
func (s *router) addSearch(top *node) {
	in := s.root.Tenant
	if in.Search == "" {
		return
	}
	filters := []schema.Param{{Name: in.ID, Type: typeInteger}, {Name: in.Name}, {Name: in.Prefix}}
	verbs := map[string]verb{http.MethodGet: {act: (*Server).search, params: listParams(filters, true)}}
	if s.root.Admin.Has(schema.Create) && s.root.Admin.Collection == in.Search {
		verbs[http.MethodPost] = verb{act: administrators((*Server).adminCreate), body: true}
	}
	top.add(in.Search, &endpoint{template: in.Search, kind: s.root, verbs: verbs})
}

func (s *answerer) search(c *call) (any, error) {
	if !s.opts.Admin {
		return nil, refuse(http.StatusForbidden, "this application is no administrator")
	}
	in := s.root.Tenant
	var found []*tenant
	for _, t := range s.tenants {
		if s.wanted(t, c.query, in.ID, in.Name, in.Prefix) {
			found = append(found, t)
		}
	}
	found, err := cut(&s.store, found, c.query)
	answer := make([]any, 0, len(found))
	for _, t := range found {
		answer = append(answer, t.answerWith(t.root, t.root.shape.listed()))
	}
	return answer, err
}

func (s *answerer) wanted(t *tenant, query url.Values, names ...string) bool {
	for _, name := range names {
		text, _ := filterText(nil, t.field(t.root, s.shapes[s.root].byAPI[name]))
		if query.Has(name) && !slices.Contains(query[name], text) {
			return false
		}
	}
	return true
}

func (t *tenant) prefix() string {
	p, _ := t.root.values[t.root.shape.Tenant.Prefix].(string)
	return p
}

// seededID is the id that a seed gives its tenant, or a new one.
func (s *planter) seededID(own map[string]any) int64 {
	if id, ok := own[s.root.Tenant.ID].(int64); ok {
		return id
	}
	return s.newID()
}

// complete reports what a seed has to say of a tenant and does not.
func (s *planter) complete(t *tenant, path string) error {
	if t.prefix() == "" {
		return fmt.Errorf("%s.%s.%s: is missing", path, s.root.Word, s.root.Tenant.Prefix)
	}
	return nil
}
