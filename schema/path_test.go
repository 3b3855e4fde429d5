package schema

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// level is a made-up kind's file with the lines that matter for paths.
func level(word, lines string) string {
	return "title: " + word + "\ndescription: Made up.\nx-kind: " + word + "\n" + lines + `
x-verbs: [list, create, read, update, delete]
type: object
properties:
  name: {type: string, x-create-only: true, description: Its name.}
  area: {type: string, x-create-only: true, description: Its area.}
  size: {type: integer, description: Its size.}
  id: {type: integer, readOnly: true}
`
}

// levels is a catalogue of four levels, one of which exists once below another.
func levels(t *testing.T, change func(files fstest.MapFS)) (*Catalogue, error) {
	t.Helper()
	files := fstest.MapFS{}
	for word, lines := range map[string]string{
		"house": "x-key: [name]\nx-collection: /client/{client_id}/house/\nx-item: /client/{client_id}/house/{house_id}",
		"plan":  "x-form: single\nx-parent: [house]\nx-item: /house/{house_id}/plan/",
		"floor": "x-key: [name]\nx-parent: [plan]\nx-collection: /house/{house_id}/plan/floor/\nx-item: /house/{house_id}/plan/floor/{floor_id}",
		"door":  "x-key: [name]\nx-id: [name]\nx-parent: [floor]\nx-collection: \"{parent}/doors/\"\nx-item: \"{parent}/doors/{door}\"",
		"lock":  "x-form: list\nx-key: [area, name]\nx-id: [area, name]\nx-parent: [door]\nx-collection: /house/{house_id}/plan/floor/{floor_id}/doors/{door}/locks/\nx-item: /house/{house_id}/plan/floor/{floor_id}/doors/{door}/locks/{area}/{lock}",
	} {
		files[word+".yaml"] = &fstest.MapFile{Data: []byte(level(word, lines))}
	}
	if change != nil {
		change(files)
	}
	return Load(files)
}

