package schema

import (
	"net/url"
	"slices"
	"strings"

	"pbxsync/schema/template"
)

// TenantSymbol stands in a path for the tenant's id.
const TenantSymbol = "tenant"

// tenantVariable stands in the paths of kinds for the tenant's id. Answers have it as
// a field.
const tenantVariable = "client_id"

// TenantField returns the field with the id of the tenant that an object belongs to, or nil.
func (k *Kind) TenantField() *Field {
	if f := fieldByAPI(k, tenantVariable); f != nil && f.ReadOnly {
		return f
	}
	return nil
}

// Level is what a variable of a path stands for: the tenant, or an object of a kind.
type Level struct {
	Variable string
	Kind     *Kind  // nil: the tenant
	Field    *Field // whose value stands in the path, nil: the id
}

// Path is a path of the API below one chain of parents.
type Path struct {
	template.Path
	Levels []Level // of its variables
}

// Fill puts a value for each level.
func (p *Path) Fill(value func(Level) string) string {
	return p.Path.Fill(func(i int) string { return value(p.Levels[i]) })
}

// Route says where objects of a kind are found under one of the kinds that they may
// stand under. Paths that the kind does not have are nil.
type Route struct {
	Kind                       *Kind
	Parent                     *Route // nil: the tenant
	Collection, Item, Download *Path
	Order                      *Path // of the items of a sequence

	above, levels []Level // of what is above, and these with the object's own
}

// Paths returns the paths that the route has.
func (r *Route) Paths() []*Path {
	return slices.DeleteFunc([]*Path{r.Collection, r.Item, r.Download, r.Order}, func(p *Path) bool { return p == nil })
}

// routeOf returns the route of a kind under a parent, nil if it cannot stand there.
func routeOf(k *Kind, parent *Object) *Route {
	for _, r := range k.Routes {
		if r.fits(parent) {
			return r
		}
	}
	return nil
}

func (r *Route) fits(parent *Object) bool {
	if r.Parent == nil || parent == nil {
		return r.Parent == nil && parent == nil
	}
	return r.Parent.Kind == parent.Kind && r.Parent.fits(parent.Parent)
}

var symbolEscaper = strings.NewReplacer("{", "%7B", "}", "%7D")

// Symbol returns the name under which an object's id stands in a path.
func (o *Object) Symbol() string { return symbolEscaper.Replace(o.Address()) }

// ItemPath returns the path of the object with symbols for ids, such as
// /client/{tenant}/extension/{extension/101}.
func (o *Object) ItemPath() string {
	return o.path(func(r *Route) *Path { return r.Item }, o.inLevel)
}

// ItemPathOf returns the path of an object whose id is a text that is known.
func (k *Kind) ItemPathOf(id string) string {
	return (&Object{Kind: k}).path(func(r *Route) *Path { return r.Item }, func(Level) string { return url.PathEscape(id) })
}

// DownloadPath returns the path of the content of the object's file.
func (o *Object) DownloadPath() string {
	return o.path(func(r *Route) *Path { return r.Download }, o.inLevel)
}

// CollectionPath returns the path of the kind's list under a parent (nil: the tenant).
func (k *Kind) CollectionPath(parent *Object) string {
	return (&Object{Kind: k, Parent: parent}).path(func(r *Route) *Path { return r.Collection }, nil)
}

// path fills a path of the object's route: the tenant, what is above the object, and
// the object itself. A path that there is not is one that no call can be made to.
func (o *Object) path(of func(*Route) *Path, own func(Level) string) string {
	r := routeOf(o.Kind, o.Parent)
	if r == nil || of(r) == nil {
		return "{" + o.Symbol() + "}"
	}
	return of(r).Fill(func(l Level) string {
		if l.Kind == nil {
			return "{" + TenantSymbol + "}"
		}
		for p := o.Parent; p != nil; p = p.Parent {
			if p.Kind == l.Kind {
				return p.inLevel(l)
			}
		}
		return own(l)
	})
}

// inLevel returns what stands for the object in a path: its symbol, or the value by
// which the API finds it. One that would lead elsewhere is left as a symbol that nothing
// stands for.
func (o *Object) inLevel(l Level) string {
	if l.Field == nil {
		return "{" + o.Symbol() + "}"
	}
	text, _ := o.ValueOf(l.Field).(string)
	if !FitsPath(text) {
		return "{" + l.Variable + " of " + o.Symbol() + "}"
	}
	return url.PathEscape(text)
}

// FitsPath reports whether a text can stand in a path and means itself there.
func FitsPath(text string) bool { return text != "" && text != "." && text != ".." }
