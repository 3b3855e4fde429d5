package export

import "pbxsync/schema"

// This file is about the tenant itself among the objects of a tenant.

// unsayable says why files cannot state a field of the tenant itself, or "": objects that are
// there have other lengths, and files with both are refused.
func (e *selection) unsayable(o *schema.Object, f *schema.Field) string {
	if o.Kind.Tenant.ID == "" {
		return ""
	}
	for _, other := range e.live.Objects {
		for _, g := range other.Kind.Fields {
			if g.Length == f.Name && e.in[other] && other.OtherLength(g, o.Values) != 0 {
				return other.Address() + " is longer or shorter"
			}
		}
	}
	return ""
}

// late says of sections that have objects which one comes later: what the tenant itself has is
// long, and seldom read.
func (e *exporter) late(k *schema.Kind) int {
	if k == e.catalogue.Root() {
		return 1
	}
	return 0
}
