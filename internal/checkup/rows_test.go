package checkup

import (
	"errors"
	"slices"
	"testing"

	"pbxsync/internal/api"
)

// One row is blamed, and what needs it is not tried, whatever went wrong.
func TestBlame(t *testing.T) {
	for _, c := range []struct {
		name    string
		token   bool
		err     error
		wrong   string
		untried []string
	}{
		{"fine", true, nil, "", nil},
		{"no answer", false, &api.Error{Unreachable: true}, Server, []string{Credentials, Tenant}},
		{"no answer any more", true, &api.Error{Unreachable: true}, Server, []string{Tenant}},
		{"paused", false, &api.Error{}, Server, []string{Credentials, Tenant}},
		{"credentials refused", false, &api.Error{Status: 200, Auth: true}, Credentials, []string{Tenant}},
		{"credentials refused without words", false, &api.Error{Status: 401}, Credentials, []string{Tenant}},
		{"another server", false, &api.Error{Status: 404}, Server, []string{Credentials, Tenant}},
		{"no token while it fails", false, &api.Error{Status: 503}, Server, []string{Credentials, Tenant}},
		{"a page of another kind", true, &api.Error{Status: 200}, Server, []string{Tenant}},
		{"redirected", true, &api.Error{Status: 301}, Server, []string{Tenant}},
		{"failure", true, &api.Error{Status: 500}, Server, []string{Tenant}},
		{"token refused", true, &api.Error{Status: 401, Auth: true}, Credentials, []string{Tenant}},
		{"no right", true, &api.Error{Status: 403, Auth: true}, Tenant, nil},
		{"not there", true, &api.Error{Status: 404}, Tenant, nil},
		{"another tenant", true, errors.New("the files are for another"), Tenant, nil},
	} {
		rows := Seen{Server: "https://pbx", From: "own.yaml", Token: c.token, Err: c.err}.Rows()
		var bad, untried []string
		for _, r := range rows {
			if r.Bad() {
				bad = append(bad, r.What)
			}
			if r.Untried {
				untried = append(untried, r.What)
			}
		}
		if Wrong(rows) != c.wrong || len(bad) > 1 || !slices.Equal(untried, c.untried) {
			t.Errorf("%s: blamed %v, not tried %v; want %q and %v", c.name, bad, untried, c.wrong, c.untried)
		}
	}
}
