package schema

import (
	"slices"

	"pbxsync/schema/template"
)

// This file is about the one kind that describes the tenant itself, and its two places in the API:
// the tenant's own and the administrator's.

// AdminItem is the administrator's view of the tenant: a second place in the API
// where fields are read and written that the tenant itself may not write.
type AdminItem struct {
	Collection string // path of create, "" if there is none
	Item       string // path of read, update and delete

	verbs []Verb
}

// Has reports whether the API offers verb to an administrator.
func (a AdminItem) Has(v Verb) bool { return slices.Contains(a.verbs, v) }

// TenantFields names the answer's fields that identify a tenant, and the administrator's list.
type TenantFields struct{ ID, Name, Prefix, Search string }

// Root returns the kind that describes the tenant itself.
func (c *Catalogue) Root() *Kind {
	for _, k := range c.Kinds {
		if k.Tenant.ID != "" {
			return k
		}
	}
	return nil
}

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

// Deletable reports whether anybody may delete objects of the kind.
func (k *Kind) Deletable() bool { return k.Has(Delete) || k.Admin.Has(Delete) }

// Looked reports of a live object whether a field was read if the server shows it: what only an
// administrator is shown takes a call of its own.
func (o *Object) Looked(f *Field) bool { return o.Seen || !f.NeedsAdmin() }

func fillTenant(k *Kind, r *rawKind) {
	k.Tenant = TenantFields(r.Tenant)
	k.Admin = AdminItem{r.Admin.Collection, r.Admin.Item, r.Admin.Verbs}
	k.OnDelete = deleteParams(r.Admin.DeleteQuery)
}

// adminOperations are the operations on the administrator's item, and the list of tenants.
func adminOperations(k *Kind) []Operation {
	var all []Operation
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

// ownersOfAll are the kinds with whose objects everything goes: the tenant itself.
func (c *Catalogue) ownersOfAll() []*Kind {
	return slices.DeleteFunc([]*Kind{c.Root()}, func(k *Kind) bool { return k == nil })
}
