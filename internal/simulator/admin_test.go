package simulator

import "testing"

// What an administrator sees and sets of a tenant, and what the tenant does.
func TestTwoItemsOfOneTenant(t *testing.T) {
	b := newBox(t, Options{Admin: true})
	own, admin := "/client/12/client/", "/admin/client/12"
	wantFields(t, b.ok("PUT", admin, m{"status": "blocked", "presence": "yes", "timezone": "UTC", "interval_limit": 7}),
		m{"status": "blocked", "presence": "yes", "interval_limit": 7, "prefix": "12037"})
	wantFields(t, b.ok("GET", "/client/12/limit/", nil), m{"interval_limit": 7})
	row := b.ok("GET", own, nil)
	wantFields(t, row, m{"presence": "yes", "timezone": "UTC"})
	for _, hidden := range []string{"status", "dealer_id", "interval_limit", "hidden_comment"} {
		if _, ok := row[hidden]; ok {
			t.Errorf("%s is shown to the tenant", hidden)
		}
	}
	b.refused("PUT", own, m{"call_interactive_method": "GET", "call_interactive_out_call": false, "presence": "no"}, 400, "presence: is read-only")
	b.refused("PUT", own, m{"call_interactive_method": "GET", "call_interactive_out_call": false, "status": "active"}, 400, "status: unknown field")
	b.refused("PUT", admin, m{"call_interactive_timeout": 3}, 400, "call_interactive_timeout: unknown field")
	b.refused("PUT", admin, m{"extension_len": 4}, 400, "extension_len: can only be set on create")
}

func TestTenantsComeAndGo(t *testing.T) {
	b := newBox(t, Options{Admin: true})
	b.refused("POST", "/admin/client/", m{"name": "new", "dealer_id": 1, "domain_id": 1}, 400, "email: is required")
	b.refused("POST", "/admin/client/", m{"name": "new", "dealer_id": 1, "domain_id": 1, "email": "a@b.example", "prefix": "1"}, 400, "prefix: is read-only")
	row := b.ok("POST", "/admin/client/", m{"name": "new", "dealer_id": 1, "domain_id": 1, "email": "a@b.example", "extension_limit": 1})
	wantFields(t, row, m{"name": "new", "status": "active", "presence": "no", "extension_len": 3, "extension_limit": 1, "sound_limit": nil})
	id := textOf(row["id"])
	wantFields(t, b.ok("POST", "/client/"+id+"/extension/", m{"name": "101", "type": "fax"}), m{"name": textOf(row["prefix"]) + "*101"})
	b.refused("POST", "/client/"+id+"/extension/", m{"name": "102", "type": "fax"}, 400, "extension_limit: reached: 1 of 1")
	b.refused("DELETE", "/admin/client/"+id+"?delete_dids=maybe", nil, 400, "delete_dids: has to be true or false")
	b.ok("DELETE", "/admin/client/"+id+"?delete_dids=true", nil)
	b.refused("GET", "/admin/client/"+id, nil, 404, "Not found")
}