func TestPathsOfEachLevel(t *testing.T) {
	c, err := levels(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	house := &Object{Kind: c.Kind("house"), Key: "a"}
	plan := &Object{Kind: c.Kind("plan"), Parent: house}
	floor := &Object{Kind: c.Kind("floor"), Parent: plan, Key: "1{st}"}
	door := &Object{Kind: c.Kind("door"), Parent: floor, Key: "#/*"}
	lock := &Object{Kind: c.Kind("lock"), Parent: door, Key: "x y", Values: map[string]any{"area": "x", "name": "y"}}
	const upper = "/house/{house/a}/plan/floor/"
	const middle = upper + "{house/a/plan/floor/1%7Bst%7D}/doors/"
	for _, tt := range []struct{ got, want string }{
		{house.ItemPath(), "/client/{tenant}/house/{house/a}"},
		{c.Kind("house").CollectionPath(nil), "/client/{tenant}/house/"},
		{plan.ItemPath(), "/house/{house/a}/plan/"},
		{c.Kind("floor").CollectionPath(plan), upper},
		{floor.ItemPath(), upper + "{house/a/plan/floor/1%7Bst%7D}"},
		{c.Kind("door").CollectionPath(floor), middle},
		{door.ItemPath(), middle + "%23%2F%2A"},
		{lock.ItemPath(), middle + "%23%2F%2A/locks/x/y"},
		{c.Kind("lock").CollectionPath(door), middle + "%23%2F%2A/locks/"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s, wanted %s", tt.got, tt.want)
		}
	}
	for _, key := range []string{"", ".", ".."} { // they would lead elsewhere
		door.Key, door.address = key, ""
		if got := door.ItemPath(); !strings.HasPrefix(got, middle+"{door of ") {
			t.Errorf("%q: %s", key, got)
		}
	}
	if got := c.Kind("door").CollectionPath(house); got != "{house/a/door/}" {
		t.Errorf("a door in no floor: %s", got)
	}
	var all []string
	for _, o := range c.Operations() {
		all = append(all, o.Method+" "+o.Path)
	}
	if want := "DELETE /house/{house_id}/plan/floor/{floor_id}/doors/{door}"; !strings.Contains(strings.Join(all, "\n")+"\n", want+"\n") {
		t.Errorf("%s is not among %v", want, all)
	}
}

// A path that names the wrong level would reach another object, so it does not load.
func TestWrongPathsDoNotLoad(t *testing.T) {
	for _, tt := range []struct{ what, kind, old, new, want string }{
		{"unknown variable", "floor", "floor/\n", "floor/{x}/\n", "floor.yaml:6: x-collection: /house/{house_id}/plan/floor/{x}/: {x} are left for the object itself, 0 of its own are due; what is above it has {client_id}, {house_id}"},
		{"misspelt level", "plan", "/house/{house_id}", "/house/{houseid}", "plan.yaml:6: x-item: /house/{houseid}/plan/: {houseid} names no level, {house_id} is due there"},
		{"a level is missing", "lock", "/house/{house_id}/plan/floor/{floor_id}/doors/{door}/locks/{area}", "/house/{house_id}/plan/floor/doors/{door}/locks/{area}", "lock.yaml:9: x-item: /house/{house_id}/plan/floor/doors/{door}/locks/{area}/{lock}: the level {floor_id} is missing"},
		{"wrong order", "lock", "{floor_id}/doors/{door}/locks/{area}", "{door}/doors/{floor_id}/locks/{area}", "{door} stands before {floor_id}"},
		{"the tenant further down", "floor", "floor/{floor_id}", "floor/{floor_id}/client/{client_id}", "{client_id} stands out of its place"},
		{"no tenant", "house", "/client/{client_id}/house/{house_id}", "/house/{house_id}", "{house_id} names no level, {client_id} is due there"},
		{"the same twice", "floor", "floor/{floor_id}", "floor/{house_id}", "has {house_id} twice"},
		{"two of its own", "floor", "floor/{floor_id}", "floor/{a}/{b}", "{a}, {b} are left for the object itself, 1 of its own are due"},
		{"none of its own", "floor", "floor/{floor_id}", "floor/", "none are left for the object itself, 1 of its own are due"},
		{"one of two parts", "lock", "/{area}/{lock}", "/{lock}", "{lock} are left for the object itself, 2 of its own are due"},
		{"its own in a list", "door", "{parent}/doors/\"\n", "{parent}/{n}/\"\n", "{n} are left for the object itself, 0"},
		{"half a name", "floor", "floor/{floor_id}", "floor/x{floor_id}", "x{floor_id} is neither a word nor a name in braces"},
		{"under itself", "house", "x-key:", "x-parent: [lock]\nx-key:", "stands under itself"},
		{"an id that is no property", "door", "x-id: [name]", "x-id: [nick]", `door.yaml:5: x-id: "nick" is no property`},
		{"an id that is no key", "door", "x-id: [name]", "x-id: [area]", `x-id: "area" has to be a text of the key`},
		{"an id that changes", "door", "name: {type: string, x-create-only: true,", "name: {type: string,", `x-id: "name" has to be a text of the key that only create sets`},
		{"two parts in a map", "lock", "x-form: list\n", "", "objects that are found by several fields stand in a list"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			_, err := levels(t, func(files fstest.MapFS) {
				f := files[tt.kind+".yaml"]
				if !strings.Contains(string(f.Data), tt.old) {
					t.Fatalf("no %q in\n%s", tt.old, f.Data)
				}
				f.Data = []byte(strings.Replace(string(f.Data), tt.old, tt.new, 1))
			})
			if !strings.Contains(fmt.Sprint(err), tt.want) {
				t.Errorf("%v, wanted %s", err, tt.want)
			}
		})
	}
}

