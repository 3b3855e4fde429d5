package contrary

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// chosen is what a field holds that is not set: what the server chooses.
func (s *Server) chosen(collection string, f *field) any {
	for _, item := range []bool{true, false} {
		if op := s.docs.find("GET", collection, item); op != nil && f.fallback() == nil && named(op.Answer, f.Name) != nil {
			f = named(op.Answer, f.Name)
		}
	}
	switch {
	case f.fallback() != nil:
		return f.fallback()
	case f.Type == "array":
		return []any{}
	case f.Type == "boolean" && !s.Dialect.Nulls && !slices.Contains(cleared, f.Name):
		return false
	}
	return nil
}

// State is what a tenant holds, by names: address, field, value as text.
func (s *Server) State(t *Tenant) map[string]string {
	out := map[string]string{}
	add := func(address string, collection string, values map[string]any, fields []field) {
		out[address] = "there"
		for i := range fields {
			f := &fields[i]
			if slices.Contains(writeOnly, f.Name) || f.Name == "bundle" || s.Dialect.absent(collection, f) {
				continue
			}
			v := values[f.Name]
			if v == nil {
				v = s.chosen(collection, f)
			}
			if id, ok := v.(int64); ok && refs[f.Name] != "" {
				if to := t.byID(refs[f.Name], id); to != nil {
					v = t.address(to)
				} else if id == 0 {
					v = nil
				}
			}
			out[address+" ."+f.Name] = fmt.Sprint(v)
		}
	}
	for c, rows := range t.rows {
		if _, refused := s.Dialect.Refuse[c]; refused {
			continue
		}
		for _, r := range rows {
			var fields []field
			for _, op := range []*operation{s.docs.create(c), s.docs.find("PUT", c, c != "phone")} {
				if op != nil && fields == nil {
					fields = op.Body
				}
			}
			if c == "phone" {
				fields = s.docs.find("GET", c, false).Answer
			}
			if !r.Dealer {
				add(t.address(r), c, r.Values, fields)
			}
			if r.file != nil {
				out[t.address(r)+" .file"] = fmt.Sprintf("%x", r.file)
			}
		}
	}
	add("settings", "client", t.Values, s.docs.find("PUT", "client", false).Body)
	for _, v := range t.vars {
		out["variable "+v.name] = v.value
	}
	out["ani"] = fmt.Sprint(t.ani)
	return out
}

// fields are those of a row that can be written.
func (s *Server) fields(collection string) []field {
	var out []field
	for _, op := range []*operation{s.docs.create(collection), s.docs.find("PUT", collection, true), s.docs.find("PUT", collection, false)} {
		if op == nil {
			continue
		}
		for _, f := range append(slices.Clone(op.Body), op.Form...) {
			if named(out, f.Name) == nil {
				out = append(out, f)
			}
		}
	}
	return out
}

// Shown returns the names of the fields of a row that can be written and that its answers
// show, without its key.
func (s *Server) Shown(r *Row) []string {
	var out []string
	for _, f := range s.fields(r.Collection) {
		shown := false
		for _, item := range []bool{false, true} {
			op := s.docs.find("GET", r.Collection, item)
			shown = shown || op != nil && named(op.Answer, f.Name) != nil
		}
		acts := f.Name == "status" && strings.HasPrefix(r.Collection, "agent/") // nothing to state where it is as a create leaves it
		acts = acts && (s.Dialect.AgentStatus == "null" || r.Values["status"] == nil || r.Values["status"] == "available")
		if shown && !acts && !s.Dialect.absent(r.Collection, &f) && !slices.Contains(keyOf(r.Collection), f.Name) {
			out = append(out, f.Name)
		}
	}
	return out
}

// Own returns all that a tenant has itself: its rows, and itself as one.
func (s *Server) Own(t *Tenant) []*Row {
	out := []*Row{{ID: t.ID, Collection: "client", Values: t.Values}}
	for _, c := range slices.Sorted(maps.Keys(t.rows)) {
		for _, r := range t.rows[c] {
			if !r.Dealer {
				out = append(out, r)
			}
		}
	}
	return out
}
