package trace

import (
	"errors"
	"strings"
	"testing"

	"pbxsync/internal/api"
	"pbxsync/internal/report"
	"pbxsync/schema"
)

type sink struct {
	strings.Builder
	left int // writes until the disk is full
}

func (s *sink) Write(b []byte) (int, error) {
	if s.left--; s.left < 0 {
		return 0, errors.New("no space left on device")
	}
	return s.Builder.Write(b)
}

func (s *sink) Close() error { return nil }

func newTrace(values bool, left int) (*Trace, *sink) {
	s := &sink{left: left}
	m := &report.Mask{}
	m.Hide("tok-123456")
	return New(s, schema.Builtin(), m, values, "test", "apply"), s
}

// What is never written, and what only on request.
func TestWhatATraceHolds(t *testing.T) {
	e := api.Exchange{Method: "POST", Path: "/api/ver1.0/client/12/oauth/session/aB3-x?name=12037*101&user_id=5", Status: 200,
		Sent:     []byte(`{"login":"alice","name":"A","status":"active","access":"full","password":"Tr0ub4dor","secret_word":"open sesame","old_tokens":["abc"],"note":"tok-123456 is it"}`),
		Received: []byte(`[{"id":5,"url":"https://user:pa55word@hook.example/x","email":"a@x.example"},{"id":6,"Bob's PIN":"1234"}]`)}
	for _, values := range []bool{false, true} {
		tr, s := newTrace(values, 100)
		tr.Note(e)
		if err := tr.Close(); err != nil {
			t.Fatal(err)
		}
		text := s.String()
		for _, never := range []string{"Tr0ub4dor", "open sesame", "abc", "tok-123456", "pa55word", "Bearer"} {
			if strings.Contains(text, never) {
				t.Errorf("values %v: %q stands in %s", values, never, text)
			}
		}
		for _, value := range []string{"alice", "hook.example", "a@x.example", "12037*101", "aB3-x", "1234", "Bob"} {
			if strings.Contains(text, value) != values {
				t.Errorf("values %v: %q in %s", values, value, text)
			}
		}
		for _, always := range []string{`"method":"POST"`, `"status":200`, "login: text 5", "/client/12/oauth/session/"} {
			if !strings.Contains(text, always) {
				t.Errorf("values %v: %q is missing in %s", values, always, text)
			}
		}
	}
}

func TestATraceThatCannotBeWritten(t *testing.T) {
	tr, s := newTrace(false, 2)
	tr.Note(api.Exchange{Method: "GET", Path: "/a"})
	if err := tr.Ready(); err != nil {
		t.Fatal(err)
	}
	tr.Note(api.Exchange{Method: "GET", Path: "/b"})
	if err := tr.Ready(); err == nil {
		t.Error("a full disk was not noticed")
	}
	tr.Note(api.Exchange{Method: "GET", Path: "/c"})
	if err := tr.Close(); err == nil || strings.Contains(s.String(), "/c") {
		t.Errorf("%v: %s", err, s.String())
	}
}

// What a server says may not speak to the terminal on which a trace is looked at.
func TestATraceIsHarmless(t *testing.T) {
	tr, s := newTrace(true, 100)
	tr.Note(api.Exchange{Method: "GET", Path: "/a", Received: []byte("{\"name\":\"a\u202e\u0085\\u001b[2J\"}"), Err: errors.New("x\u202ey\x1b[2J")})
	if strings.ContainsAny(s.String(), "\u202e\u0085\x1b") || !strings.Contains(s.String(), `\u202e`) {
		t.Errorf("%q", s.String())
	}
}
