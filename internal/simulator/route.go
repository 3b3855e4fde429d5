package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"

	"pbxsync/internal/simulator/beyond"
	"pbxsync/schema"
)

// clientInfo is a second, documented address of the tenant itself. It stands
// here because a kind's file has one item path.
const clientInfo = "/client/client_info/{client_id}/"

// endpoint is one path of the API.
type endpoint struct {
	template string
	kind     *schema.Kind
	route    *schema.Route  // through which the kind is reached, nil for a view
	levels   []schema.Level // what the variables of the path stand for, but for the object's own
	view     beyond.View    // what it shows instead of the kind's own, if it has a path
	item     bool           // the path is one object's, not a collection's
	verbs    map[string]verb
}

// verb is one method of an endpoint.
type verb struct {
	act    func(*Server, *call) (any, error)
	params []schema.Param // query parameters that it takes
	body   bool
	form   bool // the body is a form with a file
}

// buildRoutes lays out every path of the catalogue. net/http's ServeMux cannot:
// it refuses /client/client_info/{id}/ beside /client/{id}/client/.
func (s *router) buildRoutes(views []beyond.View) *node {
	top := &node{}
	s.addViews(top, views)
	for _, k := range s.cat.Kinds {
		for _, r := range k.Routes {
			if r.Collection != nil {
				s.addRoute(top, r, r.Collection, false)
			}
			if r.Item != nil {
				s.addRoute(top, r, r.Item, true)
			}
			s.addDownload(top, r)
			s.addOrder(top, r)
		}
	}
	if s.root != nil {
		own := s.root.Routes[0]
		top.add(clientInfo, &endpoint{template: clientInfo, kind: s.root, route: own, levels: own.Item.Levels, item: true, verbs: itemVerbs(s.root)})
		s.addSearch(top)
		s.addAdmin(top)
	}
	return top
}

func (s *router) addRoute(top *node, r *schema.Route, path *schema.Path, item bool) {
	e := &endpoint{template: path.String(), kind: r.Kind, route: r, levels: above(r, path), item: item}
	if item {
		e.verbs = itemVerbs(r.Kind)
	} else {
		e.verbs = s.collectionVerbs(r.Kind, r)
	}
	top.add(e.template, e)
}

// above are the levels of a path without those of the object itself.
func above(r *schema.Route, path *schema.Path) []schema.Level {
	return slices.DeleteFunc(slices.Clone(path.Levels), func(l schema.Level) bool { return l.Kind == r.Kind })
}

func (s *router) collectionVerbs(k *schema.Kind, r *schema.Route) map[string]verb {
	vs := map[string]verb{}
	if k.Has(schema.List) {
		params := append(listParams(k.Filters, k.Pages), guardParams(k)...)
		if _, ok := s.orders[k]; ok {
			params = append(params, schema.Param{Name: orderParam})
		}
		vs[http.MethodGet] = verb{act: (*Server).list, params: params}
	}
	if k.Has(schema.Create) {
		vs[http.MethodPost] = verb{act: (*Server).create, body: true}
		for _, own := range ownCreates {
			own(k, vs)
		}
	}
	if k.DeleteAll { // a client that sends an empty id has to meet that trap here
		vs[http.MethodDelete] = verb{act: (*Server).deleteAll}
	}
	return vs
}

// ownCreates lay out how objects are made of kinds that are not made one by one as JSON.
var ownCreates = []func(*schema.Kind, map[string]verb){batchVerbs, uploadVerbs}

func itemVerbs(k *schema.Kind) map[string]verb {
	vs := map[string]verb{}
	if k.Has(schema.Read) {
		vs[http.MethodGet] = verb{act: (*Server).read}
	}
	if k.Has(schema.Update) {
		vs[http.MethodPut] = verb{act: (*Server).update, body: true}
	}
	replaceVerbs(k, vs)
	if k.Has(schema.Delete) {
		vs[http.MethodDelete] = verb{act: (*Server).delete, params: k.DeleteQuery}
	}
	return vs
}

func variables(path string) []string {
	var names []string
	for seg := range strings.SplitSeq(path, "/") {
		if isVariable(seg) {
			names = append(names, strings.Trim(seg, "{}"))
		}
	}
	return names
}

func isVariable(seg string) bool { return strings.HasPrefix(seg, "{") }

// node is a place in the tree of path segments. The slash at the end of a path
// is a last, empty segment.
type node struct {
	literal map[string]*node
	any     *node
	at      *endpoint
}

func (n *node) add(path string, e *endpoint) {
	for _, seg := range strings.Split(path, "/")[1:] {
		n = n.child(seg)
	}
	n.at = e
}

func (n *node) child(seg string) *node {
	if isVariable(seg) {
		if n.any == nil {
			n.any = &node{}
		}
		return n.any
	}
	if n.literal == nil {
		n.literal = map[string]*node{}
	}
	if n.literal[seg] == nil {
		n.literal[seg] = &node{}
	}
	return n.literal[seg]
}

// match is an endpoint with the values of its variables.
type match struct {
	at   *endpoint
	vars []string
}

// find returns the endpoint of an escaped path below the API's base.
func (n *node) find(path string, slash Slash) (match, error) {
	segs := strings.Split(path, "/")[1:]
	if m, ok := n.walk(segs, nil); ok {
		return m, nil
	}
	// Real servers may forgive a missing or an extra slash; nothing documents it.
	other := append(slices.Clone(segs), "")
	if last := len(segs) - 1; segs[last] == "" {
		other = segs[:last]
	}
	m, ok := n.walk(other, nil)
	if ok && slash == Lenient {
		return m, nil
	}
	if ok && slash == Redirect {
		f := refuse(http.StatusMovedPermanently, "the documented form is %s", m.at.template)
		f.to = base + "/" + strings.Join(other, "/")
		return match{}, f
	}
	if ok {
		return match{}, refuse(http.StatusNotFound, "Not found: the documented form is %s", m.at.template)
	}
	return match{}, notFound()
}

// walk prefers literal segments to variables.
func (n *node) walk(segs, vars []string) (match, bool) {
	if len(segs) == 0 {
		return match{n.at, vars}, n.at != nil
	}
	if c := n.literal[segs[0]]; c != nil {
		if m, ok := c.walk(segs[1:], vars); ok {
			return m, true
		}
	}
	value, err := url.PathUnescape(segs[0])
	if n.any == nil || value == "" || err != nil {
		return match{}, false
	}
	return n.any.walk(segs[1:], append(slices.Clip(vars), value))
}

// verb returns what a method does at the endpoint.
func (e *endpoint) verb(method string) (verb, error) {
	if v, ok := e.verbs[method]; ok {
		return v, nil
	}
	allow := make([]string, 0, len(e.verbs))
	for m := range e.verbs {
		allow = append(allow, m)
	}
	sort.Strings(allow)
	f := refuse(http.StatusMethodNotAllowed, "%s offers no %s", e.template, method)
	f.allow = strings.Join(allow, ", ")
	return verb{}, f
}

// Paths returns every path that the server knows, below the API's base and with
// the names of ids in braces.
func (s *router) Paths() []string {
	var out []string
	var visit func(n *node)
	visit = func(n *node) {
		if n.at != nil {
			out = append(out, n.at.template)
		}
		for _, seg := range sortedKeys(n.literal) {
			visit(n.literal[seg])
		}
		if n.any != nil {
			visit(n.any)
		}
	}
	visit(s.routes)
	return out
}
