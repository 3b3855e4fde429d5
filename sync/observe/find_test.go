package observe_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
)

// The tenant that is read is the one that is named, or that of the credentials where it is
// the one of the files; an administrator's is looked for.
func TestWhichTenantIsMeant(t *testing.T) {
	files := func(name, prefix string) *schema.Tenant { return &schema.Tenant{Name: name, Prefix: prefix} }
	for _, c := range []struct {
		what   string
		sel    observe.Selector
		wanted *schema.Tenant
		own    error // of the call for the tenant of the credentials
		list   error // of the administrator's list
		want   string
	}{
		{"own", "", files("", "12037"), nil, nil, "12"},
		{"own, said", "@me", files("acme", "12037"), nil, nil, "12"},
		{"own by name", "", files("acme", ""), nil, nil, "12"},
		{"own, whatever it is", "", nil, nil, nil, "12"},
		{"own, called otherwise", "", files("old", "12037"), nil, nil, "12"},
		{"another of an administrator", "", files("other", "12038"), nil, nil, "13"},
		{"another by name", "", files("other", ""), nil, nil, "13"},
		{"another that is not listed", "", files("", "999"), nil, status(403), `the saved plan is for prefix "999", the server's tenant "acme" has prefix "12037"`},
		{"an administrator has none", "", files("", "12038"), status(404), nil, "13"},
		{"an administrator has none, by name", "", files("other", ""), status(403), nil, "13"},
		{"none, and the list is refused", "", files("", "12038"), status(404), status(403), "the server answered 404"},
		{"signed out", "", files("", "12038"), status(401), nil, "the server answered 401"},
		{"no answer", "", files("", "12038"), errors.New("cut off"), nil, "cut off"},
		{"none, and the files say nothing", "", nil, status(404), nil, "the server answered 404"},
		{"by prefix", "prefix:12038", files("other", ""), nil, nil, "13"},
		{"by name", "name:other", nil, nil, nil, "13"},
		{"by id", "13", nil, nil, nil, "13"},
		{"by id, not the one of the files", "13", files("", "12037"), nil, nil, `the saved plan is for prefix "12037", the server's tenant "other" has prefix "12038"`},
		{"by id, not there", "14", nil, nil, nil, "the server answered 404"},
		{"by id, not there, and the files' is", "14", files("other", "12038"), nil, nil, "the server answered 404"},
		{"by an id beyond all", "99999999999999999999", nil, nil, nil, `--tenant "99999999999999999999" is no tenant`},
		{"by a prefix that is nobody's", "prefix:5", nil, nil, nil, `these credentials see no tenant with prefix "5"`},
		{"0", "0", nil, nil, nil, `--tenant "0" is no tenant`},
		{"below 0", "-13", nil, nil, nil, `--tenant "-13" is no tenant`},
		{"a word", "13a", nil, nil, nil, `--tenant "13a" is no tenant`},
		{"another field", "id:13", nil, nil, nil, `--tenant "id:13" is no tenant`},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := busy()
			s.rows["/client/13/client/"] = map[string]any{"id": canned.Num(13), "name": "other", "prefix": "12038"}
			s.fail = map[string]error{"GET /client/@me/client/": c.own, "LIST /admin/client/": c.list}
			o := options()
			o.Tenant = c.sel
			id, err := observe.Identify(t.Context(), s, c.wanted, o)
			got := ""
			switch {
			case err != nil:
				got = err.Error()
			case id != nil:
				got = fmt.Sprint(id.ID)
			}
			if got, _, _ = strings.Cut(got, ";"); got != c.want {
				t.Errorf("%s, wanted %s", got, c.want)
			}
		})
	}
}
