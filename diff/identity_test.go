package diff

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pbxsync/schema"
)

var (
	number = func(s string) any { return json.Number(s) }
	wrongs = []any{true, false, []any{}, []any{number("5")}, map[string]any{}, map[string]any{"id": number("5")}, number("1e308"), number("1.5"), number("-1"),
		number("9007199254740992")}
	wrongIDs = append([]any{number("0"), "", "0", "x", "5x", "05", "1e3", " 5", "-1"}, wrongs...)
)

// row is a row of a kind as a server sends it.
func rowOf(k *schema.Kind) map[string]any {
	row := map[string]any{"id": number("5")}
	for _, p := range k.Key {
		row[p.Field.Answer] = "k"
	}
	if k.TenantField() != nil || k.Owner.Client != "" {
		row["client_id"] = number("12")
	}
	return row
}

// identities are the fields of a kind that say which object a row is and whose, with the
// values that say nothing.
func identities(k *schema.Kind) map[string][]any {
	out := map[string][]any{"id": wrongIDs}
	for _, f := range k.Fields {
		switch {
		case k.IsKey(f) && f.Pick != "":
			out[f.Answer] = []any{true, []any{}, number("1e308"), number("1.5")}
		case k.IsKey(f):
			out[f.Answer] = []any{true, false, []any{}, map[string]any{}, number("1e308"), number("1.5")}
		case f.Ref != nil && f.RefBy == "" && f.Members == nil:
			out[f.Answer] = append([]any{"x", "1e3"}, wrongs...)
		}
	}
	for _, name := range []string{k.Owner.Dealer, k.Owner.Client} {
		if name != "" {
			out[name] = append([]any{"x", "1e3"}, wrongs...)
		}
	}
	if f := k.TenantField(); f != nil {
		out[f.Answer] = append([]any{"x", "1e3"}, wrongs...)
	}
	return out
}

// Which object a row is, and whose, is never guessed: what is of a wrong type is an error
// that names the field and the value.
func TestWrongIdentities(t *testing.T) {
	cases := 0
	for _, k := range schema.Builtin().Kinds {
		if !k.Managed() || k.Tenant.ID != "" {
			continue
		}
		live := NewLive(12, "acme", "12037")
		if _, err := live.NewObject(k, nil, rowOf(k)); err != nil {
			t.Errorf("%s: a right row: %v", k.Word, err)
		}
		for name, values := range identities(k) {
			for _, v := range values {
				row := rowOf(k)
				row[name] = v
				_, err := live.NewObject(k, nil, row)
				if err == nil || !strings.Contains(err.Error(), name+" is ") {
					t.Errorf("%s: %s %v: %v", k.Word, name, v, err)
				}
				cases++
			}
		}
		row := rowOf(k)
		if delete(row, "id"); NeedsID(k) {
			if _, err := live.NewObject(k, nil, row); err == nil {
				t.Errorf("%s: a row without an id is taken", k.Word)
			}
		}
	}
	if cases < 300 {
		t.Errorf("%d cases", cases)
	}
}

// An id that is written as text is that id, and 0 and "" are none.
func TestSpokenIdentities(t *testing.T) {
	for _, k := range schema.Builtin().Kinds {
		if !k.Managed() || k.Tenant.ID != "" {
			continue
		}
		row := rowOf(k)
		want, err := NewLive(12, "acme", "12037").NewObject(k, nil, row)
		if err != nil {
			t.Fatal(err)
		}
		row["id"] = "5"
		if row["client_id"] != nil {
			row["client_id"] = "12"
		}
		for _, none := range []any{nil, "", "0", number("0")} {
			if k.Owner.Dealer != "" {
				row[k.Owner.Dealer] = none
			}
			got, err := NewLive(12, "acme", "12037").NewObject(k, nil, row)
			if err != nil || got.ID != want.ID || got.Key != want.Key || got.Shared {
				t.Errorf("%s: %+v, %v, wanted %+v", k.Word, got, err, want)
			}
		}
		if k.Owner.Dealer == "" {
			continue
		}
		for _, dealer := range []any{number("3"), "3"} {
			row := rowOf(k)
			row[k.Owner.Dealer] = dealer
			delete(row, k.Owner.Client)
			if got, err := NewLive(12, "acme", "12037").NewObject(k, nil, row); err != nil || !got.Shared {
				t.Errorf("%s: %v is no dealer's: %v", k.Word, fmt.Sprint(row), err)
			}
		}
	}
}
