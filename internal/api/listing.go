package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Listing says how a list is asked for, and in which shapes it may come. It is always
// taken as a bare list, or as an object that holds one list beside words of paging. With
// Key it may be a map as well, of which each member becomes a row of Key and Value.
type Listing struct {
	Pages      bool
	Key, Value string
}

// besideRows are what an answer may hold beside its one list, and what of it is a total.
// The documents show them at call histories, searches and statistics.
var (
	besideRows = []string{"page", "per_page", "order", "order_by", "total_count", "total", "count"}
	totals     = []string{"total_count", "total"}
	sizes      = []string{"per_page"}
)

// said is what a server tells of a list: how many rows there are in all, and at most on a
// page. 0 is nothing.
type said struct{ total, size int }

// rows takes the rows out of an answer, and what the server says beside them.
func (l Listing) rows(v any) ([]any, said, error) {
	switch v := v.(type) {
	case []any:
		return v, said{}, nil
	case map[string]any:
		return l.rowsIn(v)
	}
	return nil, said{}, fmt.Errorf("the server sent %s, a list was expected; %s", shape(v), noAPI)
}

func (l Listing) rowsIn(v map[string]any) (array []any, beside said, err error) {
	lists, strange := 0, false
	for name, x := range v {
		if list, ok := x.([]any); ok {
			array = list
			lists++
		} else if !slices.Contains(besideRows, name) {
			strange = true
		}
	}
	switch {
	case lists == 1 && !strange:
		return array, said{figure(v, totals), figure(v, sizes)}, nil
	case lists == 0 && l.Key != "":
		array, err = l.pairs(v)
		return array, said{}, err
	}
	return nil, said{}, fmt.Errorf("the server sent %s, a list was expected; %s", shape(v), noAPI)
}

func figure(v map[string]any, names []string) int {
	for _, name := range names {
		if n, err := strconv.Atoi(fmt.Sprint(v[name])); err == nil {
			return n
		}
	}
	return 0
}

// errorWords are the members of the error bodies that the documents show.
var errorWords = []string{"message", "error"}

// pairs makes rows of a map. An object that could be an error is none.
func (l Listing) pairs(v map[string]any) ([]any, error) {
	names := make([]string, 0, len(v))
	for name, x := range v {
		switch x.(type) {
		case string, json.Number, bool, nil:
		default:
			return nil, fmt.Errorf("the server sent %s at %q, a text was expected", shape(x), shorten(name))
		}
		names = append(names, name)
	}
	if len(names) == 1 && slices.Contains(errorWords, names[0]) {
		return nil, errors.New("the server sent what looks like an error: " + shorten(fmt.Sprint(v[names[0]])))
	}
	slices.Sort(names)
	rows := make([]any, len(names))
	for i, name := range names {
		rows[i] = map[string]any{l.Key: name, l.Value: v[name]}
	}
	return rows, nil
}
