package observe_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// server is a tenant of canned answers that notes what it is asked, and can refuse one call.
type server struct {
	rows   map[string]any
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

func (s *server) Get(_ context.Context, at string) (any, error) {
	if err := s.ask("GET " + at); err != nil {
		return nil, err
	}
	rows, _ := s.rows[path.Dir(at)+"/"].([]map[string]any)
	for _, row := range rows {
		if fmt.Sprint(row["id"]) == path.Base(at) {
			return row, nil
		}
	}
	if s.rows[at] == nil {
		return nil, status(404)
	}
	return s.rows[at], nil
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
		s.rows[list] = append(slices.Clone(rows), map[string]any{"id": num(900), "name": "12037*190", "type": "ivr", "status": "active"})
	}
	return rows, max(1, s.pages[at]), 0, nil
}

func (s *server) Download(context.Context, string, int64) ([]byte, error) {
	return []byte("RIFF"), s.ask("DOWNLOAD")
}

type status int

func (s status) Error() string   { return fmt.Sprintf("the server answered %d", int(s)) }
func (s status) HTTPStatus() int { return int(s) }

func num(n int) json.Number { return json.Number(fmt.Sprint(n)) }

// busy is a tenant of which each list has something.
func busy() *server {
	return &server{pages: map[string]int{"/client/12/extension/": 2}, rows: map[string]any{
		"/client/12/limit/":         map[string]any{"extension_limit": num(50)},
		"/client/12/current_calls/": map[string]any{"call_list": []any{}},
		"/client/@me/client/":       map[string]any{"id": num(12), "name": "acme", "prefix": "12037", "timezone": "UTC"},
		"/client/12/client/":        map[string]any{"id": num(12), "name": "acme", "prefix": "12037", "timezone": "UTC"},
		"/client/12/extension/": []map[string]any{
			{"id": num(7), "name": "12037*101", "type": "ivr", "status": "active", "label": nil, "extension_group_id": num(31)},
			{"id": num(8), "name": "12037*102", "type": "queue", "status": "active"},
			{"id": num(9), "name": "12037*103", "type": "phone", "status": "blocked"}},
		"/client/12/extension/9/phone/": map[string]any{"auth_type": "digest"},
		"/client/12/extension_group/":   []map[string]any{{"id": num(31), "name": "a", "extra_params": nil}, {"id": num(32), "name": "b", "extra_params": nil}},
		"/client/12/did/": []map[string]any{{"id": num(201), "name": "49301", "extension_id": num(8)},
			{"id": num(202), "name": "49302", "extension_id": num(9), "message_extension_id": num(9)}},
		"/client/12/alias/":        []map[string]any{{"id": num(211), "name": "sales", "extension_id": nil}},
		"/client/12/agent/local/":  []map[string]any{{"id": num(221), "name": "hall", "extension_id": num(7), "call_timeout": num(30)}},
		"/client/12/user/client/":  []map[string]any{{"id": num(71), "name": "Ada", "login": "ada", "email": "a@a.example", "access": "full", "status": "active"}},
		"/client/12/interval/":     []map[string]any{{"id": num(61), "name": "Night", "timezone": "Europe/Berlin", "conditions": []any{}}},
		"/client/12/call_status/":  []map[string]any{{"id": num(81), "name": "Ticket"}},
		"/client/12/variables/":    []map[string]any{{"var": "A", "value": "1"}},
		"/client/12/dial_rule/":    []map[string]any{},
		"/client/12/sound/":        []map[string]any{},
		"/client/12/ani/":          map[string]any{"default": "49301"},
		"/admin/client/":           []map[string]any{{"id": num(12), "name": "acme", "prefix": "12037"}, {"id": num(13), "name": "other", "prefix": "12038"}},
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

func parse(t *testing.T, text string) *schema.Tenant {
	t.Helper()
	desired, problems := file.Parse(schema.Builtin(), []file.File{{Name: "tenant.yaml", Data: []byte(text)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return desired
}

func options() observe.Options {
	return observe.Options{Catalogue: schema.Builtin(), Parallelism: 1, Records: func(plan.TenantID) (*record.Records, error) { return &record.Records{}, nil }}
}

// Nothing is concluded from a reading of which one call has failed: whichever it is, there
// is no plan, and no whole tenant.
func TestEachFailedReadIsTold(t *testing.T) {
	for name, read := range map[string]func(s *server) error{
		"plan": func(s *server) error {
			_, err := observe.Observe(t.Context(), s, parse(t, changed), options())
			return err
		},
		"plan of a named tenant": func(s *server) error {
			o := options()
			o.Tenant = "prefix:12037"
			_, err := observe.Observe(t.Context(), s, parse(t, changed), o)
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
