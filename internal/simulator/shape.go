package simulator

import (
	"fmt"
	"strings"

	"pbxsync/schema"
)

// The types that the catalogue's fields and parameters have.
const (
	typeString  = "string"
	typeInteger = "integer"
	typeBoolean = "boolean"
	typeArray   = "array"
	typeObject  = "object"
)

// shape is a kind with what the server would otherwise look up at every request.
type shape struct {
	*schema.Kind
	byAPI  map[string]*schema.Field
	id     *schema.Field // the server-assigned id, or nil
	tenant *schema.Field // answers the tenant's id, or nil
	dealer *schema.Field // answers the dealer's id, or nil

	item, admin *shape // what the two items of a kind with an administrator's show, or nil

	count *schema.Field // derived: how many entries a list has, or nil

	unique []*schema.Field // have a name space
	refs   []*schema.Field // hold references by id, themselves or further down
	byText []*schema.Field // refer by the value of another field
}

func shapes(c *schema.Catalogue) map[*schema.Kind]*shape {
	out := make(map[*schema.Kind]*shape, len(c.Kinds))
	for _, k := range c.Kinds {
		out[k] = newShape(k)
	}
	return out
}

func newShape(k *schema.Kind) *shape {
	s := &shape{Kind: k, byAPI: make(map[string]*schema.Field, len(k.Fields))}
	for _, f := range k.Fields {
		s.byAPI[f.API] = f
		if f.Counts != "" {
			s.count = f
		}
		if f.Unique != "" {
			s.unique = append(s.unique, f)
		}
		if holdsRef(f) {
			s.refs = append(s.refs, f)
		}
		if f.Ref != nil && f.RefBy != "" && !f.OrText {
			s.byText = append(s.byText, f)
		}
	}
	s.id, s.tenant, s.dealer = s.readOnly("id"), k.TenantField(), s.readOnly(k.Owner.Dealer)
	s.split()
	return s
}

func (s *shape) readOnly(api string) *schema.Field {
	if f := s.byAPI[api]; f != nil && f.ReadOnly {
		return f
	}
	return nil
}

// named returns the field by its name in requests or in answers, or nil.
func (s *shape) named(name string) *schema.Field {
	if f := s.byAPI[name]; f != nil {
		return f
	}
	for _, f := range s.Fields {
		if f.Answer == name {
			return f
		}
	}
	return nil
}

// section returns the child kind whose objects stand under name in a seed, or nil.
func (s *shape) section(name string) *schema.Kind {
	for _, k := range s.Children {
		if strings.Join(k.Section, ".") == name {
			return k
		}
	}
	return nil
}

// holdsRef reports whether a value of the field can hold a reference by id.
func holdsRef(f *schema.Field) bool {
	if f.Ref != nil {
		return f.RefBy == ""
	}
	if f.Items != nil && holdsRef(f.Items) {
		return true
	}
	for _, sub := range f.Fields {
		if holdsRef(sub) {
			return true
		}
	}
	return false
}

func textOf(v any) string { return fmt.Sprint(v) }

func at(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func fieldNamed(fields []*schema.Field, api string) *schema.Field {
	for _, f := range fields {
		if f.API == api {
			return f
		}
	}
	return nil
}
