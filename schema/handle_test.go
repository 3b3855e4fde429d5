package schema

import "testing"

func TestHandle(t *testing.T) {
	k := Builtin().Kind("call_status")
	o := &Object{Kind: k, Key: "Busy", ID: 5}
	if o.GoesByID() {
		t.Error("an object goes by its id before anything has said so")
	}
	o.GoByID()
	if o.Key != "Busy (id 5)" || o.Name == "" || !o.GoesByID() {
		t.Errorf("key %q, name %q", o.Key, o.Name)
	}
	if other := (&Object{Kind: k, Key: "Busy (id 6)", Name: "Busy", ID: 5}); other.GoesByID() {
		t.Error("the id of another object makes no handle")
	}
}
