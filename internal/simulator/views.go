package simulator

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pbxsync/internal/simulator/beyond"
	"pbxsync/schema"
)

// This file serves the views of package beyond: further addresses of what a kind
// stands for, and what is no object at all.

// acts are the words that views.yaml has for what a verb does.
var acts = map[string]verb{
	"user":   {act: (*Server).user},
	"search": {act: (*Server).searchText},
	"totals": {act: (*Server).totals},
	"drop":   {act: (*Server).dropSeen},
	"bytes":  {act: (*Server).download},
	"text":   {act: (*Server).text},
	"list":   {act: (*Server).listThrough},
	"add":    {act: (*Server).addThrough, body: true},
	"signed": {act: (*Server).signed},
	"alive":  {act: (*Server).alive},
	"call":   {act: (*Server).callOut, body: true},
}

// addViews lays out the views whose kinds the catalogue has. A path that a kind
// serves already stays with it.
func (s *router) addViews(top *node, views []beyond.View) {
	for _, v := range views {
		k := s.cat.Kind(v.Kind)
		if v.Kind != "" && k == nil {
			continue
		}
		e := &endpoint{template: v.Path, kind: k, view: v, item: v.By != "", verbs: map[string]verb{}}
		e.levels = s.levelsIn(v)
		for method, word := range v.Verbs {
			act := acts[word]
			act.params = viewParams(v, k, word)
			e.verbs[method] = act
		}
		top.add(v.Path, e)
	}
}

func viewParams(v beyond.View, k *schema.Kind, word string) []schema.Param {
	var params []schema.Param
	if word == "search" {
		params = listParams(k.Filters, k.Pages)
	}
	for _, p := range v.Query {
		params = append(params, schema.Param{Name: p.Name, Type: p.Type})
	}
	return params
}

// levelsIn says what the variables in a view's path stand for, without its own.
func (s *router) levelsIn(v beyond.View) []schema.Level {
	names := variables(v.Path)
	if v.By != "" {
		names = names[:len(names)-1]
	}
	var out []schema.Level
	for _, name := range names {
		out = append(out, s.levelCalled(name))
	}
	return out
}

// levelCalled returns what the paths of kinds call by a name.
func (s *router) levelCalled(name string) schema.Level {
	for _, k := range s.cat.Kinds {
		for _, r := range k.Routes {
			if r.Item == nil || r.Item.Levels == nil {
				continue
			}
			if l := r.Item.Levels[len(r.Item.Levels)-1]; l.Variable == name && (l.Kind == nil || l.Kind == k) {
				return l
			}
		}
	}
	panic("simulator: no kind has {" + name + "} in its path") // a test loads the views
}

// required refuses a view without a parameter that it needs.
func (c *call) required() error {
	for _, p := range c.at.view.Query {
		if p.Required && c.query.Get(p.Name) == "" {
			return bad(p.Name, "is required")
		}
	}
	return nil
}

// seen are the rows of the view's kind that the path speaks of.
func (c *call) seen() []*row {
	if c.row != nil {
		return []*row{c.row}
	}
	if f := c.table().shape.byAPI[c.at.view.Through]; f != nil && c.owner != nil {
		return slices.DeleteFunc(slices.Clone(c.table().lists[nil]), func(r *row) bool { return r.values[f.API] != any(c.owner.id) })
	}
	return c.table().lists[c.owner]
}

func (s *viewer) listThrough(c *call) (any, error) { return c.tenant.answers(c.seen()), nil }

func (s *viewer) addThrough(c *call) (any, error) {
	through := c.at.view.Through
	if _, sent := c.body[through]; sent {
		return nil, bad(through, "is in the path")
	}
	c.body[through] = c.owner.id
	c.owner = nil
	return s.create(c)
}

func (s *viewer) dropSeen(c *call) (any, error) {
	for _, r := range slices.Clone(c.seen()) {
		c.tenant.drop(r)
	}
	return nil, nil
}

