package cli_test

import (
	"bytes"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// magnified is a server that shows one name, and each refusal, with a megabyte of text.
type magnified struct {
	http.RoundTripper
	text    string
	refuses string // method that is refused
}

func (m magnified) RoundTrip(r *http.Request) (*http.Response, error) {
	if m.refuses != "" && r.Method == m.refuses && strings.HasPrefix(r.URL.Path, "/api/") {
		return &http.Response{StatusCode: 400, Status: "400 Bad Request", Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
			Body: io.NopCloser(strings.NewReader(`{"message": "` + m.text + `"}`))}, nil
	}
	a, err := m.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(a.Body)
	a.Body.Close()
	body = bytes.ReplaceAll(body, []byte(`"grown"`), []byte(`"`+m.text+`"`))
	a.Body, a.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	a.Header.Del("Content-Length")
	return a, err
}

// Whatever a server says at length, no command repeats at length.
func TestLongAnswersAreCut(t *testing.T) {
	const ofPrinter, ofClient = " characters)", " …" // the client keeps no more of an error than it shows
	for _, tc := range []struct {
		refuses string
		args    []string
		cut     string // what stands where the text ends, "" where it is not printed
	}{
		{"", []string{"plan"}, ofPrinter},
		{"", []string{"drift"}, ofPrinter},
		{"", []string{"apply", "--auto-approve"}, ofPrinter},
		{"", []string{"check", "--deep"}, ""},
		{"", []string{"import", "--tenant", "@me"}, ofPrinter},
		{"", []string{"validate"}, ""},
		{http.MethodPost, []string{"apply", "--auto-approve"}, ofPrinter},
		{http.MethodGet, []string{"plan"}, ofClient},
		{http.MethodGet, []string{"check"}, ofClient},
	} {
		c := newCheckouts(t)
		if code, said := c.apply("grown"); code != 0 {
			t.Fatalf("exit %d: %s", code, said)
		}
		c.server = magnified{c.server, strings.Repeat("long words ", 1<<20/11), tc.refuses}
		dir := c.files("green")
		if tc.args[0] == "import" {
			dir = filepath.Join(dir, "new")
		}
		code, said := c.run(append(tc.args, dir)...)
		if !strings.Contains(said, tc.cut) || tc.cut == "" && strings.Contains(said, "long words") || len(said) > 5000 {
			t.Errorf("%s %v: exit %d, %d bytes: %.1500s", tc.refuses, tc.args, code, len(said), said)
		}
	}
}
