package contrary

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// clicked are the collections of a tenant that somebody clicked together, in an order in
// which references lead to what is there.
var clicked = []string{"extension_group", "sound", "network_permission", "dial_rule", "interval", "extension/call_status", "extension",
	"caller_id_group", "extension/event", "agent/local", "agent/remote", "agent/local/event", "agent/remote/event", "phone_event", "user/client", "user/extension", "user/extension_group"}

// samples are texts that fields of a name hold.
var samples = map[string][]any{
	"timezone":        {"Europe/Berlin", "UTC"},
	"email":           {"a@acme.example", "b@acme.example"},
	"url":             {"https://crm.example/a?b=c", "https://crm.example/d", "https://crm.example/e"},
	"geo_list":        {"AT DE", "DE"},
	"number":          {"4930100", "4930101"},
	"message_did":     {"4930100"},
	"external_number": {"4930200"}, "transfer_caller_id_number": {"4930201"},
	"static_reg_address": {"192.0.2.66:5060"},
	"vm_mailto":          {"a@acme.example"},
	"fax_mailto":         {"a@acme.example", "a@acme.example,b@acme.example"},
	"ani_number":         {"4930100", "4930101"},
	"exit_key":           {"1", "*", "#"},
	"transfer_dst":       {"4930200", "101"},
	"conference_pin":     {"1234"},
	"network_address":    {[]any{"192.0.2.0/24"}, []any{"198.51.100.0/24", "203.0.113.0/24"}},
	"property_list":      {[]any{"a", "b"}, []any{"c"}},
	"dial_rules":         {[]any{map[string]any{"match_exp": `^8(\d+)$`, "repl_exp": `7\1`}}, []any{map[string]any{"match_exp": "^1$", "repl_exp": "0001*101", "comment": "x"}}},
	"conditions": {[]any{}, []any{map[string]any{"start_dow": int64(2), "end_dow": int64(6), "start_time": "08:00:00", "end_time": "17:00:00"}},
		[]any{map[string]any{"start_datetime": "2026-12-24 14:00:00", "end_datetime": "2026-12-31 23:59:59"}}},
	"": {"Front desk", "0001*101", "yes", "null", "0101", "Ä b"},
}

// grower fills a tenant by chance.
type grower struct {
	s *keeper
	t *Tenant
	r *rand.Rand
}

// Fill clicks a tenant together by chance. Names are not doubled.
func (s *keeper) Fill(t *Tenant, seed uint64) {
	g := &grower{s, t, rand.New(rand.NewPCG(seed, 1))}
	for _, c := range clicked {
		for n := range 1 + g.r.IntN(3) {
			g.row(c, n)
		}
	}
	for _, c := range slices.Sorted(maps.Keys(singles)) {
		for _, r := range t.rows[c] {
			g.fields(r, s.docs.find("PUT", c, false).Body, 30)
			s.keep(nil, r, nil)
		}
	}
	g.bundle()
	for _, r := range t.rows["did"] {
		if exts := t.rows["extension"]; len(exts) > 0 && g.r.IntN(2) == 0 {
			r.Values["extension_id"] = exts[g.r.IntN(len(exts))].ID
		}
	}
	g.fields(&Row{Collection: "client", Values: t.Values}, s.docs.find("PUT", "client", false).Body, 30)
	t.SetVariable("TOWEL", "0001*101")
}

// bundle joins the first phones in one, in some tenants.
func (g *grower) bundle() {
	phones := g.t.rows["phone"]
	if len(phones) < 2 || g.r.IntN(2) == 0 {
		return
	}
	in := map[string]any{"bundle": map[string]any{"bundle_list": map[string]any{itoa(phones[1].Parent.ID): map[string]any{"active": g.r.IntN(2) == 0}}}}
	_ = g.s.link(g.t, phones[0], in) // phones of no bundle
}

// above are the rows that one of a collection can stand under, if it has to.
func (g *grower) above(collection string) (rows []*Row, under bool) {
	of, under := strings.CutSuffix(collection, "/event")
	if !under {
		return nil, false
	}
	return slices.DeleteFunc(slices.Clone(g.t.rows[of]), func(r *Row) bool { return r.Values["type"] == eventless }), true
}

func (g *grower) row(collection string, n int) {
	r := &Row{Collection: collection, Values: map[string]any{}}
	if above, under := g.above(collection); under {
		if len(above) == 0 {
			return
		}
		r.Parent = above[g.r.IntN(len(above))]
	}
	op := g.s.docs.create(collection)
	g.fields(r, append(slices.Clone(op.Body), op.Form...), 50)
	switch collection {
	case "extension":
		r.Values["name"] = fmt.Sprint(101 + n)
	case "sound":
		r.Values["title"], r.Values["filename"] = fmt.Sprint("Sound ", n), fmt.Sprintf("s%d.wav", n)
		r.file = silence(n)
	default:
		r.Values["name"] = fmt.Sprintf("%s %d", strings.ReplaceAll(collection, "/", " "), n)
		if named(op.Body, "login") != nil {
			r.Values["login"] = fmt.Sprintf("%s%d", strings.ReplaceAll(collection, "/", "."), n)
		}
		if named(op.Body, "url") != nil {
			r.Values["url"] = fmt.Sprint("https://crm.example/", n)
		}
	}
	if named(op.Answer, "name") == nil && collection != "sound" {
		delete(r.Values, "name")
	}
	g.s.add(g.t, r)
}

// fields gives a row what a create needs, and others by chance.
func (g *grower) fields(r *Row, fields []field, percent int) {
	for i := range fields {
		f := &fields[i]
		if f.fallback() != nil && r.Values[f.Name] == nil && !slices.Contains(writeOnly, f.Name) {
			r.Values[f.Name] = f.fallback()
		}
		must := f.Required || f.Name == "status" || f.Name == "access"
		if slices.Contains(writeOnly, f.Name) || f.Name == "bundle" || !must && g.r.IntN(100) >= percent || g.s.Dialect.absent(r.Collection, f) {
			continue
		}
		if v := g.value(f); v != nil {
			r.Values[f.Name] = g.s.Dialect.respelled(r.Collection, f.Name, v)
		}
	}
}

func (g *grower) value(f *field) any {
	if to := refs[f.Name]; to != "" {
		return g.ref(f, g.t.rows[to])
	}
	switch {
	case len(f.Enum) > 0:
		return f.Enum[g.r.IntN(len(f.Enum))]
	case f.Type == "boolean":
		return g.r.IntN(2) == 0
	case f.Type == "integer":
		return int64(1 + g.r.IntN(20))
	}
	words, ok := samples[f.Name]
	for _, like := range []string{"url", "email", "transfer_dst"} {
		if !ok && strings.Contains(f.Name, like) {
			words, ok = samples[like], true
		}
	}
	if !ok {
		words = samples[""]
	}
	return clone(words[g.r.IntN(len(words))])
}

// ref is the id of one of some rows, or a list with it.
func (g *grower) ref(f *field, rows []*Row) any {
	if len(rows) == 0 {
		return nil
	}
	id := rows[g.r.IntN(len(rows))].ID
	if f.Type == "array" {
		return []any{id}
	}
	return id
}

// silence is a WAV file, another one for each n.
func silence(n int) []byte {
	const head = "RIFF\x34\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x10\x00\x00\x00"
	return append([]byte(head), []byte(strings.Repeat(string(rune('0'+n)), 16))...)
}
