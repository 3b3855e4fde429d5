package schema

import (
	"slices"

	"pbxsync/schema/template"
)

// AdminItem is the administrator's view of the tenant: a second place in the API
// where fields are read and written that the tenant itself may not write.
type AdminItem struct {
	Collection  string // path of create, "" if there is none
	Item        string // path of read, update and delete
	DeleteQuery []Param

	verbs []Verb
}

// Has reports whether the API offers verb to an administrator.
func (a AdminItem) Has(v Verb) bool { return slices.Contains(a.verbs, v) }

// The words of x-admin.
const (
	adminOnly  = "only"  // the kind's own item does not know the field
	adminShown = "shown" // the kind's own item shows it and does not take it
	adminBoth  = "both"  // either takes it
)

// AtAdmin reports whether the administrator's item has the field.
func (f *Field) AtAdmin() bool { return f.Admin != "" }

// NeedsAdmin reports whether only the administrator's item takes the field.
func (f *Field) NeedsAdmin() bool {
	return !f.ReadOnly && (f.Admin == adminOnly || f.Admin == adminShown)
}

// AtItem reports whether the kind's own item shows the field.
func (f *Field) AtItem() bool { return f.Admin != adminOnly }

// AdminPath returns the path of the administrator's item with the tenant's symbol.
func (k *Kind) AdminPath() string {
	path, _ := template.Expand(k.Admin.Item, func(string) (string, error) { return "{" + TenantSymbol + "}", nil })
	return path
}

// Param returns the parameter of delete with a name, or nil.
func (a AdminItem) Param(name string) *Param {
	i := slices.IndexFunc(a.DeleteQuery, func(p Param) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &a.DeleteQuery[i]
}
