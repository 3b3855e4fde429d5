package diff

import (
	"slices"

	"pbxsync/schema"
)

// Action is what happens to one object.
type Action string

// The actions of a change. A replace deletes one live object and makes another;
// a rename is an update of the key.
const (
	Create  Action = "create"
	Update  Action = "update"
	Rename  Action = "rename"
	Replace Action = "replace"
	Delete  Action = "delete"
)

// Change is one object that has to become another: the fields that differ, and why.
type Change struct {
	Action   Action
	Desired  *schema.Object // nil where a stray is pruned
	Live     *schema.Object // nil where the object is to be made, or is born with its parent; of a replace, the old one
	Fields   []Field        // sorted by name
	Why      string
	Unstated []Unstated // what the server will fill in, sorted by name
	Gone     []string   // addresses of live children that go with a deleted object
	Pruned   bool       // deleted because it is a stray, not because a line says so
}

// Field is one field of a change. Old is nil for what is not set or not known.
type Field struct {
	Name     string
	Old, New any
	OldName  string // of the object that Old refers to, where its key does not tell it
	Unknown  bool   // there is no Old yet: the object is new
	Place    schema.Place
}

// Unstated is a value that no file states and the server chooses.
type Unstated struct {
	Name  string
	Value any
}

// Makes reports whether the change makes its desired object.
func (c *Change) Makes() bool { return c.Action == Create || c.Action == Replace }

// Ends reports whether the change deletes its live object.
func (c *Change) Ends() bool { return c.Action == Delete || c.Action == Replace }

// Object returns the object that the change is about.
func (c *Change) Object() *schema.Object {
	if c.Desired != nil {
		return c.Desired
	}
	return c.Live
}

// Address returns the address of the object.
func (c *Change) Address() string { return c.Object().Address() }

// Stray is a live object of a managed kind that no file declares.
type Stray struct {
	Object *schema.Object
	Policy schema.Policy
	Stays  bool // the API cannot delete it
}

// Awaiting is something that others will put into the tenant and that is not
// there yet, or a field that waits for it.
type Awaiting struct {
	Address string
	For     string // address of what a field waits for, or ""
	Field   string
	Place   schema.Place
}

// Missing is a declared object that is not in the tenant and that no call can make.
type Missing struct {
	Address string
	Place   schema.Place
}

// Result is what a comparison finds.
type Result struct {
	Awaiting []Awaiting // sorted by address
	Changes  []*Change  // sorted by address
	Stuck    []Stuck    // sorted by address and field
	Strays   []Stray    // sorted by address
	Missing  []Missing  // sorted by address
	Coverage Coverage
	Hidden   []Hidden   // sorted by kind
	Accepted []Accepted // sorted by address and field: no differences
	Problems schema.Problems
}

// Sets reports whether the change gives a field another value.
func (c *Change) Sets(f *schema.Field) bool {
	return slices.ContainsFunc(c.Fields, func(x Field) bool { return x.Name == f.Name })
}

// Leaving returns the live objects that changes delete or replace by themselves: what goes
// with a parent is Gone.
func Leaving(changes []*Change) map[*schema.Object]bool {
	out := map[*schema.Object]bool{}
	for _, ch := range changes {
		if ch.Ends() {
			out[ch.Live] = true
		}
	}
	return out
}

// Gone reports whether an object leaves, by itself or with its parent.
func Gone(leaving map[*schema.Object]bool, o *schema.Object) bool {
	for ; o != nil; o = o.Parent {
		if leaving[o] {
			return true
		}
	}
	return false
}
