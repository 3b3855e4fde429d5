package record

import "pbxsync/schema/review"

// BaseFormat is the version of a base as it is kept.
const BaseFormat = 1

// Base is a tenant as it was last applied or accepted: what the files declared and the tenant
// was proved to have.
type Base struct {
	Format  int      `json:"format"`
	Taken   string   `json:"taken"`         // wall time
	Run     string   `json:"run,omitempty"` // the last one that it knows of
	Client  int64    `json:"client_id"`
	Name    string   `json:"name"`
	Prefix  string   `json:"prefix"`
	Objects []Stated `json:"objects"`          // by address
	Strays  []string `json:"strays,omitempty"` // what no file declared, by address
	Looked  []string `json:"looked,omitempty"` // the lists in which it was looked for: a kind, below the address of its parent

	Rules *review.Rules `json:"rules,omitempty"` // by which it was reviewed; nil: nobody noted them
}

// Stated is an object as the files stated it.
type Stated struct {
	Object
	Absent bool   `json:"absent,omitempty"`
	LiveID int64  `json:"live_id,omitempty"` // of the object in the tenant, whatever the files know it by
	Since  string `json:"since,omitempty"`   // wall time, where it was taken over from an earlier base
}
