package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"unicode/utf8"
)

// An error needs no more text than this to be understood.
const maxErrorBody = 1 << 20

// A buffer that grew beyond this is not kept for the next answer.
const keepBuffer = 1 << 20

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func release(buf *bytes.Buffer) {
	if buf.Cap() <= keepBuffer {
		buffers.Put(buf)
	}
}

var errTooLong = errors.New("too long")

// readBody reads the whole body, unpacked, up to limit bytes. The caller
// releases the buffer, with an error too.
func readBody(resp *http.Response, limit int64) (*bytes.Buffer, error) {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	if n := min(resp.ContentLength, limit, keepBuffer/2); n > 0 {
		buf.Grow(int(n) + bytes.MinRead) // room to see the end without growing
	}
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, limit+1))
	if err == nil && n > limit {
		err = errTooLong
	}
	return buf, err
}

// decode reads one JSON value and nothing behind it. Numbers stay as written.
// Go would quietly replace broken UTF-8, so that is looked at first.
func decode(body []byte) (any, error) {
	if !utf8.Valid(body) {
		return nil, errors.New("it is not valid UTF-8")
	}
	depth, members := survey(body)
	if depth > maxDepth {
		return nil, fmt.Errorf("it is nested deeper than %d levels", maxDepth)
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if !blank(body[dec.InputOffset():]) {
		return nil, errors.New("there is more behind its end")
	}
	if held(v) != members {
		return nil, fmt.Errorf("%q is in one object twice", shorten(doubled(body)))
	}
	return v, nil
}

func blank(b []byte) bool { return len(bytes.TrimLeft(b, " \t\r\n")) == 0 }

// mediaType is the Content-Type without parameters; "" if there is none.
func mediaType(h http.Header) string {
	t, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(t))
}

func isJSON(mediaType string) bool {
	return mediaType == "" || mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

const noAPI = "is this the PBX's API?"

// badAnswer is a success that cannot be read.
func badAnswer(status int, format string, args ...any) *Error {
	return &Error{Status: status, Message: fmt.Sprintf(format, args...), Hint: noAPI}
}

// nothing is the value of an answer without content, which only writes have.
type nothing struct{}

// parseAnswer turns a 2xx answer into its value.
func parseAnswer(method string, resp *http.Response, body []byte) (any, *Error) {
	status, kind := resp.StatusCode, mediaType(resp.Header)
	switch {
	case method != http.MethodGet && status == http.StatusNoContent,
		method == http.MethodDelete && blank(body): // no JSON is due
		return nothing{}, nil
	case !isJSON(kind):
		return nil, badAnswer(status, "the server sent %s (%d), JSON was expected", shorten(kind), status)
	case blank(body):
		e := badAnswer(status, "the server sent an empty answer (%d), JSON was expected", status)
		e.again = unbounded(resp)
		return nil, e
	}
	v, err := decode(body)
	if err != nil {
		e := badAnswer(status, "the server sent broken JSON (%d): %v", status, err)
		e.again = unfinished(err) && unbounded(resp)
		return nil, e
	}
	if err := checkIDs(v); err != nil {
		return nil, badAnswer(status, "the server sent nonsense (%d): %v", status, err)
	}
	return v, nil
}

// unbounded tells that the answer ends where the connection does. Nobody can know
// whether it is whole but by what is in it.
func unbounded(resp *http.Response) bool {
	return resp.ContentLength < 0 && resp.Close && len(resp.TransferEncoding) == 0 && !resp.Uncompressed
}

// serverText is what the server says about an error: its own message word for
// word, else the beginning of what it sent.
func serverText(status int, body []byte) string {
	if v, err := decode(body); err == nil {
		if m, ok := v.(map[string]any); ok {
			if text, ok := m["message"].(string); ok && text != "" {
				return text
			}
		}
	}
	if text := shorten(string(body)); text != "" {
		return text
	}
	if text := http.StatusText(status); text != "" {
		return text
	}
	return "no reason given"
}
