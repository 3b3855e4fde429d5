package contrary

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// field is a field of a request or an answer as the documents print it.
type field struct {
	Name     string          `json:"name"`
	Type     string          `json:"type"`
	Items    string          `json:"items"`
	Required bool            `json:"required"`
	Default  json.RawMessage `json:"default"`
	Enum     []any           `json:"enum"`
	Words    map[string]any  `json:"words"`
	Min      *int64          `json:"min"`
	Max      *int64          `json:"max"`
}

// fallback is the documented default, nil where there is none or it is null.
func (f *field) fallback() any {
	var v any
	if json.Unmarshal(f.Default, &v) != nil {
		return nil
	}
	if n, ok := v.(float64); ok {
		return int64(n)
	}
	return v
}

// operation is one call that the documents describe.
type operation struct {
	Method       string             `json:"method"`
	Path         string             `json:"path"`
	Body         []field            `json:"json_params"`
	BodyNested   map[string][]field `json:"json_params_nested"`
	Form         []field            `json:"form_params"`
	Query        []field            `json:"query_params"`
	Answer       []field            `json:"resource"`
	AnswerNested map[string][]field `json:"resource_nested"`

	segments   []string
	collection string // what is behind the path, see collectionOf
}

func named(fields []field, name string) *field {
	for i := range fields {
		if fields[i].Name == name {
			return &fields[i]
		}
	}
	return nil
}

// documents are all operations.
type documents struct {
	ops []*operation
}

func readDocuments(data []byte) (*documents, error) {
	var d struct{ Operations []*operation }
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("the documents: %w", err)
	}
	for _, op := range d.Operations {
		op.segments = strings.Split(op.Path, "/")
		op.collection = collectionOf(op.segments)
	}
	return &documents{ops: d.Operations}, nil
}

// collectionOf names what a path is about by its fixed parts: agent/local/event.
func collectionOf(segments []string) string {
	var parts []string
	for _, s := range segments[1:] {
		if s != "" && !strings.HasPrefix(s, "{") {
			parts = append(parts, s)
		}
	}
	if name := strings.Join(parts, "/"); slices.Contains(whole, name) {
		return name
	}
	if len(parts) > 1 && (parts[0] == "client" || parts[0] == "extension") {
		parts = parts[1:]
	}
	name := strings.Join(parts, "/")
	if plural, ok := plurals[name]; ok {
		return plural
	}
	return name
}

// match finds the operation of a call. A fixed part goes before a variable one; where the
// path has no such method, another operation of it is returned.
func (d *documents) match(method, path string) (op *operation, vars map[string]string) {
	got := strings.Split(path, "/")
	for _, o := range d.ops {
		v, ok := o.fits(got)
		if !ok {
			continue
		}
		fewer := op == nil || o.variables() < op.variables()
		if fewer || o.variables() == op.variables() && o.Method == method {
			op, vars = o, v
		}
	}
	return op, vars
}

func (o *operation) variables() int { return strings.Count(o.Path, "{") }

func (o *operation) fits(got []string) (map[string]string, bool) {
	if len(got) != len(o.segments) {
		return nil, false
	}
	vars := map[string]string{}
	for i, s := range o.segments {
		switch {
		case strings.HasPrefix(s, "{"):
			if got[i] == "" {
				return nil, false
			}
			vars[strings.Trim(s, "{}")] = got[i]
		case s != got[i]:
			return nil, false
		}
	}
	return vars, true
}

// create returns the operation that makes rows of a collection, or nil.
func (d *documents) create(collection string) *operation { return d.find("POST", collection, false) }

// ordered reports whether the order of a list is what it means: of some the documents have a call that
// gives them another one. The first rule that fits has the call, and a server that showed rules in
// another order would show other rules; of all other lists no order is documented.
func (d *documents) ordered(collection string) bool {
	return d.find("PUT", collection+"/order", false) != nil
}

func (d *documents) find(method, collection string, item bool) *operation {
	for _, o := range d.ops {
		if o.Method == method && o.collection == collection && o.item() == item {
			return o
		}
	}
	return nil
}

// item reports whether the path is that of one row.
func (o *operation) item() bool { return o.segments[len(o.segments)-1] != "" }
