package schema

import (
	"regexp"
	"strings"
)

// TenantSymbol stands in a path for the tenant's id.
const TenantSymbol = "tenant"

// tenantVariable stands in the paths of kinds for the tenant's id. Answers have it as
// a field.
const tenantVariable = "client_id"

// TenantField returns the field with the id of the tenant that an object belongs to, or nil.
func (k *Kind) TenantField() *Field {
	if f := k.byAPI(tenantVariable); f != nil && f.ReadOnly {
		return f
	}
	return nil
}

var pathVariable = regexp.MustCompile(`\{[^}]*\}`)

var symbolEscaper = strings.NewReplacer("{", "%7B", "}", "%7D")

// Symbol returns the name under which an object's id stands in a path.
func (o *Object) Symbol() string { return symbolEscaper.Replace(o.Address()) }

// ItemPath returns the path of the object with symbols for ids, such as
// /client/{tenant}/extension/{extension/101}.
func (o *Object) ItemPath() string {
	owner := o
	if o.Kind.Born() {
		owner = o.Parent
	}
	return fillPath(o.Kind.Item, o.Parent, "{"+owner.Symbol()+"}")
}

// DownloadPath returns the path of the content of the object's file.
func (o *Object) DownloadPath() string {
	return fillPath(o.Kind.Content.Download, o.Parent, "{"+o.Symbol()+"}")
}

// CollectionPath returns the path of the kind's list under a parent (nil: the tenant).
func (k *Kind) CollectionPath(parent *Object) string {
	return fillPath(k.Collection, parent, "")
}

// fillPath puts symbols for the variables of a template: the tenant's first, the
// item's own last.
func fillPath(template string, parent *Object, own string) string {
	prefix := ""
	if rest, ok := strings.CutPrefix(template, "{parent}"); ok {
		prefix, template = parent.ItemPath(), rest
	}
	if rest, ok := strings.CutPrefix(template, "/client/{"+tenantVariable+"}/"); ok {
		prefix, template = "/client/{"+TenantSymbol+"}/", rest
	}
	return prefix + pathVariable.ReplaceAllLiteralString(template, own)
}
