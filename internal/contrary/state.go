package contrary

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// chosen is what a field holds that is not set: what the server chooses.
func (s *holder) chosen(collection string, f *field) any {
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

// labels name every row. Of rows with one name the oldest has it, the others are name-2,
// name-3 and so on; one without a name is called by its id.
func (t *Tenant) labels() map[*Row]string {
	out, taken := map[*Row]string{}, map[string]bool{}
	for _, c := range slices.Sorted(maps.Keys(t.rows)) {
		rows := slices.Clone(t.rows[c])
		slices.SortStableFunc(rows, func(a, b *Row) int { return int(a.ID - b.ID) })
		for _, r := range rows {
			name := t.address(r)
			if _, single := singles[c]; !single && t.key(r) == "" {
				name += fmt.Sprint("unnamed ", r.ID)
			}
			label := name
			for n := 2; taken[label]; n++ {
				label = fmt.Sprintf("%s-%d", name, n)
			}
			out[r], taken[label] = label, true
		}
	}
	return out
}

// State is what a tenant holds, by names: address, field, value as text.
func (s *holder) State(t *Tenant) map[string]string {
	out, labels := map[string]string{}, t.labels()
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
			if refs[f.Name] != "" {
				v = t.named(refs[f.Name], v, labels)
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
			for _, op := range []*operation{s.docs.create(c), s.docs.find("PUT", c, true), s.docs.find("PUT", c, false)} {
				if op != nil && fields == nil {
					fields = op.Body
				}
			}
			if c == "phone" {
				fields = s.docs.find("GET", c, false).Answer
			}
			if !r.Dealer {
				add(labels[r], c, r.Values, fields)
			}
			if r.file != nil && !r.Dealer {
				out[labels[r]+" .file"] = fmt.Sprintf("%x", r.file)
			}
			if list, ok := r.Values["bundle"].(map[string]any); ok {
				out[labels[r]+" .bundle"] = t.members(list, labels)
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

// named puts names for ids.
func (t *Tenant) named(collection string, v any, labels map[*Row]string) any {
	if list, ok := v.([]any); ok {
		out := make([]string, len(list))
		for i, x := range list {
			out[i] = fmt.Sprint(t.named(collection, x, labels))
		}
		slices.Sort(out)
		return out
	}
	id, ok := v.(int64)
	if to := t.byID(collection, id); ok && to != nil {
		return labels[to]
	} else if ok && id == 0 {
		return nil
	}
	return v
}

// members writes those of a bundle by name; one that is not there is not shown.
func (t *Tenant) members(list map[string]any, labels map[*Row]string) string {
	var out []string
	for id, v := range list {
		if ext := t.byID("extension", number(id)); ext != nil {
			out = append(out, fmt.Sprint(labels[ext], v))
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// fields are those of a row that can be written.
func (s *holder) fields(collection string) []field {
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
func (s *holder) Shown(r *Row) []string {
	var out []string
	for _, f := range s.fields(r.Collection) {
		shown := false
		for _, item := range []bool{false, true} {
			op := s.docs.find("GET", r.Collection, item)
			shown = shown || op != nil && named(op.Answer, f.Name) != nil
		}
		acts := f.Name == "status" && strings.HasPrefix(r.Collection, "agent/") // nothing to state where it is as a create leaves it
		acts = acts && (s.Dialect.AgentStatus == "null" || r.Values["status"] == nil || r.Values["status"] == "available")
		acts = acts || silent(r, f.Name)
		if shown && !acts && !s.Dialect.absent(r.Collection, &f) && !slices.Contains(keyOf(r.Collection), f.Name) {
			out = append(out, f.Name)
		}
	}
	return out
}

// Own returns all that a tenant has itself: its rows, and itself as one.
func (s *holder) Own(t *Tenant) []*Row {
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
