package diff

import (
	"slices"

	"pbxsync/schema"
)

// Stuck is a difference that no call can end: the live value moved to where the API
// offers no way back. It stops nothing else.
type Stuck struct {
	Address  string
	Field    string
	Old, New any
	Why      string
	Place    schema.Place
}

// reachable takes out the fields that no update can bring to what is wanted.
func (c *comparison) reachable(o *schema.Object, fs []Field) []Field {
	return slices.DeleteFunc(fs, func(f Field) bool {
		if f.New != nil || o.Kind.Field(f.Name).Clearable() {
			return false
		}
		c.result.Stuck = append(c.result.Stuck, Stuck{Address: o.Address(), Field: f.Name, Old: f.Old, New: f.New,
			Why: "the API cannot clear it", Place: f.Place})
		return true
	})
}
