package call_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/call"
)

// rowsOf reads a kind of rows at a path.
func rowsOf(t *testing.T, r *canned.Reader, word, path string) (string, int) {
	t.Helper()
	rows, n, err := call.Rows(t.Context(), r, schema.Builtin().Kind(word), path)
	if err != nil {
		return err.Error(), n
	}
	var out []string
	for _, row := range rows {
		out = append(out, fmt.Sprint(row["x"]))
	}
	return strings.Join(out, " "), n
}

// Rows stand in a list, in an object, or in a list of such objects.
func TestRows(t *testing.T) {
	row := func(x string) map[string]any { return map[string]any{"x": x} }
	holds := func(x ...any) map[string]any { return map[string]any{"call_list": x} }
	for name, test := range map[string]struct {
		answer any
		want   string
	}{
		"an object":             {holds(row("1"), row("2")), "1 2"},
		"an empty one":          {holds(), ""},
		"a list of objects":     {[]any{holds(row("1")), holds(), holds(row("2"))}, "1 2"},
		"an empty list":         {[]any{}, ""},
		"an object without it":  {map[string]any{"other": []any{}}, "none"},
		"null":                  {map[string]any{"call_list": nil}, "none"},
		"a row that is none":    {holds(row("1"), "2"), "none"},
		"a row that is no last": {holds("2", row("1")), "none"},
		"one of the list":       {[]any{holds(row("1")), "2", holds(row("1"))}, "none"},
		"one without it":        {[]any{map[string]any{}, holds(row("1"))}, "none"},
		"a text":                {"x", "none"},
	} {
		r := &canned.Reader{Answers: canned.Tenant{"/at/": test.answer}}
		want := test.want
		if want == "none" {
			want = "GET /at/: the server sent no call_list; is this the PBX's API?"
		}
		if got, n := rowsOf(t, r, "current_call", "/at/"); got != want || n != 1 {
			t.Errorf("%s: %s in %d calls, wanted %s", name, got, n, want)
		}
	}
	refused := &canned.Reader{Answers: canned.Tenant{}, Ends: map[string]error{"GET /at/": errors.New("cut off")}}
	if got, n := rowsOf(t, refused, "current_call", "/at/"); got != "cut off" || n != 1 {
		t.Errorf("%s in %d calls", got, n)
	}
}

// A list is asked for with what it is to be filtered by, and each of its pages is a call.
func TestRowsOfAList(t *testing.T) {
	r := &canned.Reader{Answers: canned.Tenant{"/at/": []map[string]any{{"x": "1"}}}, Pages: map[string]int{"/at/": 3}, Extra: map[string]int{"/at/": 1}}
	if got, n := rowsOf(t, r, "recording", "/at/"); got != "1" || n != 4 || !strings.HasPrefix(r.Asked[0], "LIST /at/?end_datetime=2099") {
		t.Errorf("%s in %d calls, %v", got, n, r.Asked)
	}
	if got, n := rowsOf(t, r, "session", "/at/"); got != "1" || n != 4 || r.Asked[1] != "LIST /at/" {
		t.Errorf("%s in %d calls, %v", got, n, r.Asked)
	}
	r.Pages["/at/"], r.Extra["/at/"] = -1, 0 // a snapshot reads no page
	if _, n := rowsOf(t, r, "session", "/at/"); n != 1 {
		t.Errorf("%d calls", n)
	}
}

// Rows belong to the object whose id they have, and all to the tenant; they are put in words.
func TestBelonging(t *testing.T) {
	c := schema.Builtin()
	rows := []map[string]any{
		{"extension_id": canned.Num(7), "caller_id_number": "2", "called_number": "3"},
		{"extension_id": "7", "caller_id_number": "1", "called_number": nil},
		{"extension_id": canned.Num(8), "caller_id_number": "4"},
		{"extension_id": nil},
	}
	k := c.Kind("current_call")
	got := call.Belonging(k, rows, &schema.Object{Kind: c.Kind("extension"), ID: 7})
	if want := []string{"caller_id_number 1", "caller_id_number 2, called_number 3"}; !slices.Equal(got, want) {
		t.Errorf("%q, wanted %q", got, want)
	}
	got = call.Belonging(k, rows, &schema.Object{Kind: c.Root(), ID: 12})
	if want := []string{"", "caller_id_number 1", "caller_id_number 2, called_number 3", "caller_id_number 4"}; !slices.Equal(got, want) {
		t.Errorf("%q, wanted %q", got, want)
	}
}

func TestText(t *testing.T) {
	for want, v := range map[string]any{"": nil, "a": "a", "9000000000000000001": canned.Num(9000000000000000001), "true": true} {
		if got := call.Text(v); got != want {
			t.Errorf("%q, wanted %q", got, want)
		}
	}
}