// A reference to what stands below a parent says below which, and what is sent of it.
func TestWrongScopesDoNotLoad(t *testing.T) {
	const field = "  size: {type: integer, description: Its size.}"
	for _, tt := range []struct{ what, kind, refers, want string }{
		{"a sibling", "floor", "x-ref: floor, x-ref-in: plan", ""},
		{"a child of what stands above", "lock", "x-ref: floor, x-ref-in: plan", ""},
		{"a child of its own", "plan", "x-ref: floor, x-ref-in: plan", ""},
		{"the top", "lock", "x-ref: house", ""},
		{"which one", "lock", "x-ref: floor", "lock.yaml: size: x-ref: each floor stands under something; say with x-ref-in under which"},
		{"what has no id", "floor", "x-ref: door, x-ref-in: floor", "a door has no id; say with x-ref-by what is sent"},
		{"another parent", "lock", "x-ref: floor, x-ref-in: house", "x-ref-in: no floor stands under a house"},
		{"not above", "house", "x-ref: floor, x-ref-in: plan", "a house need not stand under a plan"},
		{"no kind", "floor", "x-ref: floor, x-ref-in: roof", `x-ref-in "roof" is no kind`},
		{"text or a key", "floor", "x-ref: house, x-ref-by: name, x-or-text: true", "x-or-text: text is the key of a house at the top of the tenant, or none"},
		{"no reference", "floor", "x-ref-in: plan", "the field refers to nothing"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			_, err := levels(t, func(files fstest.MapFS) {
				f := files[tt.kind+".yaml"]
				f.Data = []byte(strings.Replace(string(f.Data), field, "  size: {type: integer, "+tt.refers+", description: Its size.}", 1))
			})
			if tt.want == "" && err != nil || !strings.Contains(fmt.Sprint(err), tt.want) {
				t.Errorf("%v, wanted %q", err, tt.want)
			}
		})
	}
}

// What cannot be said of items without a name is no sequence.
func TestWrongSequencesDoNotLoad(t *testing.T) {
	const items = `title: Step
description: Made up.
x-kind: step
x-yaml: steps
x-form: sequence
x-parent: [floor]
x-collection: "{parent}/steps/"
x-item: "{parent}/steps/{step_id}"
x-order: {path: "{parent}/steps/order/", body: order}
x-verbs: [list, create, read, update, delete]
type: object
required: [does]
properties:
  does: {type: string, description: What is done.}
  size: {type: integer, default: 1, description: Its size.}
  id: {type: integer, readOnly: true}
`
	for _, tt := range []struct{ what, old, new, want string }{
		{"fine", "", "", ""},
		{"a key", "x-parent:", "x-key: [does]\nx-parent:", "step.yaml: x-form: in a sequence items have no key"},
		{"the top", "x-parent: [floor]\n", "", "{parent}"},
		{"no delete", ", delete]", "]", "items are listed, created, read and deleted"},
		{"a secret", "does: {type: string,", "does: {type: string, writeOnly: true,", "does is compared, and belongs to no item alone"},
		{"neither a default nor null", "default: 1, ", "", "size has a default, or can be null: an item is stated whole"},
		{"an order of one", "steps/order/", "steps/{step_id}/order/", "x-order: /house/{house_id}/plan/floor/{floor_id}/steps/{step_id}/order/: {step_id} are left for the object itself, 0"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			c, err := levels(t, func(files fstest.MapFS) {
				files["step.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(items, tt.old, tt.new, 1))}
			})
			if tt.want == "" && err != nil || !strings.Contains(fmt.Sprint(err), tt.want) {
				t.Errorf("%v, wanted %q", err, tt.want)
			}
			if err == nil && (!c.Kind("step").Singleton() || c.Made("step").Form != FormSequence) {
				t.Error("a sequence is one value, and its items are objects")
			}
		})
	}
	_, err := levels(t, func(files fstest.MapFS) {
		files["step.yaml"] = &fstest.MapFile{Data: []byte(items)}
		files["foot.yaml"] = &fstest.MapFile{Data: []byte(level("foot", "x-key: [name]\nx-parent: [step]\nx-collection: \"{parent}/foot/\"\nx-item: \"{parent}/foot/{foot_id}\""))}
	})
	if want := "step.yaml: x-form: in a sequence nothing stands below an item, as foot does"; !strings.Contains(fmt.Sprint(err), want) {
		t.Errorf("%v, wanted %s", err, want)
	}
}
