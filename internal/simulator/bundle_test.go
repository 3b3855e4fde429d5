package simulator

import (
	"fmt"
	"path/filepath"
	"testing"
)

// Linking makes the members like the main one, an update of any changes all, what is
// taken out is left alone, and what is deleted leaves its bundle.
func TestBundles(t *testing.T) {
	b := newBox(t, Options{OnDelete: Null})
	var ids []any
	phone := func(i int) string { return fmt.Sprintf("/extension/%v/phone/", ids[i]) }
	item := func(i int) string { return fmt.Sprint(ext, ids[i]) }
	for i := range 4 {
		ids = append(ids, b.ok("POST", ext, m{"name": fmt.Sprint(800 + i), "type": "phone"})["id"])
		b.ok("PUT", phone(i), m{"incoming_limit": i, "label": fmt.Sprint("p", i)})
	}
	b.ok("PUT", item(0), m{"status": "active"})
	list := m{fmt.Sprint(ids[1]): m{"active": true}, fmt.Sprint(ids[2]): m{"active": false}}
	bundle := m{"bundle_list": list, "bundle_id": ids[0]}
	wantFields(t, b.ok("PUT", phone(0), m{"bundle": bundle}), m{"bundle": bundle})
	for i := range 3 {
		wantFields(t, b.ok("GET", phone(i), nil), m{"incoming_limit": 0, "label": fmt.Sprint("p", i), "bundle": bundle})
		wantFields(t, b.ok("GET", item(i), nil), m{"status": "active"})
	}
	wantFields(t, b.ok("GET", phone(3), nil), m{"incoming_limit": 3, "bundle": m{"bundle_list": nil, "bundle_id": nil}})

	b.ok("PUT", phone(2), m{"incoming_limit": 5, "label": "own"})
	wantFields(t, b.ok("GET", phone(1), nil), m{"incoming_limit": 5, "label": "p1"})
	b.ok("PUT", item(1), m{"dial_rule_limit": 4})
	wantFields(t, b.ok("GET", item(0), nil), m{"dial_rule_limit": 4})

	other := m{"bundle": m{"bundle_list": m{fmt.Sprint(ids[1]): m{"active": true}}}}
	b.refused("PUT", phone(3), other, 400, "bundle: extension 12037*801")
	b.refused("PUT", phone(1), m{"bundle": m{"bundle_list": m{fmt.Sprint(ids[3]): m{"active": true}}}}, 400, "is in another bundle")

	file := filepath.Join(t.TempDir(), "state.json")
	if err := b.Save(file); err != nil {
		t.Fatal(err)
	}
	if err := b.reload(file); err != nil {
		t.Fatal(err)
	}
	wantFields(t, b.ok("GET", phone(2), nil), m{"bundle": bundle})

	b.ok("DELETE", item(2), nil)
	wantFields(t, b.ok("GET", phone(1), nil), m{"bundle": m{"bundle_list": m{fmt.Sprint(ids[1]): m{"active": true}}, "bundle_id": ids[0]}})
	b.ok("PUT", phone(0), m{"bundle": nil, "incoming_limit": 9})
	wantFields(t, b.ok("GET", phone(1), nil), m{"incoming_limit": 5, "bundle": m{"bundle_list": nil, "bundle_id": nil}})
	b.ok("PUT", phone(3), other)
	b.ok("DELETE", item(3), nil)
	wantFields(t, b.ok("GET", phone(1), nil), m{"bundle": m{"bundle_list": nil, "bundle_id": nil}})
}
