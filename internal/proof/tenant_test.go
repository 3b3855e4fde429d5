package proof

import (
	"errors"
	"strings"
	"testing"

	"pbxsync/internal/simulator"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// The tenant is found by whatever names it, and another one than the files name
// is never touched.
func TestWhichTenant(t *testing.T) {
	const text = head + "extension_groups: {g: {}}\n"
	for _, tt := range []struct {
		name   string
		admin  bool
		sel    observe.Selector
		text   string
		tenant int // calls that find the tenant
		refuse string
	}{
		{"me", false, observe.Me, text, 1, ""},
		{"by id", false, "12", text, 1, ""},
		{"an administrator is nobody: the files' prefix", true, observe.Me, text, 3, ""},
		{"by prefix", true, "prefix:12037", text, 2, ""},
		{"by name", true, "name:acme", text, 2, ""},
		{"by id as administrator", true, "12", text, 1, ""},
		{"settings are in the same answer", false, observe.Me, text + "settings: {timezone: UTC}\n", 0, ""},
		{"another one's id", true, "99", text, 0, `the files are for prefix "12037", the server's tenant "other" has prefix "12099"`},
		{"another one's name", true, "name:other", text, 0, `the files are for prefix "12037"`},
		{"nobody's prefix", true, "prefix:1", text, 0, `no tenant with prefix "1"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := testBox(t, simulator.Options{Admin: tt.admin})
			b.options.Tenant = tt.sel
			if tt.refuse != "" {
				_, _, err := b.look(b.parse(tt.text))
				var g *plan.Guard
				if !errors.As(err, &g) || !strings.Contains(g.Message, tt.refuse) {
					t.Errorf("%T %v", err, err)
				}
				if n := b.server.Counts().Writes; n != 0 {
					t.Errorf("%d writes", n)
				}
				return
			}
			s, _ := b.plan(tt.text)
			if s.Calls.Tenant != tt.tenant {
				t.Errorf("%+v, wanted %d for the tenant", s.Calls, tt.tenant)
			}
			if s.Live.ID != tenantID || s.Live.Prefix != "12037" {
				t.Errorf("%d %s", s.Live.ID, s.Live.Prefix)
			}
		})
	}
}
