package simulator

import (
	"fmt"
	"os"
	"testing"
	"testing/fstest"

	"pbxsync/schema"
)

// menuKind is a kind that the program does not ship: references in nested
// objects and in lists, words of another type, a nested object.
const menuKind = `
x-kind: menu
x-yaml: menus
x-key: [name]
x-collection: /client/{client_id}/menu/
x-item: /client/{client_id}/menu/{menu_id}
x-verbs: [list, create, read, update, delete]
type: object
required: [name]
properties:
  name: {type: string}
  loud: {type: boolean, x-words: {"on": "yes", "off": "no"}}
  members: {type: array, items: {type: integer, x-ref: extension}}
  greeting: {type: [object, "null"], properties: {sound_id: {type: integer, x-ref: sound}, seconds: {type: [integer, "null"]}}}
  rules:
    type: array
    items:
      type: object
      required: [extension_id]
      properties:
        extension_id: {type: integer, x-ref: extension}
        sound_id: {type: [integer, "null"], x-ref: sound}
  id: {type: integer, readOnly: true}
`

func menuBox(t *testing.T, o Options) *box {
	t.Helper()
	c, err := schema.Load(os.DirFS("../../schema/kinds"), fstest.MapFS{"menu.yaml": {Data: []byte(menuKind)}})
	if err != nil {
		t.Fatal(err)
	}
	o.Catalogue = c
	return newBox(t, o)
}

// A new kind costs one file of data and no Go.
func TestAKindThatIsNotBuiltIn(t *testing.T) {
	const path = "/client/12/menu/"
	body := m{"name": "main", "loud": "yes", "members": l{501, 502}, "greeting": m{"sound_id": 302},
		"rules": l{m{"extension_id": 501}, m{"extension_id": 502, "sound_id": 302}}}
	b := menuBox(t, Options{})
	got := b.ok("POST", path, body)
	wantFields(t, got, m{"loud": "yes", "members": l{501, 502}, "greeting": m{"sound_id": 302, "seconds": nil},
		"rules": l{m{"extension_id": 501, "sound_id": nil}, m{"extension_id": 502, "sound_id": 302}}})
	b.refused("POST", path, m{"name": "x", "loud": true}, 400, "loud: has to be one of yes, no")
	b.refused("POST", path, m{"name": "x", "members": l{501, 9}}, 400, "members[1]: there is no extension with id 9")
	b.refused("POST", path, m{"name": "x", "members": 5}, 400, "members: has to be a list")
	b.refused("POST", path, m{"name": "x", "greeting": m{"sound_id": 9}}, 400, "greeting.sound_id: there is no sound")
	b.refused("POST", path, m{"name": "x", "rules": l{m{}}}, 400, "rules[0].extension_id: is required")
	b.refused("DELETE", ext+"502", nil, 400, "is used by menu main")

	b = menuBox(t, Options{OnDelete: Null})
	item := fmt.Sprint(path, b.ok("POST", path, body)["id"])
	b.ok("DELETE", ext+"502", nil)
	wantFields(t, b.ok("GET", item, nil), m{"members": l{501}, "rules": l{m{"extension_id": 501, "sound_id": nil}}})
	if err := b.Remove("sound", 302); err != nil {
		t.Fatal(err)
	}
	wantFields(t, b.ok("GET", item, nil), m{"greeting": m{"sound_id": nil, "seconds": nil}})
}
