package proof

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"pbxsync/internal/simulator"
)

var shownID = regexp.MustCompile(`"(id|[a-z_]+_id)":\s*(\d+)`)

// A server that writes every id as text is the same server: what it makes is found under
// that id, and nothing is made twice.
func TestIDsAsText(t *testing.T) {
	b := testBox(t, simulator.Options{})
	b.server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/api/") {
			return false
		}
		answer := httptest.NewRecorder()
		b.server.Answer(answer, r)
		for name, v := range answer.Header() {
			if name != "Content-Length" {
				w.Header()[name] = v
			}
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(shownID.ReplaceAll(answer.Body.Bytes(), []byte(`"$1":"$2"`)))
		return true
	})
	text := head + `extension_groups: {Sales: {}, Support: {}}
extensions:
  "701": {type: ivr, status: active, extension_group: Sales}
  "702": {type: phone, status: active, phone: {hangup_timeout: 30, record_enabled: false}}
agents: {local: {Zoe: {extension: "701", events: [{event_type: agent-login, method: GET, url: "https://hooks.example.org/a"}]}}}
`
	b.apply(text)
	if _, p := b.plan(text); len(p.Steps) > 0 {
		t.Errorf("%d steps are left", len(p.Steps))
	}
	b.apply(strings.Replace(text, "extension_group: Sales", "extension_group: Support", 1))
}
