package contrary

import (
	"slices"
	"strconv"
	"strings"
)

const born = "2026-01-02 03:04:05"

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// show makes the answer that shows a row.
func (s *speaker) show(t *Tenant, op *operation, r *Row) map[string]any {
	out := map[string]any{}
	for i := range op.Answer {
		f := &op.Answer[i]
		if s.Dialect.absent(r.Collection, f) {
			continue
		}
		if create := s.docs.create(r.Collection); create != nil && len(f.Default) == 0 {
			if g := named(create.Body, f.Name); g != nil && len(g.Default) > 0 {
				merged := *f
				merged.Default = g.Default
				f = &merged
			}
		}
		out[f.Name] = s.Dialect.spell(f, s.value(t, op, r, f))
	}
	if s.Dialect.Extra {
		out["created_by"], out["revision"], out["links"], out["tags"] = "portal", 7, map[string]any{"self": "/x/1", "n": 1}, []any{"a", 1, nil}
	}
	return out
}

// value is what a field holds before the dialect spells it.
func (s *speaker) value(t *Tenant, op *operation, r *Row, f *field) any {
	switch f.Name {
	case "id":
		return r.ID
	case "client_id":
		if r.Dealer {
			return nil
		}
		return t.ID
	case "dealer_id":
		if r.Dealer {
			return int64(1)
		}
		if r.Collection != "client" {
			return nil
		}
	case "create_date", "create_dt", "create_date_utc":
		return born
	case "network_count":
		list, _ := r.Values["network_address"].([]any)
		return int64(len(list))
	case "domain":
		return s.domain(r)
	case "bundle":
		return s.bundle(t, r.Parent)
	case "name":
		if r.Collection == "extension" {
			return t.Prefix + "*" + r.Values["name"].(string)
		}
	case "status":
		if strings.HasPrefix(r.Collection, "agent/") {
			return s.agentStatus(r)
		}
	}
	return s.nested(op, f, clone(r.Values[f.Name]))
}

// nested makes the members of a list whole: what is not set in them is null.
func (s *speaker) nested(op *operation, f *field, v any) any {
	list, isList := v.([]any)
	fields := op.AnswerNested[f.Items]
	if !isList || len(fields) == 0 {
		return v
	}
	for _, x := range list {
		m, ok := x.(map[string]any)
		if !ok {
			continue
		}
		over := m["start_datetime"] != nil && m["end_datetime"] != nil
		for i := range fields {
			g := &fields[i]
			v := m[g.Name]
			switch {
			case g.Name == "type":
				m[g.Name] = "common"
				continue
			case over && g.Name != "start_datetime" && g.Name != "end_datetime":
				v = nil
			}
			m[g.Name] = s.Dialect.spell(g, v)
		}
	}
	return list
}

func (s *speaker) domain(r *Row) any {
	name := r.Values["domain"]
	if !slices.Contains(given, r.Collection) {
		return "sip.example.net"
	}
	switch {
	case name == nil:
		return nil
	case s.Dialect.Domain == "object":
		return map[string]any{"id": int64(3), "name": name}
	}
	return name
}

func (s *speaker) agentStatus(r *Row) any {
	word, _ := r.Values["status"].(string)
	if word == "" {
		word = "available"
	}
	switch s.Dialect.AgentStatus {
	case "object":
		return map[string]any{"status": word, "since": born}
	case "null":
		return nil
	}
	return word
}

// bundle is shown alike at each member.
func (s *speaker) bundle(t *Tenant, ext *Row) any {
	main, list := t.bundleOf(ext)
	if main == nil {
		return map[string]any{"bundle_list": nil, "bundle_id": nil}
	}
	out := map[string]any{}
	for id, v := range list {
		m := clone(v).(map[string]any)
		m["active"] = s.Dialect.spell(&field{Name: "active", Type: "boolean"}, m["active"])
		out[id] = m
	}
	return map[string]any{"bundle_list": out, "bundle_id": s.Dialect.spell(&field{Name: "bundle_id", Type: "integer"}, main.ID)}
}

// bundleOf returns the main extension of the bundle that one is in, and the others' list.
func (t *Tenant) bundleOf(ext *Row) (*Row, map[string]any) {
	for _, p := range t.rows["phone"] {
		list, _ := p.Values["bundle"].(map[string]any)
		if len(list) > 0 && (p.Parent == ext || list[itoa(ext.ID)] != nil) {
			return p.Parent, list
		}
	}
	return nil, nil
}

// list makes the answer that shows a list.
func (s *speaker) list(op *operation, c *call, rows []any, paged bool) any {
	if s.Dialect.Newest && !s.docs.ordered(op.collection) {
		slices.Reverse(rows)
	}
	total := len(rows)
	page, size := 1, 50
	if paged {
		if n := number(c.r.URL.Query().Get("page")); n > 0 {
			page = int(n)
		}
		if n := number(c.r.URL.Query().Get("per_page")); n > 0 {
			size = int(n)
		}
		if s.Dialect.PageCap > 0 {
			size = min(size, s.Dialect.PageCap)
		}
		from := min((page-1)*size, len(rows))
		rows = rows[from:min(from+size, len(rows))]
	}
	if rows == nil {
		rows = []any{}
	}
	if s.Dialect.Wrap == "" {
		return rows
	}
	name := s.Dialect.Wrap
	if name == "*" {
		name = op.collection[strings.LastIndex(op.collection, "/")+1:]
	}
	out := map[string]any{name: rows}
	if s.Dialect.WrapPages {
		out["page"], out["per_page"], out["order"], out["total_count"] = page, size, "asc", total
	}
	return out
}
