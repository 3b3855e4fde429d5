package canned

import (
	"bytes"
	"context"
	_ "embed" // small.json
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"pbxsync/schema"
)

// Tenant is a tenant of canned answers, by path: a list of rows, or one object.
type Tenant map[string]any

// Get returns a row of a list by its id, or what stands at the path.
func (c Tenant) Get(_ context.Context, at string) (any, error) {
	rows, _ := c[path.Dir(at)+"/"].([]map[string]any)
	for _, row := range rows {
		if fmt.Sprint(row["id"]) == path.Base(at) {
			return row, nil
		}
	}
	if answer, known := c[at]; known {
		return answer, nil
	}
	if says := path.Base(at); strings.HasPrefix(at, "/extension/") && (says == "ani" || says == "queue" || says == "fax") {
		return map[string]any{}, nil // it is there with its extension, and has nothing to show
	}
	return nil, nil
}

// List returns the rows of a list, on one page.
func (c Tenant) List(_ context.Context, at string, _ schema.Listing) ([]map[string]any, int, int, error) {
	rows, _ := c[at].([]map[string]any)
	return rows, 1, 0, nil
}

// Download returns no bytes.
func (c Tenant) Download(context.Context, string, int64) ([]byte, error) { return nil, nil }

// Num is a number as an answer has it.
func Num(n int) json.Number { return json.Number(fmt.Sprint(n)) }

//go:embed small.json
var small []byte

// Small is a tenant of three extensions and what refers to them, another one each time.
func Small() Tenant {
	var answers map[string]json.RawMessage
	if err := json.Unmarshal(small, &answers); err != nil {
		panic(err) // the file beside is wrong
	}
	tenant := Tenant{}
	for at, answer := range answers {
		if answer[0] == '[' {
			tenant[at] = decode[[]map[string]any](answer)
		} else {
			tenant[at] = decode[map[string]any](answer)
		}
	}
	return tenant
}

// decode reads an answer as the client does: numbers keep their digits.
func decode[T any](answer []byte) (v T) {
	d := json.NewDecoder(bytes.NewReader(answer))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		panic(err)
	}
	return v
}
