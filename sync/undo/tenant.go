package undo

import "pbxsync/schema"

// This file is about the tenant itself, which no undo makes or deletes.

// madeTenant says of the tenant that a run made that it stays. It reports false for what is none.
func (u *undoing) madeTenant(o *schema.Object) bool {
	if o.Kind.Tenant.ID == "" {
		return false
	}
	u.left(o, "the run created the tenant itself, which undo does not delete")
	return true
}

// goneTenant says why a tenant that a run deleted cannot come back, "" of any other object.
func goneTenant(k *schema.Kind) string {
	if k.Tenant.ID == "" {
		return ""
	}
	return "a tenant that was deleted cannot come back"
}
