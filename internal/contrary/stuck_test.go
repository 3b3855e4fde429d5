package contrary

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// onceSet are the fields of a row that nobody has set and that no call can set back: a yes or
// no for which the server shows null until then, and no call takes null.
func (h *hand) onceSet(r *Row) []string {
	op := h.s.docs.find("PUT", r.Collection, true)
	if op == nil {
		op = h.s.docs.find("PUT", r.Collection, false)
	}
	unset := h.shows(r)
	return slices.DeleteFunc(h.s.Shown(r), func(name string) bool {
		if op == nil || named(op.Body, name) == nil {
			return true
		}
		f := named(op.Body, name)
		return f.Type != "boolean" || unset[name] != nil || h.s.Dialect.takesNull(f, false)
	})
}

// shows is what the server's answers show of a row.
func (h *hand) shows(r *Row) map[string]any {
	out := map[string]any{}
	for _, item := range []bool{false, true} {
		if op := h.s.docs.find("GET", r.Collection, item); op != nil {
			maps.Copy(out, h.s.show(h.first, op, r))
		}
	}
	return out
}

// stuck sets by hand what no call can set back, and something else besides. Drift names both
// and ends with 2, apply does the rest and ends with 4, and drift goes on saying it.
func (w *world) stuck() string {
	h := w.hand()
	before, labels := h.s.State(h.first), h.first.labels()
	for _, r := range h.open() {
		names := slices.DeleteFunc(h.onceSet(r), func(name string) bool { return h.named[labels[r]+" ."+name] })
		if !h.s.Dialect.Nulls || len(names) == 0 {
			continue
		}
		back := h.first.keep()
		name := names[h.g.r.IntN(len(names))]
		r.Values[name] = true
		set := h.s.State(h.first)
		other, field := h.edit()
		what := fmt.Sprintf("%s .%s and %s .%s are set: ", h.first.address(r), name, h.first.address(other), field)
		if other == r {
			back()
			continue
		}
		if wrong := h.says([]int{2}, word(r.Collection, name), "cannot be put back", word(other.Collection, field)); wrong != "" {
			return what + wrong
		}
		code, out := h.run("apply", "--auto-approve", "--revert-drift", "--approve", "lock-out", h.dir)
		if left := differences(set, h.s.State(h.first)); code != 4 || !strings.Contains(strings.Join(strings.Fields(out), " "), "cannot be put back") || len(left) > 0 {
			return fmt.Sprintf("%sapply: exit %d, left %v, refused %v\n%s", what, code, left, h.s.Refused(), out)
		}
		if wrong := h.says([]int{2}, word(r.Collection, name), "Drift: 1 object drifted.", "cannot be put back"); wrong != "" {
			return what + wrong
		}
		h.stays++
		back()
		if left := differences(before, h.s.State(h.first)); len(left) > 0 {
			return fmt.Sprint(what, "the tenant is not as before: ", left)
		}
		return ""
	}
	return ""
}
