package diff

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pbxsync/schema"
)

// world is a tenant of groups and extensions: what each has, by name.
type world struct {
	groups     map[string]string    // name -> extra_params
	extensions map[string][2]string // name -> label, group ("" for null)
}

func (w world) clone() world { return world{maps.Clone(w.groups), maps.Clone(w.extensions)} }

// move changes some of it at random; references lead to what is there.
func (w world) move(r *rand.Rand) {
	for range r.IntN(5) {
		g, e := fmt.Sprint("g", r.IntN(3)), fmt.Sprint(101+r.IntN(4))
		switch r.IntN(6) {
		case 0:
			w.groups[g] = fmt.Sprint("p", r.IntN(3))
		case 1:
			delete(w.groups, g)
			for name, x := range w.extensions {
				if x[1] == g {
					w.extensions[name] = [2]string{x[0], ""}
				}
			}
		case 2:
			delete(w.extensions, e)
		default:
			group := ""
			if _, ok := w.groups[g]; ok && r.IntN(2) == 0 {
				group = g
			}
			w.extensions[e] = [2]string{fmt.Sprint("l", r.IntN(3)), group}
		}
	}
}

// files are the world as files; what gone has and it has not is to be absent.
func (w world) files(gone world) string {
	var b strings.Builder
	b.WriteString("extension_groups:\n")
	for _, g := range slices.Sorted(maps.Keys(union(w.groups, gone.groups))) {
		if v, ok := w.groups[g]; ok {
			fmt.Fprintf(&b, "  %s: {extra_params: %s}\n", g, v)
		} else {
			fmt.Fprintf(&b, "  %s: {absent: true}\n", g)
		}
	}
	b.WriteString("  last: {}\nextensions:\n")
	for _, e := range slices.Sorted(maps.Keys(union(w.extensions, gone.extensions))) {
		if v, ok := w.extensions[e]; ok {
			fmt.Fprintf(&b, "  %q: {type: queue, status: active, label: %s, extension_group: %s}\n", e, v[0], orNull(v[1]))
		} else {
			fmt.Fprintf(&b, "  %q: {absent: true}\n", e)
		}
	}
	b.WriteString("  \"199\": {}\n")
	return b.String()
}

func orNull(s string) string {
	if s == "" {
		return "null"
	}
	return s
}

