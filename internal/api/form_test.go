package api

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

func TestSendForm(t *testing.T) {
	c := server(t, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			t.Error(err)
			return
		}
		f, head, err := r.FormFile("file")
		if err != nil {
			t.Error(err)
			return
		}
		data, _ := io.ReadAll(f)
		equal(t, "form", r.FormValue("title")+" "+head.Filename+" "+string(data), "Hold \"x\" hold.wav \x00RIFF")
		answer(w, 201, `{"id":7}`)
	})
	row, err := c.SendForm(context.Background(), "/client/12/sound/", map[string]string{"title": `Hold "x"`}, "file", "hold.wav", []byte("\x00RIFF"))
	if err != nil || row["id"] == nil {
		t.Errorf("%v %v", row, err)
	}
}

// A form is a POST: what may have been done is not sent again.
func TestFormIsSentOnce(t *testing.T) {
	for _, test := range []struct {
		name  string
		first http.HandlerFunc
		calls int64
		doubt bool
	}{
		{"dropped", dropped, 1, true},
		{"500", status(500, `{"message":"oops"}`), 1, true},
		{"400", status(400, `{"message":"no"}`), 1, false},
		{"429", status(429, `{"message":"busy"}`), 2, false},
		{"401", status(401, `{"message":"who"}`), 2, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var calls atomic.Int64
			c := server(t, script(&calls, test.first, status(200, `{"id":7}`)))
			_, err := c.SendForm(context.Background(), "/client/12/sound/", nil, "file", "a.wav", []byte("x"))
			equal(t, "calls", calls.Load(), test.calls)
			equal(t, "error", err != nil, test.calls == 1)
			if e, ok := err.(*Error); ok {
				equal(t, "doubt", e.Doubtful, test.doubt)
			}
		})
	}
}

func TestDownload(t *testing.T) {
	file := func(kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			io.WriteString(w, body)
		}
	}
	for _, test := range []struct {
		name string
		h    http.HandlerFunc
		want string // the bytes, or the error
	}{
		{"bytes", file("audio/wav", "\x00\xffRIFF"), "\x00\xffRIFF"},
		{"no type", file("", "x"), "x"},
		{"as long as may be", file("audio/mpeg", strings.Repeat("x", 16)), strings.Repeat("x", 16)},
		{"longer", file("audio/mpeg", strings.Repeat("x", 17)), "GET /s/1/download/: the answer is longer than 16 bytes"},
		{"nothing", file("audio/wav", ""), "GET /s/1/download/: the server sent an empty answer (200), a file was expected; is this the PBX's API?"},
		{"JSON", file("application/json", "{}"), "GET /s/1/download/: the server sent application/json (200), a file was expected; is this the PBX's API?"},
		{"HTML", file("text/html; charset=utf-8", "<p>"), "GET /s/1/download/: the server sent text/html (200), a file was expected; is this the PBX's API?"},
		{"gone", status(404, `{"message":"Not found"}`), "GET /s/1/download/: 404: Not found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			data, err := server(t, test.h).Download(context.Background(), "/s/1/download/", 16)
			if err != nil {
				equal(t, "error", err.Error(), test.want)
			} else {
				equal(t, "bytes", string(data), test.want)
			}
		})
	}
}

// A file that ends where the connection ends may be cut off.
func TestDownloadOfUnknownLength(t *testing.T) {
	for _, tt := range []struct{ head, want string }{
		{"Content-Length: 4\r\n\r\nRIFF", ""},
		{"Transfer-Encoding: chunked\r\n\r\n4\r\nRIFF\r\n0\r\n\r\n", ""},
		{"Connection: close\r\n\r\nRIFF", "GET /s: the server did not say how long the file is, so it may be cut off; is this the PBX's API?"},
		{"Content-Length: 5\r\n\r\nRIFF", "GET /s: the answer broke off: unexpected EOF; tried 4 times; run it again when the server is well"},
	} {
		l := &lines{answer: func(conn net.Conn, _ *http.Request) {
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\n"+tt.head)
		}}
		onLines(t, l, func(t *testing.T, c *Client) {
			_, err := c.Download(t.Context(), "/s", 16)
			if tt.want != "" {
				wantError(t, err, tt.want)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}