func (s *viewer) text(c *call) (any, error) { return c.fill(textOf(c.row.values[c.at.view.By])), nil }

// fill puts a text where the view's answer has room for one.
func (c *call) fill(text string) map[string]any {
	answer := map[string]any{}
	for key, form := range c.at.view.Answer {
		answer[key] = strings.ReplaceAll(textOf(form), "%s", text)
	}
	return answer
}

// totals counts rows and adds up fields of theirs.
func (s *viewer) totals(c *call) (any, error) {
	if err := c.required(); err != nil {
		return nil, err
	}
	rows, err := s.ordered(c, c.seen())
	if err != nil {
		return nil, err
	}
	answer := map[string]any{}
	for key, field := range c.at.view.Sums {
		sum := int64(0)
		for _, r := range rows {
			if n, _ := r.values[field].(int64); field != "" {
				sum += n
			} else {
				sum++
			}
		}
		answer[key] = sum
	}
	return answer, nil
}

// searchText answers a page of the rows that have a text, and how many there are.
func (s *viewer) searchText(c *call) (any, error) {
	rows := c.seen()
	for _, p := range c.at.kind.Filters {
		if wanted := c.query[p.Name]; len(wanted) > 0 {
			rows = c.filter(rows, p, wanted)
		}
	}
	q := strings.ToLower(c.query.Get(c.at.view.Query[0].Name))
	rows = slices.DeleteFunc(slices.Clone(rows), func(r *row) bool {
		return !strings.Contains(strings.ToLower(textOf(r.values[c.at.view.Text])), q)
	})
	page, err := cut(&s.store, rows, c.query)
	if err != nil {
		return nil, err
	}
	return map[string]any{"total_count": int64(len(rows)), c.at.view.Rows: c.tenant.answers(page)}, nil
}

// ordered sorts rows by time, the newest first unless the query says otherwise,
// and keeps those within its bounds. What has no time is within.
func (s *answerer) ordered(c *call, rows []*row) ([]*row, error) {
	o, known := s.orders[c.at.kind]
	if c.at.kind.Form == schema.FormSequence {
		return inPlaces(rows), nil
	}
	if !known {
		return rows, nil
	}
	up := c.query.Get(orderParam)
	if up != "" && up != "asc" && up != "desc" {
		return nil, bad(orderParam, "has to be one of desc, asc")
	}
	when := func(r *row) string { text, _ := r.values[o.By].(string); return text }
	rows = slices.DeleteFunc(slices.Clone(rows), func(r *row) bool {
		from, to, at := c.query.Get(o.From), c.query.Get(o.To), when(r)
		return at != "" && (from != "" && at < from || to != "" && at > to)
	})
	slices.SortStableFunc(rows, func(a, b *row) int {
		if up == "asc" {
			return cmp.Compare(when(a), when(b))
		}
		return cmp.Compare(when(b), when(a))
	})
	return rows, nil
}

const orderParam = "order"

// user answers who the token is. The ids that are not null tell its realm.
func (s *viewer) user(c *call) (any, error) {
	answer := map[string]any{}
	for key, v := range c.at.view.Answer {
		answer[key] = plain(v)
	}
	realm, id := realmTenant, int64(0)
	if len(s.tenants) > 0 {
		id = s.tenants[0].id
		for _, key := range c.at.view.Tenant {
			answer[key] = s.tenants[0].root.values[key]
		}
	}
	switch {
	case s.opts.Admin:
		realm, id = realmAdmin, dealerID
	case s.opts.Extension != 0:
		realm, id = realmInner, s.opts.Extension
	}
	answer[c.at.view.Realms[realm]] = orNull(id)
	if s.opts.Admin {
		answer[realmAdmin] = true
	}
	return answer, nil
}

// The realms in which a token may be.
const (
	realmAdmin  = "admin"
	realmTenant = "tenant"
	realmInner  = "inner" // that of the users of one of the tenant's objects
)

