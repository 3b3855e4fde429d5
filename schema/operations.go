package schema

import "strings"

// Operation is one method and path of the API, and what it does for a kind.
type Operation struct {
	Method, Path string
	Kind         *Kind
	Verb         Verb
	Admin        bool // at the administrator's item
}

// What operations do for a kind beyond its x-verbs.
const (
	Search   Verb = "search"   // GET on the list of all tenants
	Download Verb = "download" // GET on the content of a file
	Replace  Verb = "replace"  // POST on the item, with the content of a file
)

var methods = map[Verb]string{List: "GET", Create: "POST", Read: "GET", Update: "PUT", Delete: "DELETE"}

// Operations returns every operation of the API that the kinds stand for. A kind
// with two parents has two paths.
func (c *Catalogue) Operations() []Operation {
	var all []Operation
	for _, k := range c.Kinds {
		for _, path := range paths(k, k.Collection) {
			all = append(all, operations(k, path, k.Has, List, Create)...)
		}
		for _, path := range paths(k, k.Item) {
			all = append(all, operations(k, path, k.Has, Read, Update, Delete)...)
		}
		all = append(all, k.special()...)
	}
	return all
}

func operations(k *Kind, path string, has func(Verb) bool, verbs ...Verb) []Operation {
	var all []Operation
	for _, v := range verbs {
		if has(v) {
			all = append(all, Operation{Method: methods[v], Path: path, Kind: k, Verb: v})
		}
	}
	return all
}

// special are the operations on a file's content, and the administrator's.
func (k *Kind) special() []Operation {
	var all []Operation
	if k.Content != nil {
		all = append(all, Operation{Method: "POST", Path: k.Item, Kind: k, Verb: Replace},
			Operation{Method: "GET", Path: k.Content.Download, Kind: k, Verb: Download})
	}
	if k.Tenant.Search != "" {
		all = append(all, Operation{Method: "GET", Path: k.Tenant.Search, Kind: k, Verb: Search, Admin: true})
	}
	admin := append(operations(k, k.Admin.Collection, k.Admin.Has, Create), operations(k, k.Admin.Item, k.Admin.Has, Read, Update, Delete)...)
	for _, o := range admin {
		o.Admin = true
		all = append(all, o)
	}
	return all
}

// paths puts the item of each parent where a child's path says {parent}.
func paths(k *Kind, path string) []string {
	if !strings.Contains(path, "{parent}") {
		return []string{path}
	}
	var all []string
	for _, p := range k.Parents {
		for _, item := range paths(p, p.Item) {
			all = append(all, strings.Replace(path, "{parent}", strings.TrimSuffix(item, "/"), 1))
		}
	}
	return all
}
