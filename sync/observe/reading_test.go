package observe_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
)

// server is a tenant of canned answers that notes what it is asked, and can refuse one call.
type server struct {
	rows   canned.Tenant
	pages  map[string]int
	asked  []string
	refuse map[int]error    // by number of the call
	fail   map[string]error // by method and path
	grows  string           // a list that has a row more each time
	list   func(at string, nth int) (rows []map[string]any, pages int, told bool)
}

func (s *server) ask(what string) error {
	s.asked = append(s.asked, what)
	call, _, _ := strings.Cut(what, "?")
	return cmp.Or(s.refuse[len(s.asked)], s.fail[call])
}

func (s *server) Get(ctx context.Context, at string) (any, error) {
	if err := s.ask("GET " + at); err != nil {
		return nil, err
	}
	if row, _ := s.rows.Get(ctx, at); row != nil {
		return row, nil
	}
	return nil, status(404)
}

func (s *server) List(_ context.Context, at string, _ schema.Listing) ([]map[string]any, int, int, error) {
	if err := s.ask("LIST " + at); err != nil {
		return nil, 1, 0, err
	}
	if s.list != nil {
		if rows, pages, told := s.list(at, len(s.asked)); told {
			return rows, pages, 0, nil
		}
	}
	list, _, _ := strings.Cut(at, "?")
	rows, _ := s.rows[list].([]map[string]any)
	if list == s.grows {
		s.rows[list] = append(slices.Clone(rows), map[string]any{"id": canned.Num(900), "name": "12037*190", "type": "ivr", "status": "active"})
	}
	return rows, max(1, s.pages[at]), 0, nil
}

func (s *server) Download(context.Context, string, int64) ([]byte, error) {
	return []byte("RIFF"), s.ask("DOWNLOAD")
}

type status int

func (s status) Error() string   { return fmt.Sprintf("the server answered %d", int(s)) }
func (s status) HTTPStatus() int { return int(s) }

// busy is a tenant of which each list has something.
func busy() *server {
	return &server{pages: map[string]int{"/client/12/extension/": 2}, rows: canned.Tenant{
		"/client/12/limit/":         map[string]any{"extension_limit": canned.Num(50)},
		"/client/12/current_calls/": map[string]any{"call_list": []any{}},
		"/client/@me/client/":       map[string]any{"id": canned.Num(12), "name": "acme", "prefix": "12037", "timezone": "UTC"},
		"/client/12/client/":        map[string]any{"id": canned.Num(12), "name": "acme", "prefix": "12037", "timezone": "UTC"},
		"/client/12/extension/": []map[string]any{
			{"id": canned.Num(7), "name": "12037*101", "type": "ivr", "status": "active", "label": nil, "extension_group_id": canned.Num(31)},
			{"id": canned.Num(8), "name": "12037*102", "type": "queue", "status": "active"},
			{"id": canned.Num(9), "name": "12037*103", "type": "phone", "status": "blocked"}},
		"/client/12/extension/9/phone/": map[string]any{"auth_type": "digest"},
		"/client/12/extension_group/":   []map[string]any{{"id": canned.Num(31), "name": "a", "extra_params": nil}, {"id": canned.Num(32), "name": "b", "extra_params": nil}},
		"/client/12/did/": []map[string]any{{"id": canned.Num(201), "name": "49301", "extension_id": canned.Num(8)},
			{"id": canned.Num(202), "name": "49302", "extension_id": canned.Num(9), "message_extension_id": canned.Num(9)}},
		"/client/12/alias/":        []map[string]any{{"id": canned.Num(211), "name": "sales", "extension_id": nil}},
		"/client/12/agent/local/":  []map[string]any{{"id": canned.Num(221), "name": "hall", "extension_id": canned.Num(7), "call_timeout": canned.Num(30)}},
		"/client/12/user/client/":  []map[string]any{{"id": canned.Num(71), "name": "Ada", "login": "ada", "email": "a@a.example", "access": "full", "status": "active"}},
		"/client/12/interval/":     []map[string]any{{"id": canned.Num(61), "name": "Night", "timezone": "Europe/Berlin", "conditions": []any{}}},
		"/client/12/call_status/":  []map[string]any{{"id": canned.Num(81), "name": "Ticket"}},
		"/client/12/variables/":    []map[string]any{{"var": "A", "value": "1"}},
		"/client/12/dial_rule/":    []map[string]any{},
		"/client/12/sound/":        []map[string]any{},
		"/client/12/ani/":          map[string]any{"default": "49301"},
		"/admin/client/":           []map[string]any{{"id": canned.Num(12), "name": "acme", "prefix": "12037"}, {"id": canned.Num(13), "name": "other", "prefix": "12038"}},
		"/client/12/agent/remote/": []map[string]any{},
	}}
}

const tenantLine = "version: 1\ntenant: {name: acme, prefix: \"12037\"}\n"

const changed = tenantLine + `prune: [extension_group]
extension_groups: {a: {extra_params: x}, c: {}}
extensions:
  "101": {extension_group: c, label: One}
  "102": {absent: true}
  "103": {absent: true}
  "104": {type: conference, status: active, extension_group: c}
dids:
  "49301": {extension: "101"}
  "49302": {extension: "104", message_extension: null}
agents: {local: {hall: {absent: true}, L: {extension: "104"}}}
users: {client: {ada: {absent: true}, bob: {name: Bob, email: b@b.example, access: full, status: active, password: {env: PASSWORD, version: 1}}}}
intervals: {Night: {absent: true}}
variables: {A: "3"}
`

func options() observe.Options {
	return observe.Options{Catalogue: schema.Builtin(), Parallelism: 1, Records: canned.NoneSaid}
}

// Nothing is concluded from a reading of which one call has failed: whichever it is, there
// is no plan, and no whole tenant.
func TestEachFailedReadIsTold(t *testing.T) {
	for name, read := range map[string]func(s *server) error{
		"plan": func(s *server) error {
			_, err := observe.Observe(t.Context(), s, canned.Parse(t, changed), options())
			return err
		},
		"plan of a named tenant": func(s *server) error {
			o := options()
			o.Tenant = "prefix:12037"
			_, err := observe.Observe(t.Context(), s, canned.Parse(t, changed), o)
			return err
		},
		"whole": func(s *server) error {
			_, err := observe.ReadAll(t.Context(), s, options(), nil)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := busy()
			if err := read(s); err != nil {
				t.Fatal(err)
			}
			calls := s.asked
			if len(calls) < 10 {
				t.Fatalf("only %v were read", calls)
			}
			for i, what := range calls {
				s := busy()
				s.refuse = map[int]error{i + 1: fmt.Errorf("cut off")}
				if err := read(s); err == nil || !strings.Contains(err.Error(), "cut off") {
					t.Errorf("%s failed, and the reading says %v", what, err)
				}
			}
			t.Logf("%d calls, each failed once", len(calls))
		})
	}
}
