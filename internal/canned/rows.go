package canned

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
)

// Put adds a row to a list: what was sent, and more beside it.
func (c Tenant) Put(list string, id int, body, more map[string]any) {
	row := map[string]any{"client_id": Num(12)}
	maps.Copy(row, body)
	maps.Copy(row, more)
	row = decoded(row)
	row["id"] = Num(id)
	rows, _ := c[list].([]map[string]any)
	c[list] = append(slices.Clone(rows), row)
}

// Change changes or deletes the row of a list that an item's path names.
func (c Tenant) Change(method, at string, body map[string]any) {
	list, rows := path.Dir(at)+"/", []map[string]any{}
	was, _ := c[list].([]map[string]any)
	for _, row := range was {
		if fmt.Sprint(row["id"]) == path.Base(at) {
			if method == http.MethodDelete {
				continue
			}
			row = maps.Clone(row)
			maps.Copy(row, body)
		}
		rows = append(rows, row)
	}
	c[list] = rows
}

// ID returns the id of the row with a name, 0 where there is none.
func (c Tenant) ID(list, name string) int {
	rows, _ := c[list].([]map[string]any)
	for _, row := range rows {
		if n, ok := row["id"].(json.Number); ok && row["name"] == name {
			id, _ := n.Int64()
			return int(id)
		}
	}
	return 0
}

func (c Tenant) row(list string, id any) map[string]any {
	rows, _ := c[list].([]map[string]any)
	for _, row := range rows {
		if fmt.Sprint(row["id"]) == fmt.Sprint(id) {
			return maps.Clone(row)
		}
	}
	return nil
}

// together returns the objects of a call that writes all of a kind.
func together(body map[string]any) (rows []map[string]any) {
	for _, v := range body {
		list, _ := v.([]any)
		for _, item := range list {
			if row, ok := item.(map[string]any); ok && len(body) == 1 {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// decoded is a body as a server reads it.
func decoded(body map[string]any) map[string]any {
	if body == nil {
		return map[string]any{}
	}
	return decode[map[string]any]([]byte(compact(body)))
}

func compact(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}
