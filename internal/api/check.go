package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// No answer of the API is nested deeper than a few levels.
const maxDepth = 64

// survey looks over a JSON text: how deep it goes, and how many members all its
// objects have together. On a text that is no JSON the numbers mean nothing.
func survey(text []byte) (depth, members int) {
	level, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
			if c == '\\' {
				i++
			}
		case c == '{' || c == '[':
			level++
			depth = max(depth, level)
		case c == '}' || c == ']':
			level--
		case c == ':':
			members++
		}
	}
	return depth, members
}

// held counts the members that were kept. Of two with one name only the last is.
func held(v any) (n int) {
	switch v := v.(type) {
	case map[string]any:
		n = len(v)
		for _, item := range v {
			n += held(item)
		}
	case []any:
		for _, item := range v {
			n += held(item)
		}
	}
	return n
}

// doubled names the first member that an object has twice.
func doubled(text []byte) string {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	name, _ := doubledIn(dec)
	return name
}

func doubledIn(dec *json.Decoder) (string, error) {
	t, err := dec.Token()
	open, ok := t.(json.Delim)
	if err != nil || !ok {
		return "", err
	}
	seen := map[string]bool{}
	for dec.More() {
		if open == '{' {
			t, err := dec.Token()
			name, _ := t.(string)
			if err != nil || seen[name] {
				return name, err
			}
			seen[name] = true
		}
		if name, err := doubledIn(dec); name != "" || err != nil {
			return name, err
		}
	}
	_, err = dec.Token()
	return "", err
}

// unfinished tells that a text ends in the middle.
func unfinished(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) }

// checkIDs refuses ids that no object has. One of them in a path would mean
// another call: DELETE on the collection, perhaps.
func checkIDs(v any) error {
	switch v := v.(type) {
	case map[string]any:
		return checkID(v)
	case []any:
		for i, item := range v {
			row, _ := item.(map[string]any)
			if err := checkID(row); err != nil {
				return fmt.Errorf("row %d: %w", i+1, err)
			}
		}
	}
	return nil
}

func checkID(row map[string]any) error {
	switch id := row["id"].(type) {
	case json.Number:
		if !wholeNumber(id.String()) {
			return fmt.Errorf("the id %s is no whole number above zero", shorten(id.String()))
		}
	case string:
		if id == "" {
			return errors.New("the id is empty")
		}
		if strings.Trim(id, "0") == "" {
			return fmt.Errorf("the id %q is no id", id)
		}
	case nil:
	default:
		return fmt.Errorf("the id is %s, a whole number was expected", shape(id))
	}
	return nil
}

// wholeNumber reports whether a text is an id: a whole number above zero.
func wholeNumber(s string) bool {
	return s != "" && s[0] != '0' && strings.Trim(s, "0123456789") == ""
}
