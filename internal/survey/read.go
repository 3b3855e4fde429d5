package survey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"pbxsync/schema"
)

// Getter reads one answer of the API. Numbers are json.Number.
type Getter interface {
	Get(ctx context.Context, path string) (any, error)
}

// Options say how far a survey goes.
type Options struct {
	Catalogue *schema.Catalogue
	Tool      string
	Tenant    string // its id
	PageSize  int
	Sample    int // of how many parents of a kind the children are read
}

// manyPages ends a list that has no end.
const manyPages = 10_000

// Read reads each collection once, what a tenant has once, and the children of the
// first parents of each kind. What is refused is an answer like any other; only the
// end of the context is an error.
func Read(ctx context.Context, api Getter, o Options) (*Record, error) {
	o.Catalogue = served(o.Catalogue)
	r := &reader{api: api, options: o, names: NamesOf(o.Catalogue), record: &Record{Version: Version, Tool: o.Tool, Sample: o.Sample}}
	for _, k := range o.Catalogue.Kinds {
		if len(k.Parents) > 0 {
			continue
		}
		r.kind(ctx, place{k.Routes[0], map[*schema.Kind][]string{}})
	}
	return r.record, ctx.Err()
}

// served is the catalogue as servers have it, where each item of a list without keys is a row.
func served(c *schema.Catalogue) *schema.Catalogue {
	if all, err := c.Served(); err == nil {
		return all
	}
	return c
}

// reader is one survey.
type reader struct {
	api     Getter
	options Options
	names   Names
	record  *Record
}

// place is where objects of a kind are read: a route of the kind, and what its
// parents are called in paths.
type place struct {
	route *schema.Route
	ids   map[*schema.Kind][]string
}

// at is the place of a kind below the object that a row of p shows.
func (p place) at(child *schema.Route, row map[string]any) (place, bool) {
	k := p.route.Kind
	out := place{child, maps.Clone(p.ids)}
	if k.Singleton() {
		return out, true
	}
	out.ids[k] = idOf(k, row)
	return out, len(out.ids[k]) > 0
}

// path fills the ids of what is above in.
func (r *reader) path(p *schema.Path, at place) string {
	used := map[*schema.Kind]int{}
	return p.Fill(func(l schema.Level) string {
		if l.Kind == nil {
			return url.PathEscape(r.options.Tenant)
		}
		used[l.Kind]++
		return url.PathEscape(at.ids[l.Kind][used[l.Kind]-1])
	})
}

func (r *reader) kind(ctx context.Context, p place) {
	k := p.route.Kind
	var rows []map[string]any
	switch {
	case k.Has(schema.List):
		rows = r.list(ctx, p)
	case k.Singleton() && k.Has(schema.Read):
		rows = r.single(ctx, p)
	}
	for _, child := range k.Children {
		read := 0
		for _, row := range rows {
			at, ok := p.at(routeBelow(child, p.route), row)
			if !ok || !stands(child, row) || read == r.options.Sample {
				continue
			}
			read++
			r.kind(ctx, at)
		}
	}
}

// routeBelow returns the route of a kind that goes on from another.
func routeBelow(k *schema.Kind, parent *schema.Route) *schema.Route {
	return k.Routes[slices.IndexFunc(k.Routes, func(r *schema.Route) bool { return r.Parent == parent })]
}

// idOf is what stands for a row in paths, nothing if it cannot stand there.
func idOf(k *schema.Kind, row map[string]any) []string {
	var out []string
	for _, f := range k.ID {
		text, _ := row[f.Answer].(string)
		if !schema.FitsPath(text) {
			return nil
		}
		out = append(out, text)
	}
	if len(out) > 0 {
		return out
	}
	switch id := row["id"].(type) {
	case json.Number:
		return []string{id.String()}
	case string:
		if id != "" && strings.Trim(id, "0123456789") == "" {
			return []string{id}
		}
	}
	return nil
}

// stands reports whether a row has children of the kind.
func stands(child *schema.Kind, row map[string]any) bool {
	for field, want := range child.When {
		if !want.Has(row[field]) {
			return false
		}
	}
	return true
}

