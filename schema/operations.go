package schema

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
		for _, r := range k.Routes {
			all = append(all, operations(k, textOf(r.Collection), k.Has, List, Create)...)
		}
		for _, r := range k.Routes {
			all = append(all, operations(k, textOf(r.Item), k.Has, Read, Update, Delete)...)
		}
		all = append(all, specialOperations(k)...)
	}
	return all
}

func textOf(p *Path) string {
	if p == nil {
		return ""
	}
	return p.String()
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
func specialOperations(k *Kind) []Operation {
	var all []Operation
	for _, r := range k.Routes {
		if r.Download != nil {
			all = append(all, Operation{Method: "POST", Path: textOf(r.Item), Kind: k, Verb: Replace},
				Operation{Method: "GET", Path: r.Download.String(), Kind: k, Verb: Download})
		}
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
