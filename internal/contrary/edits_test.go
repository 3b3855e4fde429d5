package contrary

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"pbxsync/schema"
)

// hand is somebody who changes a tenant in the portal.
type hand struct {
	*world
	g grower
}

func (w *world) hand() *hand {
	return &hand{w, grower{&w.s.keeper, w.first, rand.New(rand.NewPCG(w.seed, 2))}}
}

// keep returns what puts a tenant back to how it is now.
func (t *Tenant) keep() func() {
	rows, values := map[string][]*Row{}, map[*Row]map[string]any{}
	own, vars, ani := clone(t.Values).(map[string]any), slices.Clone(t.vars), t.ani
	for c := range t.rows {
		rows[c] = slices.Clone(t.rows[c])
		for _, r := range t.rows[c] {
			values[r] = clone(r.Values).(map[string]any)
		}
	}
	return func() {
		t.rows, t.vars, t.ani = rows, vars, ani
		clear(t.Values)
		maps.Copy(t.Values, own)
		for r, v := range values {
			r.Values = v
		}
	}
}

// open are the own rows of collections that are not refused.
func (h *hand) open() []*Row {
	return slices.DeleteFunc(h.s.Own(h.first), func(r *Row) bool { _, refused := h.s.Dialect.Refuse[r.Collection]; return refused })
}

// edit changes one field of one row to something else, and returns both.
func (h *hand) edit() (*Row, string) {
	before, labels := h.s.State(h.first), h.first.labels()
	for range 1000 {
		rows := h.open()
		r := rows[h.g.r.IntN(len(rows))]
		op := h.s.docs.find("PUT", r.Collection, true)
		if op == nil {
			op = h.s.docs.find("PUT", r.Collection, false)
		}
		shown := slices.DeleteFunc(h.s.Shown(r), func(name string) bool {
			return op == nil || h.named[labels[r]+" ."+name] || named(op.Body, name) == nil || name == "bundle" || strings.HasPrefix(r.Collection, "agent/") && name == "status"
		})
		if len(shown) == 0 {
			continue
		}
		f := named(op.Body, shown[h.g.r.IntN(len(shown))])
		was, had := r.Values[f.Name]
		once := slices.Contains(h.onceSet(r), f.Name)
		if r.Values[f.Name] = h.s.Dialect.respelled(r.Collection, f.Name, h.g.value(f)); r.Values[f.Name] == nil {
			delete(r.Values, f.Name)
		}
		h.s.keep(nil, r, nil)
		off := once && r.Values[f.Name] == false // what the server does before anything was said: no change
		if !off && len(differences(before, h.s.State(h.first))) > 0 {
			return r, f.Name
		}
		if r.Values[f.Name] = was; !had {
			delete(r.Values, f.Name)
		}
	}
	h.t.Fatal("no field can be changed")
	return nil, ""
}

// word is what files call a field of a collection.
func word(of, name string) string {
	for _, k := range schema.Builtin().Kinds {
		if k.Managed() && collection(k, nil) == of {
			for _, f := range k.Fields {
				if f.API == name {
					return f.Name
				}
			}
		}
	}
	return name
}

// escaped writes a key as addresses have it.
var escaped = strings.NewReplacer("%", "%25", "/", "%2F")

// says runs drift, which has to end with one of the codes, write nothing and say all of
// some words.
func (h *hand) says(codes []int, words ...string) string {
	h.s.Forget()
	code, out := h.run("drift", h.dir)
	inOne := strings.Join(strings.Fields(out), " ") // a line that is broken says the same
	if !slices.Contains(codes, code) || len(h.s.Writes()) > 0 || slices.ContainsFunc(words, func(x string) bool { return !strings.Contains(out, x) && !strings.Contains(inOne, x) }) {
		return fmt.Sprintf("drift does not say %q: exit %d, writes %v\n%s", words, code, h.s.Writes(), out)
	}
	return ""
}

// edited changes fields by hand, one after the other. Drift names each; apply puts it back,
// or does nothing to it, says why and ends with 4.
func (w *world) edited() string {
	h := w.hand()
	for range 3 {
		before, back := h.s.State(h.first), h.first.keep()
		r, name := h.edit()
		what := fmt.Sprintf("%s .%s is now %v: ", h.first.address(r), name, r.Values[name])
		after := h.s.State(h.first)
		if wrong := h.says([]int{2}, escaped.Replace(h.first.key(r)), word(r.Collection, name)); wrong != "" {
			return what + wrong
		}
		code, out := h.run("apply", "--auto-approve", "--revert-drift", "--approve", "lock-out", h.dir)
		left := differences(before, h.s.State(h.first))
		switch {
		case code == 0 && len(left) == 0:
			if wrong := h.reads("drift", h.dir); wrong != "" {
				return what + wrong
			}
		case code == 4 && strings.Contains(out, word(r.Collection, name)) && len(differences(after, h.s.State(h.first))) == 0:
			h.stays++
			back()
		default:
			return fmt.Sprintf("%sapply: exit %d, left %v, refused %v\n%s", what, code, left, h.s.Refused(), out)
		}
		h.edits++
	}
	return ""
}

