package sync_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync"
)

// answers is a tenant that only reads: one extension, whose label the files change.
type answers map[string]any

func (c answers) Get(_ context.Context, at string) (any, error) {
	rows, _ := c[path.Dir(at)+"/"].([]map[string]any)
	for _, row := range rows {
		if fmt.Sprint(row["id"]) == path.Base(at) {
			return row, nil
		}
	}
	return c[at], nil
}

func (c answers) List(_ context.Context, path string, _ schema.Listing) ([]map[string]any, int, int, error) {
	rows, _ := c[path].([]map[string]any)
	return rows, 1, 0, nil
}

func (c answers) Download(context.Context, string, int64) ([]byte, error) { return nil, nil }

// The whole road of a plan: files, the live tenant, changes, steps.
func Example() {
	server := answers{
		"/client/@me/client/": map[string]any{"id": json.Number("12"), "name": "acme", "prefix": "12037"},
		"/client/12/limit/":   map[string]any{"extension_limit": json.Number("10")},
		"/client/12/extension/": []map[string]any{
			{"id": json.Number("7"), "name": "12037*101", "type": "phone", "status": "active", "label": "Alice"},
		},
	}
	files := `
version: 1
tenant: {name: acme, prefix: "12037"}
extensions:
  "101": {label: Alice Archer}
  "200": {type: queue, status: active}
`
	desired, problems := file.Parse(schema.Builtin(), []file.File{{Name: "tenant.yaml", Data: []byte(files)}})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	engine := &sync.Engine{Reader: server} // nothing that could write
	planned, err := engine.Plan(context.Background(), desired, sync.Options{Catalogue: schema.Builtin()}, nil)
	if err != nil { // also what only the server can tell of the files
		fmt.Println(err)
		return
	}
	for _, s := range planned.Plan.Steps {
		body, _ := json.Marshal(s.Body)
		fmt.Println(s.Number, s.Method, s.Path, string(body))
	}
	// Output:
	// 1 PUT /client/{tenant}/extension/{extension/101} {"label":"Alice Archer"}
	// 2 POST /client/{tenant}/extension/ {"name":"200","status":"active","type":"queue"}
}
