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
	Reorder  Verb = "order"    // PUT of the order of the items of a sequence
	Replace  Verb = "replace"  // POST on the item, with the content of a file
)

var methods = map[Verb]string{List: "GET", Create: "POST", Read: "GET", Update: "PUT", Delete: "DELETE"}

// Operations returns every operation of the API that the kinds stand for. A kind
// with two parents has two paths.
func (c *Catalogue) Operations() []Operation {
	var all []Operation
	for _, k := range c.Kinds {
		if k.Each != nil {
			k = k.Each
		}
		for _, r := range k.Routes {
			all = append(all, operations(k, textOf(r.Collection), k.Has, List, Create)...)
		}
		for _, r := range k.Routes {
			all = append(all, operations(k, textOf(r.Item), k.Has, Read, Update, Delete)...)
		}
		all = append(append(all, contentOperations(k)...), append(adminOperations(k), orderOperations(k)...)...)
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
