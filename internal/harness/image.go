package harness

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pbxsync/schema"
)

// Image is the state of a server: every object of every tenant.
type Image struct {
	Objects []Object
	names   map[int64]string // id -> what people call the object
}

// Object is one object of an image.
type Object struct {
	Tenant int64
	Kind   *schema.Kind
	ID     int64
	Parent int64  // 0: the tenant
	Name   string // with its kind and parent, without ids
	Dealer bool
	Text   string // all its values, as they are
	values map[string]any
}

// ReadImage reads what simulator.Server.State returns.
func ReadImage(c *schema.Catalogue, data []byte) (*Image, error) {
	var doc struct {
		Tenants []struct {
			ID      int64
			Objects map[string][]struct {
				ID         int64
				ParentKind string `json:"parent_kind"`
				ParentID   int64  `json:"parent_id"`
				Dealer     int64
				Values     map[string]any
				File       []byte
			}
		}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		return nil, err
	}
	m := &Image{names: map[int64]string{}}
	for _, t := range doc.Tenants {
		for _, k := range byDepth(c) {
			for _, r := range t.Objects[k.Word] {
				o := Object{Tenant: t.ID, Kind: k, ID: r.ID, Parent: r.ParentID, Dealer: r.Dealer != 0, values: r.Values}
				o.Text = fmt.Sprint(asJSON(r.Values), r.ParentID, r.Dealer, len(r.File))
				o.Name = k.Word
				if len(k.Key) > 0 && !k.Singleton() {
					o.Name += "/" + keyOf(k, r.Values)
				}
				if r.ParentKind != "" {
					o.Name = m.names[r.ParentID] + "/" + o.Name
				}
				if o.Name = strings.TrimSpace(o.Name); !k.Singleton() {
					m.names[r.ID] = o.Name
				}
				m.Objects = append(m.Objects, o)
			}
		}
	}
	return m, nil
}

// byDepth puts parents before children.
func byDepth(c *schema.Catalogue) []*schema.Kind {
	kinds := slices.Clone(c.Kinds)
	depth := func(k *schema.Kind) int {
		n := 0
		for ; len(k.Parents) > 0; k = k.Parents[0] {
			n++
		}
		return n
	}
	slices.SortStableFunc(kinds, func(a, b *schema.Kind) int { return depth(a) - depth(b) })
	return kinds
}

func keyOf(k *schema.Kind, values map[string]any) string {
	var parts []string
	for _, p := range k.Key {
		if v := values[p.Field.API]; v != nil {
			parts = append(parts, fmt.Sprint(v))
		}
	}
	return strings.Join(parts, " ")
}

// Canonical returns the lines of an image that hold for any server: names stand where
// the server has ids. Equal tenants have equal lines.
func (m *Image) Canonical() []string {
	var out []string
	for _, o := range m.Objects {
		out = append(out, m.line(o))
	}
	slices.Sort(out)
	return out
}

func (m *Image) line(o Object) string {
	return fmt.Sprintf("%d %s %s", o.Tenant, o.Name, asJSON(m.named(o.values)))
}

// named puts names in the place of ids. The server's ids are above all other numbers
// in the tenants of the harness.
func (m *Image) named(v any) any {
	switch x := v.(type) {
	case json.Number:
		if id, err := x.Int64(); err == nil && m.names[id] != "" {
			return "=" + m.names[id]
		}
	case []any:
		out := make([]any, len(x))
		for i, item := range x {
			out[i] = m.named(item)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for key, item := range x {
			out[key] = m.named(item)
		}
		return out
	}
	return v
}

func asJSON(v any) string {
	data, _ := json.Marshal(v) // made of JSON, so it can be written
	return string(data)
}

// find returns the object of a kind with an id, or nil.
func (m *Image) find(k *schema.Kind, id int64) *Object {
	i := slices.IndexFunc(m.Objects, func(o Object) bool { return o.Kind == k && o.ID == id })
	if i < 0 {
		return nil
	}
	return &m.Objects[i]
}

// missing returns the lines of want that have lacks, and the other way round.
func missing(want, have []string) (lost, extra []string) {
	count := map[string]int{}
	for _, line := range want {
		count[line]++
	}
	for _, line := range have {
		if count[line]--; count[line] < 0 {
			extra = append(extra, line)
			count[line] = 0
		}
	}
	for _, line := range want {
		if count[line] > 0 {
			count[line]--
			lost = append(lost, line)
		}
	}
	return lost, extra
}
