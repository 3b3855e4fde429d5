package notify

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A message reaches a service as it is: a real server takes it.
func TestSend(t *testing.T) {
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = string(body)
	}))
	defer server.Close()
	target, err := To("generic://" + strings.TrimPrefix(server.URL, "http://") + "/hook?disabletls=yes")
	if err != nil {
		t.Fatal(err)
	}
	m := Message{Tenant: "acme", Verdict: "1 drift", Lines: []string{"extension/101: label was Desk, is HACKED"}, Link: "https://ci.example/1"}
	if err := target.Send(m.String()); err != nil {
		t.Fatal(err)
	}
	if want := "pbxsync: acme: 1 drift\n- extension/101: label was Desk, is HACKED\nhttps://ci.example/1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What does not answer is an error, and no error repeats what stands in the URL.
func TestNoCredentialInErrors(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "no: "+r.URL.String()+" "+r.Header.Get("Authorization"), http.StatusForbidden)
	}))
	host := strings.TrimPrefix(server.URL, "http://")
	target, err := To("generic://" + host + "/secret-path?disabletls=yes&@Authorization=secret-token")
	if err != nil {
		t.Fatal(err)
	}
	answers := func() {
		t.Helper()
		if err := target.Send("x"); err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), host) {
			t.Errorf("got %v", err)
		}
	}
	answers()
	server.Close()
	answers()
	for _, bad := range []string{"", "slack", "slack://", "nowhere://secret-token@x", "slack://secret-token", "ht!tp://secret-token", "generic://secret-token:%zz"} {
		if _, err := To(bad); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// However much was found, a message is short.
func TestShort(t *testing.T) {
	m := Message{Tenant: "acme", Verdict: "10000 drifts"}
	for range 10000 {
		m.Lines = append(m.Lines, strings.Repeat("x", 5000))
	}
	if n := len(m.String()); n > 2000 {
		t.Errorf("a message of %d bytes", n)
	}
}
