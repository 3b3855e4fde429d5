package cli_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// inbox is a service that takes messages.
func inbox(t *testing.T) (address string, messages *[]string) {
	t.Helper()
	messages = &[]string{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*messages = append(*messages, string(body))
	}))
	t.Cleanup(server.Close)
	return "generic://" + strings.TrimPrefix(server.URL, "http://") + "/hook?disabletls=yes", messages
}

// A run that found something, or failed, tells one message and writes its figures; one that
// did not tells nothing.
func TestTelling(t *testing.T) {
	c := newCheckouts(t)
	dir := c.files("green")
	address, messages := inbox(t)
	figures := filepath.Join(t.TempDir(), "acme.prom")
	told := func(code int, message, figure string, args ...string) {
		t.Helper()
		*messages = nil
		if got, said := c.run(append(args, "--notify", address, "--link", "https://ci.example/7", "--metrics", figures)...); got != code {
			t.Fatalf("%v: exit %d, want %d: %s", args, got, code, said)
		}
		if all := strings.Join(*messages, "\n--\n"); all != message {
			t.Errorf("%v: told %q, want %q", args, all, message)
		}
		data, err := os.ReadFile(figures)
		if err != nil || !strings.Contains(string(data), figure+"\n") {
			t.Errorf("%v: %s is not in %s (%v)", args, figure, data, err)
		}
	}
	told(2, "pbxsync: acme: drift: differences\n- extension_group/green: create\nhttps://ci.example/7", `pbxsync_differences{command="drift",side="changes",tenant="acme"} 1`, "drift", dir)
	told(0, "", `pbxsync_calls{command="apply",sort="write",tenant="acme"} 1`, "apply", "--auto-approve", dir)
	told(0, "", `pbxsync_differences{command="drift",side="changes",tenant="acme"} 0`, "drift", dir)
}

// A service that does not answer is a warning and never a failed run; an address that is none,
// or a file that cannot be written, ends it before anything is read.
func TestTellingFails(t *testing.T) {
	c := newCheckouts(t)
	dir := c.files("green")
	code, said := c.run("drift", "--notify", "generic://127.0.0.1:9/secret-path?disabletls=yes", dir)
	if code != 2 || !strings.Contains(said, "warning: nobody was told of this: generic: ") || strings.Contains(said, "secret-path") {
		t.Errorf("exit %d: %s", code, said)
	}
	for args, says := range map[string]string{
		"--notify nowhere://secret-token":      "--notify: the service nowhere cannot be used",
		"--metrics " + dir + "/gone/acme.prom": "there is no folder",
	} {
		code, said := c.run(append([]string{"drift", dir}, strings.Fields(args)...)...)
		if code != 1 || !strings.Contains(said, says) || strings.Contains(said, "secret-token") {
			t.Errorf("%s: exit %d: %s", args, code, said)
		}
	}
}
