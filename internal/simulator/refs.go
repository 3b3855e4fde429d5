package simulator

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"pbxsync/schema"
)

// eachRef visits every reference by id that the values hold.
func eachRef(fields []*schema.Field, values map[string]any, visit func(*schema.Field, int64)) {
	for _, f := range fields {
		if v := values[f.API]; v != nil {
			eachRefIn(f, v, visit)
		}
	}
}

func eachRefIn(f *schema.Field, v any, visit func(*schema.Field, int64)) {
	switch x := v.(type) {
	case int64:
		if f.Ref != nil && f.RefBy == "" && x != 0 {
			visit(f, x)
		}
	case []any:
		for _, item := range x {
			if f.Items != nil && item != nil {
				eachRefIn(f.Items, item, visit)
			}
		}
	case map[string]any:
		eachRef(f.Fields, x, visit)
	}
}

// users returns who refers to a row, sorted by kind and id.
func (t *tenant) users(r *row) []*row {
	var found []*row
	for u := range t.uses[target{r.shape.Kind, r.id}] {
		found = append(found, u)
	}
	for _, tab := range t.named[r.shape.Kind] {
		for _, rows := range tab.lists {
			for _, u := range rows {
				if namesRow(u, r) {
					found = append(found, u)
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b *row) int {
		return cmp.Or(strings.Compare(a.shape.Word, b.shape.Word), cmp.Compare(a.id, b.id))
	})
	return found
}

func namesRow(u, r *row) bool {
	return slices.ContainsFunc(u.shape.byText, func(f *schema.Field) bool {
		return refersByText(f, u.values[f.API], r) && (f.In == nil || under(u, f.In) == r.owner)
	})
}

func refersByText(f *schema.Field, v any, r *row) bool {
	return v != nil && f.RefBy != "" && !f.OrText && f.Ref == r.shape.Kind && r.values[f.RefBy] == v
}

// inside reports whether r is top or one of its children, which go with it.
func inside(r, top *row) bool {
	for ; r != nil; r = r.owner {
		if r == top {
			return true
		}
	}
	return false
}

// family returns a row and its children.
func (t *tenant) family(r *row) []*row {
	all := []*row{r}
	for _, k := range r.shape.Children {
		for _, child := range t.tables[k].lists[r] {
			all = append(all, t.family(child)...)
		}
	}
	return all
}

// unused refuses to delete what something else refers to.
func (t *tenant) unused(r *row) error {
	for _, member := range t.family(r) {
		for _, u := range t.users(member) {
			if !inside(u, r) {
				return refuse(http.StatusBadRequest, "%s is used by %s", titleOf(t, member), titleOf(t, u))
			}
		}
	}
	return nil
}

// drop deletes a row with its children and lets go of every reference to them. A
// referrer that cannot be without its reference goes too.
func (t *tenant) drop(r *row) {
	if r.gone {
		return
	}
	family := t.family(r)
	users := make([][]*row, len(family))
	for i, member := range family {
		users[i] = t.users(member)
	}
	t.remove(r)
	for i, member := range family {
		t.dropGuarded(member)
		for _, u := range users[i] {
			if u.gone {
				continue
			}
			if values, ok := without(u.shape.Fields, u.values, member); ok {
				t.set(u, values)
			} else {
				t.drop(u)
			}
		}
	}
}

// without returns a copy of values that does not refer to r. It is not ok if
// that takes a required field away.
func without(fields []*schema.Field, values map[string]any, r *row) (map[string]any, bool) {
	out := make(map[string]any, len(values))
	ok := true
	for key, v := range values {
		out[key] = v
	}
	for _, f := range fields {
		v, had := out[f.API]
		if !had || v == nil {
			continue
		}
		if out[f.API] = withoutIn(f, v, r); out[f.API] == nil && f.Required {
			ok = false
		}
	}
	return out, ok
}

// withoutIn returns nil for a value that is a reference to r.
func withoutIn(f *schema.Field, v any, r *row) any {
	if refersByText(f, v, r) || f.RefBy == "" && f.Ref == r.shape.Kind && v == any(r.id) {
		return nil
	}
	switch x := v.(type) {
	case []any:
		if f.Items == nil || !holdsRef(f.Items) {
			return v
		}
		kept := make([]any, 0, len(x))
		for _, item := range x {
			if item = withoutIn(f.Items, item, r); item != nil {
				kept = append(kept, item)
			}
		}
		return kept
	case map[string]any:
		if len(f.Fields) == 0 {
			return v
		}
		if out, ok := without(f.Fields, x, r); ok {
			return out
		}
		return nil
	}
	return v
}

// titleOf names a row in messages.
func titleOf(t *tenant, r *row) string {
	if len(r.shape.Key) == 0 {
		return fmt.Sprintf("%s %d", r.shape.Word, r.id)
	}
	text, _ := filterText(r.shape.Key[0].Field, t.field(r, r.shape.Key[0].Field))
	return fmt.Sprintf("%s %s (id %d)", r.shape.Word, text, r.id)
}