// added puts an object there by hand: it is a stray, and an apply leaves it alone.
func (w *world) added() string {
	h := w.hand()
	back := h.first.keep()
	defer back()
	c := h.pick(h.adds)
	h.g.row(c, 7)
	r := h.first.rows[c][len(h.first.rows[c])-1]
	what := h.first.address(r) + " is added: "
	if k := sparse(c); k != nil && !slices.ContainsFunc(h.first.rows[c], func(other *Row) bool { return other != r && other.Parent == r.Parent }) {
		return h.leftOut(k, what)
	}
	if wrong := h.says([]int{0, 2}, escaped.Replace(h.first.key(r)), "no file"); wrong != "" {
		return what + wrong
	}
	h.s.Forget()
	if code, out := h.run("apply", "--auto-approve", "--revert-drift", h.dir); code != 0 || len(h.s.Writes()) > 0 {
		return fmt.Sprintf("%sapply: exit %d, writes %v\n%s", what, code, h.s.Writes(), out)
	}
	return ""
}

// sparse returns the kind of a collection that most parents have nothing of: files do not say
// where there is nothing, and nobody looks there.
func sparse(c string) *schema.Kind {
	all := schema.Builtin().Kinds
	if i := slices.IndexFunc(all, func(k *schema.Kind) bool { return k.Sparse && collection(k, nil) == c }); i >= 0 {
		return all[i]
	}
	return nil
}

// leftOut has to name a kind among those that were not read, since an object of it was added
// where the files say nothing.
func (h *hand) leftOut(k *schema.Kind, what string) string {
	h.s.Forget()
	code, out := h.run("drift", "--verbose", h.dir)
	named := regexp.MustCompile(`kinds not read: .*` + strings.Join(k.Section, ".") + ` \(`)
	if code != 0 || len(h.s.Writes()) > 0 || !named.MatchString(strings.Join(strings.Fields(out), " ")) {
		return fmt.Sprintf("%sdrift does not say that nobody looked: exit %d, writes %v\n%s", what, code, h.s.Writes(), out)
	}
	return ""
}

// adds reports whether somebody may put an object of a collection there: of what stands under
// others, only where one of these is.
func (h *hand) adds(c string) bool {
	above, under := h.g.above(c)
	return c != "extension/call_status" && (!under || len(above) > 0)
}

// pick returns one of the collections that can be filled.
func (h *hand) pick(wanted func(string) bool) string {
	var all []string
	for _, c := range clicked {
		if _, refused := h.s.Dialect.Refuse[c]; !refused && wanted(c) {
			all = append(all, c)
		}
	}
	return all[h.g.r.IntN(len(all))]
}

// deleted takes an object away by hand that nothing uses, and one that the files know by
// its id, where there is one.
func (w *world) deleted() string {
	h := w.hand()
	keys := map[string]int{}
	for _, r := range h.open() {
		keys[h.first.address(r)]++
	}
	byID := func(r *Row) bool {
		return keys[h.first.address(r)] > 1 || h.first.key(r) == "" && r.Collection != "phone"
	}
	rows := slices.DeleteFunc(h.open(), func(r *Row) bool {
		return h.s.docs.create(r.Collection) == nil && r.Collection != "sound" || r.Collection == "client" || len(h.first.users(r)) > 0
	})
	known := slices.DeleteFunc(slices.Clone(rows), func(r *Row) bool { return !byID(r) })
	if len(known) > 0 {
		h.ided++
		r := known[h.g.r.IntN(len(known))]
		if wrong := h.missed(r, fmt.Sprint("with id ", r.ID), false); wrong != "" {
			return wrong
		}
	}
	rows = slices.DeleteFunc(rows, byID)
	r := rows[h.g.r.IntN(len(rows))]
	return h.missed(r, escaped.Replace(h.first.key(r)), true)
}

// missed deletes one object by hand: drift names it, and apply makes it again where that may
// be, or asks for what it needs and writes nothing.
func (h *hand) missed(r *Row, name string, again bool) string {
	before, back := h.s.State(h.first), h.first.keep()
	what := h.first.address(r) + " is deleted: "
	h.first.remove(r)
	if wrong := h.says([]int{2}, name, "deleted"); wrong != "" {
		return what + wrong
	}
	h.s.Forget()
	code, out := h.run("apply", "--auto-approve", "--revert-drift", "--approve", "lock-out", h.dir)
	switch left := h.unnamed(differences(before, h.s.State(h.first))); {
	case code == 0 && len(left) == 0 && again:
		return h.reads("drift", h.dir)
	case code == 3 && strings.Contains(out, name) && len(h.s.Writes()) == 0:
		h.asked++
		back()
	default:
		return fmt.Sprintf("%sapply: exit %d, left %v, refused %v\n%s", what, code, left, h.s.Refused(), out)
	}
	return ""
}
