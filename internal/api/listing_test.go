package api

import (
	"encoding/json"
	"strings"
	"testing"
)

// A list may come bare, in an object, or, where a kind says so, as a map. Everything
// else is an error and never an empty list.
func TestShapesOfLists(t *testing.T) {
	pairs := Listing{Key: "var", Value: "value"}
	for _, tt := range []struct {
		name, answer string
		how          Listing
		rows, fails  string // rows as JSON, or a part of the error
	}{
		{name: "bare", answer: `[{"id":1}]`, rows: `[{"id":1}]`},
		{name: "empty", answer: `[]`, rows: `[]`},
		{name: "wrapped", answer: `{"variables":[{"id":1}]}`, rows: `[{"id":1}]`},
		{name: "wrapped, with words of paging", answer: `{"page":1,"per_page":20,"order":"asc","total_count":1,"result":[{"id":1}]}`, rows: `[{"id":1}]`},
		{name: "wrapped and empty", answer: `{"variables":[]}`, how: pairs, rows: `[]`},
		{name: "wrapped, although a map would do", answer: `{"variables":[{"var":"a","value":"b"}]}`, how: pairs, rows: `[{"value":"b","var":"a"}]`},
		{name: "map", answer: `{"night":"off","company":"Example","n":5,"none":null}`, how: pairs,
			rows: `[{"value":"Example","var":"company"},{"value":5,"var":"n"},{"value":"off","var":"night"},{"value":null,"var":"none"}]`},
		{name: "empty map", answer: `{}`, how: pairs, rows: `[]`},
		{name: "fewer rows than there are", answer: `{"total_count":2,"result":[{"id":1}]}`, fails: "the list has 2 rows and sent 1"},
		{name: "two lists", answer: `{"a":[],"b":[]}`, fails: "a list was expected"},
		{name: "two lists where a map would do", answer: `{"a":[],"b":[]}`, how: pairs, fails: "the server sent an object, a list was expected"},
		{name: "no list", answer: `{"a":1}`, fails: "a list was expected"},
		{name: "an object that has a list", answer: `{"id":1,"name":"Office","conditions":[]}`, fails: "a list was expected"},
		{name: "an empty object", answer: `{}`, fails: "a list was expected"},
		{name: "nothing", answer: `null`, fails: "a list was expected"},
		{name: "a text", answer: `"x"`, fails: "a list was expected"},
		{name: "an error", answer: `{"message":"Not found"}`, how: pairs, fails: "looks like an error: Not found"},
		{name: "another error", answer: `{"error":"invalid_grant"}`, how: pairs, fails: "looks like an error"},
		{name: "a map of objects", answer: `{"a":{"value":"b"}}`, how: pairs, fails: `at "a", a text was expected`},
		{name: "an id that no object has", answer: `{"result":[{"id":0}]}`, fails: "no whole number above zero"},
		{name: "a row that is none", answer: `{"result":[1]}`, fails: "row 1 of the list is a number"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := server(t, status(200, tt.answer))
			got, err := c.List(t.Context(), "/x/", tt.how)
			if tt.fails != "" {
				if err == nil || !strings.Contains(err.Error(), tt.fails) {
					t.Fatalf("%v, wanted %q", err, tt.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.Rows == nil {
				got.Rows = []map[string]any{}
			}
			rows, _ := json.Marshal(got.Rows)
			if string(rows) != tt.rows {
				t.Errorf("%s, wanted %s", rows, tt.rows)
			}
		})
	}
}
