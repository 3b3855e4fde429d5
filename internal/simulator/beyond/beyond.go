package beyond

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"

	"pbxsync/schema"
	"pbxsync/schema/file"
)

//go:embed kinds views.yaml
var files embed.FS

// View is a path at which the API shows, or takes, what a kind stands for already,
// or what is no object at all.
type View struct {
	Path    string            `json:"path"`
	Kind    string            `json:"kind"`  // whose objects it is about
	Verbs   map[string]string `json:"verbs"` // method -> what it does, one of the words of package simulator
	Query   []Param           `json:"query"`
	By      string            `json:"by"`      // field that the last variable of the path holds
	Through string            `json:"through"` // field that refers to the parent in the path
	Text    string            `json:"text"`    // field that a search looks in
	Sums    map[string]string `json:"sums"`    // key of the answer -> field that is added up, "" to count
	Rows    string            `json:"rows"`    // key under which rows are answered
	Answer  map[string]any    `json:"answer"`  // what is answered; %s is an id
	Tenant  []string          `json:"tenant"`  // fields of the tenant that are answered too
	Realms  map[string]string `json:"realms"`  // realm of the token -> key of the answer that holds its id
}

// Param is a query parameter of a view.
type Param struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Enum     []string `json:"enum"`
	Required bool     `json:"required"`
}

// Order is a list that can be asked for by time, up or down.
type Order struct {
	Kind string `json:"kind"`
	By   string `json:"by"`   // the field with the time
	From string `json:"from"` // parameters that bound it
	To   string `json:"to"`
}

// Document is what views.yaml holds.
type Document struct {
	Views   []View    `json:"views"`
	Orders  []Order   `json:"orders"`
	Refused []Refused `json:"refused"`
}

// Refused is a kind that some of its parents cannot have, by a field of the parent.
type Refused struct {
	Kind  string `json:"kind"`
	Field string `json:"field"`
	Value string `json:"value"`
	Why   string `json:"why"`
}

// Read returns what views.yaml holds.
var Read = sync.OnceValues(func() (*Document, error) {
	data, err := files.ReadFile("views.yaml")
	if err != nil {
		return nil, err
	}
	plain, err := file.ParseMap(file.File{Name: "views.yaml", Data: data})
	if err != nil {
		return nil, err
	}
	if data, err = json.Marshal(plain); err != nil {
		return nil, err
	}
	d := &Document{}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(d); err != nil {
		return nil, fmt.Errorf("views.yaml: %w", err)
	}
	return d, nil
})

var (
	mu   sync.Mutex
	made = map[*schema.Catalogue]*schema.Catalogue{}
)

// Catalogue returns c with the kinds of this package whose parents c has and whose
// paths it has not. The kinds are read once for each c, since tests make thousands
// of servers of one catalogue.
func Catalogue(c *schema.Catalogue) (*schema.Catalogue, error) {
	mu.Lock()
	defer mu.Unlock()
	if all := made[c]; all != nil {
		return all, nil
	}
	more, err := fs.Sub(files, "kinds")
	if err != nil {
		return nil, err
	}
	all, err := c.With(more)
	if err == nil {
		made[c] = all
	}
	return all, err
}
