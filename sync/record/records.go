package record

import (
	"cmp"
	"fmt"
	"slices"

	"pbxsync/schema"
)

// Object is an object in the normal form of files, as plans and run records keep it: as it
// was before a run changed it, or as it is wanted. Secrets and the content of files are not
// in it.
type Object struct {
	Address string         `json:"address"`
	Kind    string         `json:"kind"`
	Parent  string         `json:"parent,omitempty"` // address
	Key     string         `json:"key,omitempty"`
	Name    string         `json:"name,omitempty"` // where the key is a handle
	ID      int64          `json:"id,omitempty"`
	Values  map[string]any `json:"values,omitempty"` // by field, comparable ones
}

// Of returns what an object is called, without its values.
func Of(o *schema.Object) Object {
	r := Object{Address: o.Address(), Kind: o.Kind.Word, Key: o.Key, Name: o.Name, ID: o.ID}
	if o.Parent != nil {
		r.Parent = o.Parent.Address()
	}
	return r
}

// Settled says what became of a call whose outcome an earlier run did not learn.
type Settled struct {
	Run  string `json:"run"`
	Step int    `json:"step"`
	How  How    `json:"how"`
	ID   int64  `json:"id,omitempty"` // adopted: of the object
}

// How a call was settled.
type How string

// The ways to settle a call.
const (
	Adopted   How = "adopted"   // it was carried out: the object is there
	NotDone   How = "not_done"  // the object did not appear in the time that was waited
	Forgotten How = "forgotten" // a person says that nothing is there
)

// Verified is what a run leaves for the guards of the next one: how many objects of
// each kind the tenant had when it was read again, and the patterns that protected some
// in the files.
type Verified struct {
	Objects   map[string]int `json:"objects"`
	Protected []string       `json:"protected,omitempty"`

	// Versions are those of the secrets that the tenant is taken to have: address -> field.
	Versions map[string]map[string]Sent `json:"versions,omitempty"`
}

// Records tell what the API cannot, from the journals of earlier runs.
type Records struct {
	Where string                     // for people
	told  bool                       // it was said that there are none
	None  bool                       // there are none, though there may have been runs
	Sent  map[string]map[string]Sent // address -> field -> what was sent last
	Seen  map[Name][]Seen            // objects that runs made or changed, oldest first
	Open  []Open                     // creates whose outcome is not known, oldest first
	// Respelled is what the server keeps in another form than it was sent, oldest first.
	Respelled []Respelled
	Verified  *Verified // of the last run whose tenant was as wanted
	Base      *Base     // the tenant as it was last applied; nil: there is none
	BaseLost  error     // why there is none, where there should be one
	Gone      []string  // runs of which a later record tells and that have none any more
}

// Open is a create of an earlier run whose outcome is not known.
type Open struct {
	Run     string
	Step    int
	Address string
	Intent
}

// String names the run and the step.
func (o *Open) String() string { return fmt.Sprintf("run %s, step %d", o.Run, o.Step) }

// Unsettled returns the create that may have made an object, or nil.
func (k *Records) Unsettled(o *schema.Object) *Open {
	for i := range k.Open {
		if x := &k.Open[i]; x.Kind == o.Kind.Word && x.Key == o.NaturalKey() {
			return x
		}
	}
	return nil
}

// Seen is an object that a run made or changed, and what the files called it.
type Seen struct {
	Address string
	ID      int64
	Settled string // the run and step, where nothing but a word says that it was made
}

// Name is what the tenant calls an object.
type Name struct{ Kind, Key string }

// Sent is a secret that was sent: the version in the file, and to which object.
type Sent struct {
	Version  int64 `json:"version"`
	ID       int64 `json:"id,omitempty"`
	Doubtful bool  `json:"doubtful,omitempty"` // the answer to the call that sent it was lost
}

// Empty reports whether there are no records, though there may have been runs.
func (k *Records) Empty() bool { return k == nil || k.None }

// Missing says where there are no records, once: a command that lacks them for several
// things need not repeat it.
func (k *Records) Missing() string {
	switch {
	case k == nil || k.Where == "":
		return "no run records"
	case k.told:
		return "no such records"
	}
	k.told = true
	return "no run records in " + k.Where
}

// VersionSent returns the version of a secret that was sent last to the object with the id.
func (k *Records) VersionSent(address, field string, id int64) (int64, bool) {
	if k == nil {
		return 0, false
	}
	s, ok := k.Sent[address][field]
	if !ok || s.ID != 0 && s.ID != id {
		return 0, false // it was sent to another object that had this key before
	}
	return s.Version, true
}

// Names returns the names on record of the objects of a kind, sorted.
func (k *Records) Names(kind *schema.Kind) []Name {
	if k == nil {
		return nil
	}
	var out []Name
	for name := range k.Seen {
		if name.Kind == kind.Word {
			out = append(out, name)
		}
	}
	slices.SortFunc(out, func(a, b Name) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// NameOf returns what the tenant calls an object.
func NameOf(o *schema.Object) Name { return Name{o.Kind.Word, o.NaturalKey()} }

// Intent is a call that is about to be sent. Body holds secrets: a journal may
// keep no more of it than a digest that needs a key.
type Intent struct {
	Step      int
	Attempt   int
	Method    string
	Path      string
	Kind      string
	Addresses []string
	Creates   bool
	Key       string                      // of the object to be made or changed
	Parent    int64                       // id of the parent of the object to be made
	Baseline  []int64                     // ids of the live objects that have its key already
	Object    int64                       // id of the object to be changed
	Sends     map[string]map[string]int64 // address -> secret field -> version
	Body      map[string]any
	Sent      map[string]any // of Body, what is no secret and no file; of creates only
}

// Lookable returns the open creates of which the API can tell what they made.
func (k *Records) Lookable(c *schema.Catalogue) []*Open {
	var out []*Open
	for i := range k.Open {
		if kind := c.Made(k.Open[i].Kind); kind != nil && Listed(kind) {
			out = append(out, &k.Open[i])
		}
	}
	return out
}

// Listed reports whether what a create has made can be looked for.
func Listed(k *schema.Kind) bool { return k.Has(schema.List) || k.Admin.Has(schema.Create) }
