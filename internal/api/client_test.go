package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestNewRefuses(t *testing.T) {
	for _, tt := range []struct{ endpoint, want string }{
		{"", "the endpoint is missing; give the server as https://host"},
		{"pbx.example", `endpoint "pbx.example" has no scheme; write it as https://host[:port]`},
		{"pbx.example:443", `endpoint "pbx.example:443" has no scheme; write it as https://host[:port]`},
		{"https://u:geheim@pbx.example", "the endpoint holds a user name or password; give the credentials apart, and the endpoint as https://host[:port]"},
		{"https://pbx.example?a=1", "the endpoint of pbx.example has a query or fragment; write it as https://host[:port]"},
		{"https://pbx.example?", "the endpoint of pbx.example has a query or fragment; write it as https://host[:port]"},
		{"https://pbx.example#x", "the endpoint of pbx.example has a query or fragment; write it as https://host[:port]"},
		{"ftp://pbx.example", `endpoint pbx.example has the scheme "ftp"; only https is spoken`},
		{"http://pbx.example", "endpoint http://pbx.example would send the credentials in clear text; use https://pbx.example (http is for this machine only)"},
		{"http://127.0.0.1.example", "endpoint http://127.0.0.1.example would send the credentials in clear text; use https://127.0.0.1.example (http is for this machine only)"},
		{"https://", "the endpoint has no host; write it as https://host[:port]"},
		{"https://a b", "the endpoint is no URL; write it as https://host[:port]"},
		{"https://pbx.example/api/ver1.0", `endpoint pbx.example has the path "/api/ver1.0"; leave it out (/api/ver1.0 and /oauth/token are added) or set the base path`},
	} {
		if _, err := New(Config{Endpoint: tt.endpoint}); err == nil || err.Error() != tt.want {
			t.Errorf("%q:\ngot  %v\nwant %s", tt.endpoint, err, tt.want)
		}
	}
	for _, ok := range []string{"https://pbx.example", "https://pbx.example:8443/", "http://127.0.0.1:80", "http://127.9.9.9", "http://[::1]:80", "http://localhost:1"} {
		if _, err := New(Config{Endpoint: ok}); err != nil {
			t.Errorf("%s: %v", ok, err)
		}
	}
}

func TestNewRefusesSettings(t *testing.T) {
	for _, tt := range []struct {
		cfg  Config
		want string
	}{
		{Config{AppSecret: "geheim\n"}, "the app secret holds a line break or control character; take it out (was it read from a file with a line end?)"},
		{Config{AppID: "a\rb"}, "the app id holds a line break or control character; take it out (was it read from a file with a line end?)"},
		{Config{BasePath: "api"}, `the base path "api" is no plain path; write it like /api/ver1.0`},
		{Config{TokenPath: "/t?a"}, `the token path "/t?a" is no plain path; write it like /api/ver1.0`},
		{Config{Parallelism: -1}, "page size, parallelism, rate and the longest answer must be above zero"},
		{Config{MaxBody: -1}, "page size, parallelism, rate and the longest answer must be above zero"},
		{Config{RetryBase: -1}, "page size, parallelism, rate and the longest answer must be above zero"},
		{Config{Rate: -1}, "page size, parallelism, rate and the longest answer must be above zero"},
		{Config{PageSize: -1}, "page size, parallelism, rate and the longest answer must be above zero"},
	} {
		tt.cfg.Endpoint = "https://pbx.example"
		if _, err := New(tt.cfg); err == nil || err.Error() != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
	if _, err := New(Config{Endpoint: "https://pbx.example", PageSize: 1, Parallelism: 1, MaxBody: 1, RetryBase: 1, Rate: 1}); err != nil {
		t.Errorf("the least of each: %v", err)
	}
}

func TestGet(t *testing.T) {
	c := server(t, func(w http.ResponseWriter, r *http.Request) {
		equal(t, "URI", r.RequestURI, "/api/ver1.0/extension/@1844*101/a%2Fb?name=x%20y")
		equal(t, "token", r.Header.Get("Authorization"), "Bearer tok-1")
		equal(t, "idempotency key", r.Header.Get("Idempotency-Key"), "")
		answer(w, 200, ` {"id":12345678901234567890,"a":[true,null,"x"]} `+"\n")
	})
	got, err := c.Get(t.Context(), "/extension/@1844*101/a%2Fb?name=x%20y")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"id": json.Number("12345678901234567890"), "a": []any{true, nil, "x"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	equal(t, "counts", c.Counts(), Counts{Token: 1, Reads: 1})
}

func TestOtherPaths(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/t", status(200, goodToken))
	mux.HandleFunc("/test/ver1.0/user/", status(200, `{}`))
	c := dialTo(t, Config{BasePath: "/test/ver1.0/", TokenPath: "/t"}, mux)
	if _, err := c.Get(t.Context(), "/user/"); err != nil {
		t.Error(err)
	}
}

func TestBadPaths(t *testing.T) {
	c := client(t, Config{Endpoint: "https://pbx.example", Transport: fake(func(r *http.Request) (*http.Response, error) {
		t.Errorf("sent %s", r.URL)
		return reply(200, "{}"), nil
	})})
	for path, why := range map[string]string{
		"client":             "the path does not begin with a slash",
		"/client//fax/in/":   "the path has an empty part",
		"/client/12//":       "the path has an empty part",
		"/client/../admin":   "the path has a part that is only dots",
		"/client/..":         "the path has a part that is only dots",
		"/client/./12":       "the path has a part that is only dots",
		"/client/a b":        "the path has a character that must be escaped",
		"/client/ä":          "the path has a character that must be escaped",
		"/client/#":          "the path has a character that must be escaped",
		"/client/12#":        "the path has a character that must be escaped",
		"/client/?a=b\r\nX:": "the path has a character that must be escaped",
		"/client/%zz":        `the path is not escaped well: invalid URL escape "%zz"`,
	} {
		_, err := c.Send(t.Context(), "DELETE", path, nil)
		wantError(t, err, "DELETE "+path+": "+why)
	}
	_, err := c.Send(t.Context(), "GET", "/x", nil)
	wantError(t, err, "GET /x: only POST, PUT and DELETE can be sent")
}

func TestParallelCallsShareOneToken(t *testing.T) {
	c := server(t, status(200, `{}`))
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := c.Get(context.Background(), "/user/"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	equal(t, "counts", c.Counts(), Counts{Token: 1, Reads: 50})
}

func TestRate(t *testing.T) {
	start := time.Now()
	c := serverWith(t, Config{Rate: 100}, status(200, `{}`))
	for range 5 {
		if _, err := c.Get(t.Context(), "/user/"); err != nil {
			t.Fatal(err)
		}
	}
	if d := time.Since(start); d < 45*time.Millisecond {
		t.Errorf("token and 5 calls at 100 a second took only %v", d)
	}
}

func TestShorten(t *testing.T) {
	equal(t, "escapes", shorten("a\x1b[31m\n\tb\u202ec\xffd"), "a [31m b c d")
	equal(t, "long", shorten(strings.Repeat("ä", 3000)), strings.Repeat("ä", excerptLength)+"... (3,000 characters)")
	equal(t, "blanks", shorten(strings.Repeat(" ", 3000)+"end"), "end")
}
