package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Get reads one path, which begins with a slash below the base path and may
// carry a query. Objects are map[string]any, arrays []any, numbers json.Number.
func (c *Client) Get(ctx context.Context, path string) (any, error) {
	v, err := c.do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	switch v.(type) {
	case map[string]any, []any:
		return v, nil
	}
	e := badAnswer(http.StatusOK, "the server sent %s, an object or a list was expected", shape(v))
	e.Method, e.Path = http.MethodGet, path
	return nil, e
}

// Send writes: POST, PUT or DELETE. The result is nil for an answer without
// content, and for the array that some resources answer to a POST.
func (c *Client) Send(ctx context.Context, method, path string, body map[string]any) (map[string]any, error) {
	switch method {
	case http.MethodPost, http.MethodPut, http.MethodDelete:
	default:
		return nil, &Error{Method: method, Path: path, Message: "only POST, PUT and DELETE can be sent"}
	}
	data, err := encode(body)
	if err != nil {
		return nil, &Error{Method: method, Path: path, Message: "the body cannot be written as JSON: " + err.Error(), cause: err}
	}
	v, e := c.do(ctx, method, path, data)
	if e != nil && method == http.MethodDelete && e.Doubtful && e.Status == http.StatusNotFound {
		return nil, nil // an earlier try had no answer, and this one says that it is gone
	}
	if e != nil {
		return nil, e
	}
	return object(method, path, v)
}

func encode(body map[string]any) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	return json.Marshal(body)
}

// object takes the answer of a write, which was done even if it is no object.
func object(method, path string, v any) (map[string]any, error) {
	switch v := v.(type) {
	case map[string]any:
		return v, nil
	case nothing, nil:
		return nil, nil
	case []any:
		if method == http.MethodPost {
			return nil, nil
		}
	}
	e := badAnswer(http.StatusOK, "the server sent %s, an object was expected", shape(v))
	e.Method, e.Path, e.Doubtful = method, path, true
	return nil, e
}

// shape names a JSON value for messages.
func shape(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	case string:
		return "a text"
	case bool:
		return "true or false"
	default:
		return "a number"
	}
}

// call is one call with all its tries.
type call struct {
	*Client
	method, path string
	url          *url.URL
	body         []byte
	contentType  string // of the body; "" for JSON
	raw          bool   // the answer is a file, no longer than most
	most         int64
	got          int64 // bytes of the answer, unpacked
	sent         int   // exchanges so far
	busy         bool  // the last of them was answered with 429
	doubt        bool  // one of them may have been done
}

// do carries one call out, repeating it where that is safe.
func (c *Client) do(ctx context.Context, method, path string, body []byte) (any, *Error) {
	return c.carry(ctx, &call{Client: c, method: method, path: path, body: body})
}

func (c *Client) carry(ctx context.Context, k *call) (any, *Error) {
	u, err := c.target(k.path)
	if err != nil {
		return nil, &Error{Method: k.method, Path: k.path, Message: err.Error()}
	}
	k.url = u
	k.budget.calls.Add(1)
	v, e := k.repeat(ctx)
	if e != nil {
		e.Doubtful = e.Doubtful || k.doubt
		e.Message = c.mask(e.Message)
	}
	return v, e
}

// target is the address of a path: always the configured scheme and host.
func (c *Client) target(path string) (*url.URL, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	raw, query, _ := strings.Cut(path, "?")
	plain, err := url.PathUnescape(raw)
	if err != nil {
		return nil, fmt.Errorf("the path is not escaped well: %w", err)
	}
	u := *c.base
	u.Path, u.RawPath, u.RawQuery = c.base.Path+plain, c.base.Path+raw, query
	return &u, nil
}
