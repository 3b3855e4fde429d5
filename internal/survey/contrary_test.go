package survey_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/contrary"
	"pbxsync/internal/survey"
	"pbxsync/internal/survey/playback"
	"pbxsync/schema"
)

// dialects are ways in which the documents let a server answer, and the beginning of a
// line that has to be among the findings of each.
var dialects = []struct {
	contrary.Dialect
	want string
}{
	{contrary.Dialect{Name: "plain"}, ""},
	{contrary.Dialect{Name: "wrapped", Wrap: "items", WrapPages: true}, `form did: the rows stand in "items" of an object`},
	{contrary.Dialect{Name: "map", Variables: "map"}, "form variable: the rows stand by name in an object"},
	{contrary.Dialect{Name: "absent", Absent: 3}, "missing "},
	{contrary.Dialect{Name: "extra", Extra: true}, "unknown "},
	{contrary.Dialect{Name: "capped", PageCap: 2}, "pages did: a page ends at 2 rows; 200 were asked for; say --page-size 2, or a bare list may seem to end there"},
	{contrary.Dialect{Name: "numbers", NumbersAsText: true}, "types phone.hangup_timeout: text in "},
	{contrary.Dialect{Name: "ids", IDsAsText: true}, "types did.id: text in "},
	{contrary.Dialect{Name: "yes", Booleans: "words"}, "types phone.vm_enabled: text in "},
	{contrary.Dialect{Name: "one", Booleans: "number"}, "types phone.vm_enabled: a whole number in "},
	{contrary.Dialect{Name: "nulls", Nulls: true}, ""},
	{contrary.Dialect{Name: "refused", Refuse: map[string]string{"extension_group": "403", "interval": "html", "sound": "501"}}, "refused interval: GET /client/{client_id}/interval/ answered what cannot be read (200)"},
}

func contraryServer(t *testing.T, d contrary.Dialect) (*contrary.Server, string) {
	t.Helper()
	data, err := os.ReadFile("../../schema/testdata/contract.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := contrary.New(data, d)
	if err != nil {
		t.Fatal(err)
	}
	tenant := s.AddTenant("acme", "12037")
	for i := range 5 {
		s.Put(tenant, &contrary.Row{Collection: "did", Values: map[string]any{"name": fmt.Sprint(4930100 + i)}})
		s.Put(tenant, &contrary.Row{Collection: "extension", Values: map[string]any{"name": fmt.Sprint(101 + i), "type": "phone", "status": "active"}})
	}
	tenant.SetVariable("TOWEL", "blue")
	return s, fmt.Sprint(tenant.ID)
}

// What a contrary server does is found, and found again in its record played back.
func TestDialects(t *testing.T) {
	for _, d := range dialects {
		s, id := contraryServer(t, d.Dialect)
		o := options()
		o.Tenant = id
		rec := read(t, s, o)
		live := lines(survey.Compare(schema.Builtin(), rec))
		if d.want != "" && !slices.ContainsFunc(live, func(l string) bool { return strings.HasPrefix(l, d.want) }) {
			t.Errorf("%s: %q is missing in\n%s", d.Name, d.want, strings.Join(live, "\n"))
		}
		data, err := rec.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := survey.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if again := lines(survey.Compare(schema.Builtin(), read(t, playback.New(back), o))); !slices.Equal(again, live) {
			t.Errorf("%s: played back\n%s\nand live\n%s", d.Name, strings.Join(again, "\n"), strings.Join(live, "\n"))
		}
		t.Logf("%s: %d findings\n%s", d.Name, len(live), strings.Join(live, "\n"))
	}
}
