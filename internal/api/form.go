package api

import (
	"bytes"
	"context"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
)

// SendForm posts a form with one file, as multipart/form-data. Like any POST it is not
// sent again on a guess.
func (c *Client) SendForm(ctx context.Context, path string, fields map[string]string, file, name string, data []byte) (map[string]any, error) {
	body, contentType, err := form(fields, file, name, data)
	if err != nil {
		return nil, &Error{Method: http.MethodPost, Path: path, Message: "the form cannot be written: " + err.Error(), cause: err}
	}
	v, e := c.carry(ctx, &call{Client: c, method: http.MethodPost, path: path, body: body, contentType: contentType})
	if e != nil {
		return nil, e
	}
	return object(http.MethodPost, path, v)
}

func form(fields map[string]string, file, name string, data []byte) ([]byte, string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if err := w.WriteField(key, fields[key]); err != nil {
			return nil, "", err
		}
	}
	part, err := w.CreateFormFile(file, name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	return b.Bytes(), w.FormDataContentType(), err
}

// Download reads a file, which is an error beyond most bytes. JSON and HTML are no
// files: servers send them to say that something is wrong.
func (c *Client) Download(ctx context.Context, path string, most int64) ([]byte, error) {
	v, e := c.carry(ctx, &call{Client: c, method: http.MethodGet, path: path, raw: true, most: most})
	if e != nil {
		return nil, e
	}
	data, _ := v.([]byte)
	return data, nil
}

// limit is the longest answer that the call may have.
func (k *call) limit() int64 {
	if k.raw {
		return k.most
	}
	return k.maxBody
}

// size is that of the file in the call or in its answer.
func (k *call) size() int64 {
	size := k.most
	if k.contentType != "" {
		size += int64(len(k.body))
	}
	return size
}

// parseContent takes the bytes of a 2xx answer as they are.
func parseContent(resp *http.Response, body []byte) (any, *Error) {
	switch kind := mediaType(resp.Header); {
	case len(body) == 0:
		return nil, badAnswer(resp.StatusCode, "the server sent an empty answer (%d), a file was expected", resp.StatusCode)
	case kind != "" && isJSON(kind) || kind == "text/html":
		return nil, badAnswer(resp.StatusCode, "the server sent %s (%d), a file was expected", shorten(kind), resp.StatusCode)
	case unbounded(resp):
		return nil, badAnswer(resp.StatusCode, "the server did not say how long the file is, so it may be cut off")
	}
	return bytes.Clone(body), nil
}
