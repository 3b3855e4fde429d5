package observe

import (
	"slices"
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/schema"
)

// What a file can say to let a reference go is only what the kind can do.
func TestWaysOut(t *testing.T) {
	for want, f := range map[string]*schema.Field{
		"another f, or f: null": {Name: "f", Nullable: true},
		"another f":             {Name: "f"},
		"":                      {Name: "f", CreateOnly: true, Nullable: true},
	} {
		if got := strings.Join(waysOut(&schema.Kind{}, f), ", or "); got != want {
			t.Errorf("%+v: %q, wanted %q", f, got, want)
		}
	}
	group := schema.Builtin().Kind("extension_group")
	if got := waysOut(group, &schema.Field{Name: "f", CreateOnly: true}); !slices.Equal(got, []string{"absent: true"}) {
		t.Errorf("%v", got)
	}
}

// A value is claimed by what is made with it, and by what it is set at; not by what goes,
// nor by what only stays as it is.
func TestClaims(t *testing.T) {
	k := schema.Builtin().Kind("client_user")
	user := func(login string) *schema.Object {
		return &schema.Object{Kind: k, Key: login, Values: map[string]any{"login": login}}
	}
	of := func(action diff.Action, login string, fields ...diff.Field) *diff.Change {
		return &diff.Change{Action: action, Desired: user(login), Live: user(login), Fields: fields}
	}
	made := of(diff.Create, "made")
	made.Live = nil
	got := claims([]*diff.Change{made, of(diff.Delete, "gone"), of(diff.Update, "stays", diff.Field{Name: "name", New: "x"}),
		of(diff.Update, "set", diff.Field{Name: "login", New: "set"}), {Action: diff.Delete, Live: user("stray")}})
	var values []string
	for v := range got["login"] {
		values = append(values, v)
	}
	slices.Sort(values)
	if len(got) != 1 || !slices.Equal(values, []string{"made", "set"}) || got["login"]["made"] != made {
		t.Errorf("%v", got)
	}
	if said := unsure(got, []Unreadable{{Kind: k, Why: "403"}}); len(said) != 2 || !strings.Contains(said[0].Message, `login "made" may be taken`) {
		t.Errorf("%v", said)
	}
}
