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
	r := &reader{api: api, options: o, names: NamesOf(o.Catalogue), record: &Record{Version: Version, Tool: o.Tool, Sample: o.Sample}}
	for _, k := range o.Catalogue.Kinds {
		if len(k.Parents) > 0 {
			continue
		}
		r.kind(ctx, k, nil)
	}
	return r.record, ctx.Err()
}

// reader is one survey.
type reader struct {
	api     Getter
	options Options
	names   Names
	record  *Record
}

// place is an object whose children are read.
type place struct {
	kind *schema.Kind
	path string // of the object
	id   string
}

func (r *reader) kind(ctx context.Context, k *schema.Kind, parent *place) {
	var rows []map[string]any
	switch {
	case k.Has(schema.List):
		rows = r.list(ctx, k, parent)
	case k.Singleton() && k.Has(schema.Read):
		r.single(ctx, k, parent)
	}
	for _, child := range k.Children {
		read := 0
		for _, row := range rows {
			id := idOf(row)
			if id == "" || !stands(child, row) || read == r.options.Sample {
				continue
			}
			read++
			r.kind(ctx, child, &place{kind: k, path: r.path(k.Item, nil, id), id: id})
		}
	}
}

// idOf is the id of a row, "" if it has none that a path can have.
func idOf(row map[string]any) string {
	switch id := row["id"].(type) {
	case json.Number:
		return id.String()
	case string:
		if strings.Trim(id, "0123456789") == "" {
			return id
		}
	}
	return ""
}

// stands reports whether a row has children of the kind.
func stands(child *schema.Kind, row map[string]any) bool {
	for field, want := range child.When {
		if row[field] != want {
			return false
		}
	}
	return true
}

// path fills a template with ids. The last variable is the object's own.
func (r *reader) path(template string, parent *place, own string) string {
	if parent != nil {
		template = strings.Replace(template, "{parent}", strings.TrimSuffix(parent.path, "/"), 1)
		own = parent.id
	}
	var out []string
	for _, seg := range strings.Split(template, "/") {
		switch {
		case r.isTenant(seg):
			seg = url.PathEscape(r.options.Tenant)
		case strings.HasPrefix(seg, "{"):
			seg = url.PathEscape(own)
		}
		out = append(out, seg)
	}
	return strings.Join(out, "/")
}

// isTenant reports whether a segment of a path stands for the tenant's id.
func (r *reader) isTenant(seg string) bool {
	root := strings.Split(strings.TrimSuffix(r.options.Catalogue.Root().Item, "/"), "/")
	return slices.Contains(root, seg) && strings.HasPrefix(seg, "{")
}

// template is the path of a kind with the names of ids.
func template(path string, parent *place) string {
	if parent == nil {
		return path
	}
	return strings.Replace(path, "{parent}", strings.TrimSuffix(parent.kind.Item, "/"), 1)
}

func (r *reader) single(ctx context.Context, k *schema.Kind, parent *place) {
	a := Answer{Kind: k.Word, Path: template(k.Item, parent), Single: true}
	v, err := r.api.Get(ctx, r.path(k.Item, parent, r.options.Tenant))
	if a.outcome(err); err == nil {
		row, ok := v.(map[string]any)
		a.Alone = !ok
		if ok {
			r.take(&a, k, []any{row})
		}
	}
	r.add(ctx, a)
}

func (r *reader) add(ctx context.Context, a Answer) {
	if ctx.Err() == nil {
		r.record.Answers = append(r.record.Answers, a)
	}
}

func (r *reader) list(ctx context.Context, k *schema.Kind, parent *place) []map[string]any {
	path := r.path(k.Collection, parent, "")
	query := url.Values{}
	if k.Guards != nil {
		maps.Copy(query, k.Guards.Query)
	}
	var all []map[string]any
	var before any
	for page := 1; page <= manyPages; page++ {
		a := Answer{Kind: k.Word, Path: template(k.Collection, parent)}
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
	if k.Behaviour == schema.ManyInOneCall {
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
		if !f.WriteOnly && (k.Admin.Item == "" || f.AtItem()) {
			out = append(out, f)
		}
	}
	return out
}
