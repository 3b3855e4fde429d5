package schema

import (
	"fmt"
	"strings"
)

// Handle is the key of an object that shares its name with another one of its kind and has
// none of its own in the files: the name, and the id behind it.
func Handle(name string, id int64) string { return fmt.Sprintf("%s (id %d)", name, id) }

// GoByID gives an object a handle as its key.
func (o *Object) GoByID() { o.Rename(Handle(o.Key, o.ID)) }

// GoesByID reports whether only the id tells an object from another of its name.
func (o *Object) GoesByID() bool {
	return o.Name != "" && strings.HasSuffix(o.Key, Handle("", o.ID))
}