func union[V any](a, b map[string]V) map[string]V {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

func (w world) rows() rows {
	ids := map[string]json.Number{}
	out := rows{"extension_group": {{"name": "last", "id": json.Number("99")}}, "extension": {{"name": "12037*199", "id": json.Number("199"), "type": "queue", "status": "active"}}}
	for i, g := range slices.Sorted(maps.Keys(w.groups)) {
		ids[g] = json.Number(fmt.Sprint(i + 1))
		out["extension_group"] = append(out["extension_group"], map[string]any{"name": g, "id": ids[g], "extra_params": w.groups[g]})
	}
	for _, e := range slices.Sorted(maps.Keys(w.extensions)) {
		v := w.extensions[e]
		row := map[string]any{"name": "12037*" + e, "id": json.Number(e), "type": "queue", "status": "active", "label": v[0], "extension_group_id": nil}
		if v[1] != "" {
			row["extension_group_id"] = ids[v[1]]
		}
		out["extension"] = append(out["extension"], row)
	}
	return out
}

// Whatever base, tenant and files are: what is left alone has drifted, what is carried out has
// not unless something needs it, and nothing else differs once the rest is done.
func TestLeaveProperty(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		base := world{map[string]string{}, map[string][2]string{}}
		base.move(r)
		base.move(r)
		base.move(r)
		live, files := base.clone(), base.clone()
		live.move(r)
		files.move(r)
		text := files.files(base)
		desired, l := declared(t, text), liveOf(t, live.rows())
		if ps := append(l.Match(desired), l.Resolve(desired)...); len(ps) > 0 {
			t.Fatal(ps)
		}
		full := Compare(desired, l)
		sides := Sides(full, desired, l, &Base{Tenant: declared(t, base.files(world{}))})
		bySide := map[string]Side{}
		for _, x := range sides {
			bySide[x.Address()] = x.Side
			for _, f := range x.Fields {
				bySide[x.Address()+"."+f.Name] = f.Side
			}
		}
		left, needed := Leave(sides, full, desired, l)
		back := parts(needed)
		for p := range parts(left) {
			if bySide[p] != Drift || back[p] {
				t.Fatalf("seed %d: %s is left alone, and is %s\n%s", seed, p, bySide[p], text)
			}
		}
		rest := Compare(desired, l)
		for _, ch := range rest.Changes {
			if ch.Live == nil || ch.Ends() {
				if bySide[ch.Address()] == Drift && !back[ch.Address()] {
					t.Fatalf("seed %d: %s %s drifted, and nothing needs it\n%s", seed, ch.Action, ch.Address(), text)
				}
				continue
			}
			for _, f := range ch.Fields {
				if p := ch.Address() + "." + f.Name; bySide[p] == Drift && !back[p] {
					t.Fatalf("seed %d: %s drifted, and nothing needs it\n%s", seed, p, text)
				}
			}
		}
		for _, ch := range rest.Changes { // whatever is referred to is declared, or there
			dangling(t, seed, desired, l, ch)
		}
		lost := len(parts(left)) + count(rest.Changes)
		if lost != count(full.Changes) {
			t.Fatalf("seed %d: %d parts differ, %d are left alone and %d carried out\n%s", seed, count(full.Changes), len(parts(left)), count(rest.Changes), text)
		}
	}
}

// parts names the objects and fields of sides.
func parts(list []*Sided) map[string]bool {
	out := map[string]bool{}
	for _, x := range list {
		if x.Fate != Changed {
			out[x.Address()] = true
		}
		for _, f := range x.Fields {
			out[x.Address()+"."+f.Name] = true
		}
	}
	return out
}

// count counts objects that come or go, and fields that change.
func count(changes []*Change) int {
	n := 0
	for _, ch := range changes {
		if ch.Live == nil || ch.Ends() {
			n++
		} else {
			n += len(ch.Fields)
		}
	}
	return n
}

func dangling(t *testing.T, seed uint64, desired *schema.Tenant, l *Live, ch *Change) {
	t.Helper()
	for _, f := range ch.Fields {
		if f.Name != "extension_group" || f.New == nil || ch.Desired == nil {
			continue
		}
		a := "extension_group/" + f.New.(string)
		if desired.Object(a) == nil && l.Object(a) == nil {
			t.Fatalf("seed %d: %s refers to %s, which is left deleted", seed, ch.Address(), a)
		}
	}
}

// What drifted is put back where it would keep an object that goes, and left alone elsewhere.
func TestLeaveOfWhatGoes(t *testing.T) {
	base := &Base{Tenant: declared(t, "extension_groups: {g: {}, h: {}}\nextensions: {\"101\": {extension_group: null}}\n")}
	files := "extension_groups: {g: {absent: true}, h: {}}\nextensions: {\"101\": {extension_group: null}}\n"
	for group, want := range map[string]string{"1": "0 left, 1 needed", "2": "1 left, 0 needed"} {
		desired := declared(t, files)
		live := liveOf(t, rows{"extension_group": {{"name": "g"}, {"name": "h"}}, "extension": {{"name": "12037*101", "extension_group_id": json.Number(group)}}})
		if ps := append(live.Match(desired), live.Resolve(desired)...); len(ps) > 0 {
			t.Fatal(ps)
		}
		result := Compare(desired, live)
		left, needed := Leave(Sides(result, desired, live, base), result, desired, live)
		if got := fmt.Sprintf("%d left, %d needed", len(left), len(needed)); got != want {
			t.Errorf("%s: %s, want %s", group, got, want)
		}
	}
}
