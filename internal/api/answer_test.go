package api

import (
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

func kind(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = []string{contentType}
		if contentType == "" {
			w.Header()["Content-Type"] = nil
		}
		w.Write([]byte(body))
	}
}

func TestAnswers(t *testing.T) {
	const at = "GET /client/12/extension/: "
	const api = "; is this the PBX's API?"
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		want   string // "" is a good answer
	}{
		{"plain", status(200, `[]`), ""},
		{"charset", kind("application/json; charset=utf-8", `[]`), ""},
		{"plus json", kind("application/hal+JSON", `[]`), ""},
		{"no type", kind("", `[]`), ""},
		{"html", kind("text/html; charset=utf-8", `<html>`), at + "the server sent text/html (200), JSON was expected" + api},
		{"plain text", kind("text/plain", `[]`), at + "the server sent text/plain (200), JSON was expected" + api},
		{"html without type", kind("", `<html>`), at + "the server sent broken JSON (200): invalid character '<' looking for beginning of value" + api},
		{"empty", status(200, " \n"), at + "the server sent an empty answer (200), JSON was expected" + api},
		{"204", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) }, at + "the server sent an empty answer (204), JSON was expected" + api},
		{"cut", status(200, `[{"id":1}`), at + "the server sent broken JSON (200): unexpected EOF" + api},
		{"garbage", status(200, `[] []`), at + "the server sent broken JSON (200): there is more behind its end" + api},
		{"utf-8", status(200, "[\"\xff\"]"), at + "the server sent broken JSON (200): it is not valid UTF-8" + api},
		{"byte order mark", status(200, "\ufeff[]"), at + "the server sent broken JSON (200): invalid character 'ï' looking for beginning of value" + api},
		{"deep", status(200, strings.Repeat("[", 65)+strings.Repeat("]", 65)), at + "the server sent broken JSON (200): it is nested deeper than 64 levels" + api},
		{"deep enough", status(200, strings.Repeat(`[{"a":`, 32)+"1"+strings.Repeat("}]", 32)), ""},
		{"brackets in text", status(200, `["`+strings.Repeat(`[{\"`, 100)+`:\\",{":":"{:"}]`), ""},
		{"twice", status(200, `[{"a":{"id":1,"name":"x","id":2}}]`), at + `the server sent broken JSON (200): "id" is in one object twice` + api},
		{"twice, escaped", status(200, `{"a":[{}],"\u0061":{}}`), at + `the server sent broken JSON (200): "a" is in one object twice` + api},
		{"in two objects", status(200, `[{"a":{"a":1}},{"a":[{"a":1},{"a":2}]}]`), ""},
		{"id 0", status(200, `[{"id":1},{"id":0}]`), at + "the server sent nonsense (200): row 2: the id 0 is no whole number above zero" + api},
		{"negative id", status(200, `{"id":-7}`), at + "the server sent nonsense (200): the id -7 is no whole number above zero" + api},
		{"id with a fraction", status(200, `{"id":1.5}`), at + "the server sent nonsense (200): the id 1.5 is no whole number above zero" + api},
		{"empty id", status(200, `{"id":""}`), at + "the server sent nonsense (200): the id is empty" + api},
		{"no id", status(200, `[{"id":null},{"name":"0"}]`), ""},
		{"a number", status(200, `12`), at + "the server sent a number, an object or a list was expected" + api},
		{"null", status(200, `null`), at + "the server sent null, an object or a list was expected" + api},
		{"message", status(400, `{"message":"name: already  exists"}`), at + "400: name: already  exists"},
		{"404", status(404, `{"message":"Not found"}`), at + "404: Not found"},
		{"no message", status(400, `{"errors":["x"]}`), at + `400: {"errors":["x"]}`},
		{"error page", func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, "no\x1b[2J\nway", http.StatusMethodNotAllowed)
		}, at + "405: no [2J way"},
		{"nothing", status(409, ``), at + "409: Conflict"},
		{"nothing known", status(499, ``), at + "499: no reason given"},
		{"forbidden", status(403, `{"message":"no"}`), at + "403: no; the credentials have no right to this call"},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.example/x", http.StatusTemporaryRedirect)
		}, at + "307: the server redirects to https://evil.example/x, and redirects are not followed; is the endpoint right?"},
		{"redirect nowhere", status(302, ``), at + "302: the server redirects, and redirects are not followed; is the endpoint right?"},
		{"redirect badly", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Location", "%zz://"); w.WriteHeader(301) }, at + "301: the server redirects to %zz://, and redirects are not followed; is the endpoint right?"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := server(t, tt.answer)
			_, err := c.Get(t.Context(), "/client/12/extension/")
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			e := wantError(t, err, tt.want)
			equal(t, "doubtful", e.IsDoubtful(), false)
			equal(t, "counts", c.Counts(), Counts{Token: 1, Reads: 1})
		})
	}
}

func TestLongAnswers(t *testing.T) {
	const want = "GET /x: the answer is longer than 1000 bytes"
	long := `["` + strings.Repeat("a", 997) + `"]`
	c := serverWith(t, Config{MaxBody: 1000}, status(200, long))
	_, err := c.Get(t.Context(), "/x")
	wantError(t, err, want)

	c = serverWith(t, Config{MaxBody: 1000}, status(200, `["`+strings.Repeat("a", 996)+`"]`))
	if _, err := c.Get(t.Context(), "/x"); err != nil {
		t.Error(err)
	}
}

func TestZipBomb(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(`"` + strings.Repeat("a", 1<<20) + `"`))
	z.Close()
	c := serverWith(t, Config{MaxBody: 100_000}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		answer(w, 200, packed.String())
	})
	if packed.Len() > 10_000 {
		t.Fatal("the bomb is too large")
	}
	_, err := c.Get(t.Context(), "/x")
	wantError(t, err, "GET /x: the answer is longer than 100000 bytes")
}

// endless counts what is read of a body that never ends.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return len(p), nil
}

func TestNoMoreIsReadThanAllowed(t *testing.T) {
	for _, code := range []int{200, 404} {
		body := &endless{}
		c := client(t, Config{Endpoint: "https://pbx.example", MaxBody: 5000, Transport: fake(func(*http.Request) (*http.Response, error) {
			r := reply(code, "")
			r.Body = io.NopCloser(body)
			return r, nil
		})})
		if _, err := c.Get(t.Context(), "/x"); err == nil {
			t.Error("no error")
		}
		if body.read > maxErrorBody+1 || code == 200 && body.read > 5001 {
			t.Errorf("%d: read %d bytes", code, body.read)
		}
	}
}

// What is no JSON at all is not asked for again, however the answer ended.
func TestNonsenseIsNotAskedForAgain(t *testing.T) {
	for body, calls := range map[string]int64{`{"a":]}`: 1, `{"a":`: 4} {
		l := &lines{answer: func(conn net.Conn, _ *http.Request) {
			io.WriteString(conn, okHead+"Connection: close\r\n\r\n"+body)
		}}
		onLines(t, l, func(t *testing.T, c *Client) {
			if _, err := c.Get(t.Context(), "/x"); err == nil {
				t.Errorf("%s is taken", body)
			}
			equal(t, "calls for "+body, l.calls.Load(), calls)
		})
	}
}