// signed answers who is signed in: at the extension of the path, or at all, or at
// those that the query names.
func (s *viewer) signed(c *call) (any, error) {
	if c.owner != nil {
		return c.signedAt(c.tenant, c.owner), nil
	}
	list := []any{}
	for _, p := range s.asked(c) {
		list = append(list, c.signedAt(p.tenant, p.owner))
	}
	return list, nil
}

func (c *call) signedAt(t *tenant, owner *row) map[string]any {
	rows := t.tables[c.at.kind].lists[owner]
	return map[string]any{"registered": len(rows) > 0, c.at.view.Through: owner.id, c.at.view.Rows: t.answers(rows)}
}

// alive answers at which extensions somebody is signed in.
func (s *viewer) alive(c *call) (any, error) {
	list := []any{}
	for _, p := range s.asked(c) {
		if len(p.tenant.tables[c.at.kind].lists[p.owner]) > 0 {
			list = append(list, map[string]any{c.at.view.Through: p.owner.id})
		}
	}
	return list, nil
}

type place struct {
	tenant *tenant
	owner  *row
}

// asked are the parents that the query names, or all that the caller may see.
func (s *answerer) asked(c *call) []place {
	var all []place
	wanted := c.query[c.at.view.Through]
	for _, t := range s.open() {
		for _, r := range t.all(c.at.kind.Parents[0]) {
			named := len(wanted) == 0 || slices.Contains(wanted, strconv.FormatInt(r.id, 10))
			if named && (s.opts.Extension == 0 || s.opts.Extension == r.id) {
				all = append(all, place{t, r})
			}
		}
	}
	return all
}

// callOut would call somebody; here nobody is called.
func (s *viewer) callOut(c *call) (any, error) {
	if _, ok := c.body["src_num"].([]any); !ok {
		return nil, bad("src_num", "is required and has to be a list")
	}
	if _, ok := c.body["dst_num"].(string); !ok {
		return nil, bad("dst_num", "is required and has to be text")
	}
	return c.fill(fmt.Sprintf("%d-%032d", c.owner.id, s.newID())), nil
}

// refusedHere refuses an object that such a parent cannot have.
func (s *answerer) refusedHere(c *call) error {
	for _, r := range s.refused {
		if c.at.kind.Word == r.Kind && c.owner != nil && textOf(c.owner.values[r.Field]) == r.Value {
			return refuse(http.StatusBadRequest, "%s", r.Why)
		}
	}
	return nil
}

// order gives the items of a sequence the order of their ids in the body, which has to name
// each of them once.
func (s *answerer) order(c *call) (any, error) {
	key := c.at.kind.Order.Body
	rows := inPlaces(c.table().lists[c.owner])
	ids, _ := c.body[key].([]any)
	if len(ids) != len(rows) || len(c.body) != 1 {
		return nil, bad(key, "has to name each item once")
	}
	places := make([]int64, len(rows))
	for i, r := range rows {
		places[i] = r.at()
	}
	given := map[int64]int64{}
	for i, id := range ids {
		n, _ := id.(int64)
		if r := c.table().byID[n]; r == nil || r.owner != c.owner || given[n] != 0 {
			return nil, bad(key, "has to name each item once")
		}
		given[n] = places[i]
	}
	for _, r := range rows {
		r.place = given[r.id]
	}
	return nil, nil
}

// inPlaces returns the items of a sequence in their order: a new one is the last.
func inPlaces(rows []*row) []*row {
	return slices.SortedFunc(slices.Values(rows), func(a, b *row) int { return cmp.Compare(a.at(), b.at()) })
}

// at is the place of an item among others. Its id is, until a call orders them.
func (r *row) at() int64 { return cmp.Or(r.place, r.id) }

// addOrder adds the call that orders the items of a sequence, where there is one.
func (s *router) addOrder(top *node, r *schema.Route) {
	if p := r.Order; p != nil {
		top.add(p.String(), &endpoint{template: p.String(), kind: r.Kind, route: r, levels: above(r, p), verbs: map[string]verb{http.MethodPut: {act: (*Server).order, body: true}}})
	}
}
