package diff

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/file"
)

// declared are files as a tenant.
func declared(t *testing.T, text string) *schema.Tenant {
	t.Helper()
	d, problems := file.Parse(schema.Builtin(), []file.File{{Name: "t.yaml", Data: []byte("version: 1\ntenant: acme\n" + text)}})
	if problems.Err() != nil {
		t.Fatal(problems)
	}
	return d
}

// sidesOf says who moved, of files, rows and a base.
func sidesOf(t *testing.T, text string, rows rows, base *Base) []*Sided {
	t.Helper()
	desired, live := declared(t, text), liveOf(t, rows)
	if ps := append(append(live.Match(desired), live.Resolve(desired)...), live.Replace(desired)...); len(ps) > 0 {
		t.Fatal(ps)
	}
	return Sides(Compare(desired, live), desired, live, base)
}

func told(sides []*Sided) string {
	var out []string
	for _, x := range sides {
		line := fmt.Sprintf("%s %s %s", x.Address(), x.Fate, x.Side)
		for _, f := range x.Fields {
			line += fmt.Sprintf(" %s:%s", f.Name, f.Side)
		}
		out = append(out, line)
	}
	return strings.Join(out, "; ")
}

// Every combination of what base, tenant and files can have of a field.
func TestSidesOfFields(t *testing.T) {
	const none = ""
	for _, tt := range []struct{ base, live, files, want string }{
		{none, "a", none, ""}, // nobody states it
		{none, "a", "a", ""},
		{none, "a", "b", "pending"}, // newly stated
		{"a", "a", none, ""},        // no longer stated
		{"a", "b", none, ""},
		{"a", "a", "a", ""},
		{"a", "a", "b", "pending"},
		{"a", "b", "a", "drift"},
		{"a", "b", "b", "same"},
		{"a", "b", "c", "conflict"},
		{"null", "b", "null", "drift"},
		{"null", "null", "b", "pending"},
		{"a", "null", "a", "drift"},
		{"a", "a", "null", "pending"},
		{"a", "b", "null", "conflict"},
		{"a", "null", "b", "conflict"},
	} {
		t.Run(fmt.Sprintf("%s,%s,%s", tt.base, tt.live, tt.files), func(t *testing.T) {
			stating := func(v string) string {
				if v == none {
					return "extension_groups: {g: {}}\n"
				}
				return fmt.Sprintf("extension_groups: {g: {extra_params: %s}}\n", v)
			}
			row := map[string]any{"name": "g", "extra_params": tt.live}
			if tt.live == "null" {
				row["extra_params"] = nil
			}
			want := ""
			if tt.want != "" {
				want = fmt.Sprintf("extension_group/g changed %s extra_params:%s", tt.want, tt.want)
			}
			if got := told(sidesOf(t, stating(tt.files), rows{"extension_group": {row}}, &Base{Tenant: declared(t, stating(tt.base))})); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

// Every combination of what base, tenant and files can have of an object.
func TestSidesOfObjects(t *testing.T) {
	const is, other, absent = "extension_groups: {g: {extra_params: a}}\n", "extension_groups: {g: {extra_params: b}}\n", "extension_groups: {g: {absent: true}}\n"
	const none, pruned, differ = "extension_groups: {}\n", "extension_groups: {}\nprune: [extension_group]\n", "extension_groups: {}\nunmanaged: {extension_group: differ}\n"
	here, edited := rows{"extension_group": {{"name": "g", "extra_params": "a"}}}, rows{"extension_group": {{"name": "g", "extra_params": "b"}}}
	gone := rows{}
	for _, tt := range []struct {
		name, base string
		live       rows
		files      string
		want       string
	}{
		{"new in the files", none, gone, is, "added pending"},
		{"new in both", none, edited, is, "changed pending"},
		{"new in the tenant", none, here, none, "appeared "},
		{"new in the tenant, counted", none, here, differ, "appeared drift"},
		{"new in the tenant, pruned", none, here, pruned, "appeared drift"},
		{"was to be absent, is there", absent, here, absent, "appeared drift"},
		{"was to be absent, is wanted", absent, gone, is, "added pending"},
		{"was to be absent, both have it", absent, edited, is, "changed conflict"},
		{"deleted in the tenant", is, gone, is, "deleted drift"},
		{"deleted in the tenant, changed in the files", is, gone, other, "deleted conflict"},
		{"deleted in both", is, gone, none, ""},
		{"deleted in the files", is, here, absent, "dropped pending"},
		{"deleted in the files, changed in the tenant", is, edited, absent, "dropped conflict"},
		{"left out of the files", is, here, none, "dropped pending"},
		{"left out of the files, pruned", is, here, pruned, "dropped pending"},
		{"left out of the files, pruned, changed in the tenant", is, edited, pruned, "dropped conflict"},
		{"in no file then, to be absent", none, here, absent, "added pending"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := tt.want
			if want != "" {
				want = "extension_group/g " + want
			}
			got := told(sidesOf(t, tt.files, tt.live, &Base{Tenant: declared(t, tt.base), Looked: map[string]bool{"extension_group": true}}))
			if got, _, _ = strings.Cut(got, " extra_params"); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

// What no file declared then has not appeared, and is pruned because the files say so now.
func TestSidesOfStrays(t *testing.T) {
	live := func() rows { return rows{"extension_group": {{"name": "g"}}} }
	known := &Base{Tenant: declared(t, "extension_groups: {}\n"), Strays: map[string]bool{"extension_group/g": true}, Looked: map[string]bool{"extension_group": true}}
	for files, want := range map[string]string{
		"extension_groups: {}\n":                           "extension_group/g undeclared ",
		"extension_groups: {}\nprune: [extension_group]\n": "extension_group/g undeclared pending",
	} {
		if got := told(sidesOf(t, files, live(), known)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for base, want := range map[string]string{ // earlier files do not tell which strays there were
		"extension_groups: {}\n":                           "extension_group/g undeclared pending",
		"extension_groups: {}\nprune: [extension_group]\n": "extension_group/g appeared drift",
	} {
		if got := told(sidesOf(t, "extension_groups: {}\nprune: [extension_group]\n", live(), &Base{Tenant: declared(t, base)})); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A reference to what has been renamed since is the one that it was.
func TestSidesOfReferences(t *testing.T) {
	base := &Base{Tenant: declared(t, "extension_groups: {sales: {}, support: {}}\nextensions: {\"101\": {extension_group: sales}}\n")}
	files := "extension_groups: {vertrieb: {previously: [sales]}, support: {}}\nextensions: {\"101\": {extension_group: vertrieb}}\n"
	row := func(group string) rows {
		return rows{"extension_group": {{"name": "sales", "id": json.Number("1")}, {"name": "support", "id": json.Number("2")}},
			"extension": {{"name": "12037*101", "extension_group_id": json.Number(group)}}}
	}
	if got, want := told(sidesOf(t, files, row("1"), base)), "extension_group/vertrieb changed pending name:pending"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := told(sidesOf(t, files, row("2"), base)), "extension/101 changed drift extension_group:drift; extension_group/vertrieb changed pending name:pending"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// What the server keeps in another form has not moved.
func TestSidesOfOtherForms(t *testing.T) {
	base := &Base{Tenant: declared(t, "extension_groups: {g: {extra_params: a}}\n"), Kept: map[string]map[string]any{"extension_group/g": {"extra_params": "A"}}}
	got := told(sidesOf(t, "extension_groups: {g: {extra_params: b}}\n", rows{"extension_group": {{"name": "g", "extra_params": "A"}}}, base))
	if want := "extension_group/g changed pending extra_params:pending"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Who replaces what somebody has changed since takes that away.
func TestSidesOfAReplace(t *testing.T) {
	base := &Base{Tenant: declared(t, "extension_groups: {g: {extra_params: a}}\n")}
	for live, want := range map[string]string{"a": "extension_group/h added pending", "b": "extension_group/h added conflict"} {
		got := told(sidesOf(t, "extension_groups: {h: {replaces: [g]}}\n", rows{"extension_group": {{"name": "g", "extra_params": live}}}, base))
		if got != want {
			t.Errorf("%s: %q, want %q", live, got, want)
		}
	}
}

// What is gone under its name, and there under another, is one object by its id.
func TestSidesOfARename(t *testing.T) {
	base := &Base{Tenant: declared(t, "extension_groups: {g: {}}\n"), IDs: map[string]int64{"extension_group/g": 1}}
	for id, same := range map[string]bool{"1": true, "2": false} {
		sides := sidesOf(t, "extension_groups: {g: {}}\n", rows{"extension_group": {{"name": "h", "id": json.Number(id)}}}, base)
		if len(sides) != 2 || (sides[0].Now != nil) != same || (sides[1].Before != nil) != same {
			t.Fatalf("%s: %s", id, told(sides))
		}
		if same && (sides[0].Now.Address() != "extension_group/h" || sides[1].Before.Address() != "extension_group/g") {
			t.Errorf("%s, %s", sides[0].Now.Address(), sides[1].Before.Address())
		}
	}
}

// Who moved can be told once the objects are read to which the tenant's ids lead: of what is changed or
// goes, where the base knows a key for them.
func TestUnnamed(t *testing.T) {
	base := &Base{Tenant: declared(t, "extension_groups: {sales: {}}\nextensions: {\"101\": {extension_group: sales}}\n")}
	row := rows{"extension": {{"name": "12037*101", "id": json.Number("7"), "label": "A", "extension_group_id": json.Number("2")}}}
	for files, want := range map[string]string{
		"extensions: {\"101\": {extension_group: null}}\n": "extension_group",
		"extensions: {\"101\": {absent: true}}\n":          "extension_group",
		"extensions: {\"101\": {label: B}}\n":              "",
	} {
		desired, live := declared(t, files), liveOf(t, row)
		if ps := append(live.Match(desired), live.Resolve(desired)...); len(ps) > 0 {
			t.Fatal(ps)
		}
		got := ""
		for _, k := range Unnamed(Compare(desired, live), desired, live, base) {
			got += k.Word
		}
		if got != want {
			t.Errorf("%s: %q, want %q", files, got, want)
		}
	}
}