func (r *reader) single(ctx context.Context, p place) []map[string]any {
	k := p.route.Kind
	a := Answer{Kind: k.Word, Path: p.route.Item.String(), Single: true}
	v, err := r.api.Get(ctx, r.path(p.route.Item, p))
	var rows []map[string]any
	if a.outcome(err); err == nil {
		row, ok := v.(map[string]any)
		a.Alone = !ok
		if ok {
			r.take(&a, k, []any{row})
			rows = append(rows, row)
		}
	}
	r.add(ctx, a)
	return rows
}

func (r *reader) add(ctx context.Context, a Answer) {
	if ctx.Err() == nil {
		r.record.Answers = append(r.record.Answers, a)
	}
}

func (r *reader) list(ctx context.Context, p place) []map[string]any {
	k, path := p.route.Kind, r.path(p.route.Collection, p)
	query := url.Values{}
	if k.Guards != nil {
		maps.Copy(query, k.Guards.Query)
	}
	var all []map[string]any
	var before any
	for page := 1; page <= manyPages; page++ {
		a := Answer{Kind: k.Word, Path: p.route.Collection.String()}
		if k.Pages {
			a.Page, a.Asked = page, r.options.PageSize
			query.Set("page", fmt.Sprint(page))
			query.Set("per_page", fmt.Sprint(a.Asked))
		}
		at := path
		if len(query) > 0 {
			at += "?" + query.Encode()
		}
		v, err := r.api.Get(ctx, at)
		rows := r.answer(&a, k, v, err)
		a.Same = page > 1 && err == nil && len(rows) > 0 && reflect.DeepEqual(v, before)
		r.add(ctx, a)
		before = v
		if !a.Same {
			all = append(all, rows...)
		}
		// What goes on in a tenant is looked at by a page only: it may be endless.
		if !k.Pages || k.Guards != nil || len(rows) == 0 || a.Same || ctx.Err() != nil {
			break
		}
	}
	return all
}

// rowsMember is the documented member of the answer that holds the rows, "" where they stand alone.
func rowsMember(k *schema.Kind) string {
	if k.Guards == nil {
		return ""
	}
	return k.Guards.Rows
}

// answer takes in what came for a list, and returns its rows.
func (r *reader) answer(a *Answer, k *schema.Kind, v any, err error) []map[string]any {
	if a.outcome(err); err != nil {
		return nil
	}
	list := r.rows(a, k, v)
	r.take(a, k, list)
	var rows []map[string]any
	for _, item := range list {
		if row, ok := item.(map[string]any); ok {
			rows = append(rows, row)
		}
	}
	return rows
}

// rows finds the rows in an answer: it is the list, or has one, or has them by name.
func (r *reader) rows(a *Answer, k *schema.Kind, v any) []any {
	object, wrapped := v.(map[string]any)
	if !wrapped {
		list, _ := v.([]any)
		return list
	}
	var lists []string
	for name, member := range object {
		if _, ok := member.([]any); ok && (r.names[name] || fieldLike(name)) {
			lists = append(lists, name)
		}
	}
	if len(lists) == 1 {
		a.Wrap = lists[0]
		return object[lists[0]].([]any)
	}
	if k.ListAsMap {
		a.Map = true
		var values []any
		for _, name := range slices.Sorted(maps.Keys(object)) {
			values = append(values, object[name])
		}
		return values
	}
	a.Alone = true
	return []any{object}
}

func (r *reader) take(a *Answer, k *schema.Kind, rows []any) {
	a.Rows = len(rows)
	if len(rows) == 0 {
		return
	}
	a.Row = &Shape{}
	fields := byAnswer(shown(k))
	for _, row := range rows {
		if object, ok := row.(map[string]any); ok {
			r.names.addObject(a.Row, object, fields)
			continue
		}
		r.names.Add(a.Row, row, nil)
	}
}

// outcome notes what became of the call.
func (a *Answer) outcome(err error) {
	const ok = 200
	if a.Status = ok; err == nil {
		return
	}
	a.Status = 0
	var s interface{ HTTPStatus() int }
	if errors.As(err, &s) {
		a.Status = s.HTTPStatus()
	}
	a.Broken = a.Status/100 == ok/100
	a.said = err.Error()
}

// shown are the fields that answers have.
func shown(k *schema.Kind) []*schema.Field {
	var out []*schema.Field
	for _, f := range k.Fields {
		if !f.WriteOnly && f.AtItem() {
			out = append(out, f)
		}
	}
	return out
}
