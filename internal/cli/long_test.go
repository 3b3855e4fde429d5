package cli_test

import (
	"bytes"
	"io"
	"net/http"
	"path/filepath"
	"slices"
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
	const cut = " characters)"
	for _, tc := range []struct {
		refuses string
		args    []string
		cut     string // what stands where the text ends, "" where it is not printed
	}{
		{"", []string{"plan"}, cut},
		{"", []string{"drift"}, cut},
		{"", []string{"apply", "--auto-approve"}, cut},
		{"", []string{"check", "--deep"}, ""},
		{"", []string{"import", "--tenant", "@me"}, cut},
		{"", []string{"validate"}, ""},
		{http.MethodPost, []string{"apply", "--auto-approve"}, cut},
		{http.MethodGet, []string{"plan"}, cut},
		{http.MethodGet, []string{"check"}, cut},
		{"", []string{"show"}, cut},
		{"", []string{"undo", "--auto-approve"}, cut},
	} {
		c := newCheckouts(t)
		if code, said := c.apply("green: {extra_params: grown}, grown"); code != 0 {
			t.Fatalf("exit %d: %s", code, said)
		}
		c.server = magnified{c.server, strings.Repeat("long words ", 1<<20/11), tc.refuses}
		dir := c.files("green: {extra_params: short}, blue")
		last := []string{dir}
		switch tc.args[0] {
		case "import":
			last = []string{filepath.Join(dir, "new")}
		case "show":
			last = []string{filepath.Join(dir, "plan.json")}
			if code, said := c.run("plan", "--out", last[0], dir); code != 0 {
				t.Fatalf("exit %d: %.1500s", code, said)
			}
		case "undo":
			if code, said := c.run("apply", "--auto-approve", dir); code != 0 {
				t.Fatalf("exit %d: %.1500s", code, said)
			}
			records, err := filepath.Glob(filepath.Join(dir, ".pbxsync", "*", "*", "*.jsonl"))
			if err != nil || len(records) != 1 {
				t.Fatalf("%v %v", records, err)
			}
			last = []string{strings.TrimSuffix(filepath.Base(records[0]), ".jsonl"), dir}
		}
		code, said := c.run(append(slices.Clip(tc.args), last...)...)
		if !strings.Contains(said, tc.cut) || tc.cut == "" && strings.Contains(said, "long words") || len(said) > 5000 {
			t.Errorf("%s %v: exit %d, %d bytes: %.1500s", tc.refuses, tc.args, code, len(said), said)
		}
	}
}
