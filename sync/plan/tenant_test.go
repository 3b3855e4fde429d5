package plan_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

const tenantLine = "version: 1\ntenant: {name: acme, prefix: \"12037\"}\n"

// canned is a tenant of canned answers.
type canned map[string]any

func (c canned) Get(_ context.Context, at string) (any, error) {
	rows, _ := c[path.Dir(at)+"/"].([]map[string]any)
	for _, row := range rows {
		if fmt.Sprint(row["id"]) == path.Base(at) {
			return row, nil
		}
	}
	return c[at], nil
}

func (c canned) List(_ context.Context, path string, _ schema.Listing) ([]map[string]any, int, int, error) {
	rows, _ := c[path].([]map[string]any)
	return rows, 1, 0, nil
}

func (c canned) Download(context.Context, string, int64) ([]byte, error) { return nil, nil }

func num(n int) json.Number { return json.Number(fmt.Sprint(n)) }

// pbx is a small tenant.
func pbx() canned {
	return canned{
		"/client/12/limit/":         map[string]any{},
		"/client/12/current_calls/": map[string]any{"call_list": []any{}},
		"/client/12/record/?end_datetime=2099-12-31+23%3A59%3A59&start_datetime=1970-01-01+00%3A00%3A00": []map[string]any{},
		"/client/@me/client/": map[string]any{"id": num(12), "name": "acme", "prefix": "12037", "timezone": "UTC"},
		"/client/12/extension/": []map[string]any{
			{"id": num(7), "name": "12037*101", "type": "ivr", "status": "active", "label": nil, "extension_group_id": num(31)},
			{"id": num(8), "name": "12037*102", "type": "queue", "status": "active"},
			{"id": num(9), "name": "12037*103", "type": "fax", "status": "blocked"},
		},
		"/client/12/extension_group/": []map[string]any{{"id": num(31), "name": "a", "extra_params": nil}, {"id": num(32), "name": "b", "extra_params": nil}},
		"/client/12/did/": []map[string]any{
			{"id": num(201), "name": "49301", "extension_id": num(8), "message_extension_id": nil},
			{"id": num(202), "name": "49302", "extension_id": num(9), "message_extension_id": num(9)},
		},
		"/client/12/alias/":                []map[string]any{{"id": num(211), "name": "sales", "extension_id": nil}},
		"/client/12/agent/local/":          []map[string]any{},
		"/client/12/user/extension/":       []map[string]any{},
		"/client/12/user/client/":          []map[string]any{},
		"/client/12/user/extension_group/": []map[string]any{},
		"/client/12/dial_rule/":            []map[string]any{},
		"/client/12/variables/":            []map[string]any{{"var": "A", "value": "1"}, {"var": "B", "value": "2"}},
	}
}

func parse(t *testing.T, text string) *schema.Tenant {
	t.Helper()
	desired, problems := file.Parse(schema.Builtin(), []file.File{{Name: "tenant.yaml", Data: []byte(text)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return desired
}

func observed(t *testing.T, api call.Reader, text string, parallelism int) *observe.State {
	t.Helper()
	s, err := observe.Observe(context.Background(), api, parse(t, text), observe.Options{Catalogue: schema.Builtin(), Parallelism: parallelism, Records: noneSaid})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Problems) > 0 || len(s.Guards) > 0 {
		t.Fatal(s.Problems, s.Guards)
	}
	return s
}

func order(t *testing.T, s *observe.State) *plan.Plan {
	t.Helper()
	p, err := plan.Order(&s.Basis)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func planBytes(t *testing.T, p *plan.Plan) []byte {
	t.Helper()
	data, err := p.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// noneSaid are run records that say nothing.
func noneSaid(plan.TenantID) (*record.Records, error) { return &record.Records{}, nil }
