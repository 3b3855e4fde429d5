package metrics

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The file says what the last run found. One that fails keeps when a run last came through.
func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "acme.prom")
	at := time.Date(2026, 11, 29, 3, 0, 0, 0, time.UTC)
	r := Run{Command: "drift", Tenant: "acme \"x\"\n", Code: 2, Began: at, Ended: at.Add(1500 * time.Millisecond), Success: true,
		Found: map[string]int{"drift": 3, "pending": 0}, Risks: map[string]int{"cuts": 1}, Reads: 40}
	if err := r.Write(path); err != nil {
		t.Fatal(err)
	}
	has := func(lines ...string) {
		t.Helper()
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if !strings.Contains(string(data), line+"\n") {
				t.Errorf("%s is not in\n%s", line, data)
			}
		}
	}
	const of = `command="drift"`
	tenant := `tenant="acme \"x\"\n"`
	has(`pbxsync_differences{`+of+`,side="drift",`+tenant+`} 3`, `pbxsync_differences{`+of+`,side="pending",`+tenant+`} 0`,
		`pbxsync_changes_with_risk{`+of+`,risk="cuts",`+tenant+`} 1`, `pbxsync_duration_seconds{`+of+`,`+tenant+`} 1.5`,
		`pbxsync_calls{`+of+`,sort="read",`+tenant+`} 40`, `pbxsync_exit_code{`+of+`,`+tenant+`} 2`, lastSuccess+`{`+of+`,`+tenant+`} 1.7959212015e+09`)
	r.Success, r.Code, r.Ended = false, 1, at.Add(24*time.Hour)
	if err := r.Write(path); err != nil {
		t.Fatal(err)
	}
	has(lastSuccess+`{`+of+`,`+tenant+`} 1.7959212015e+09`, `pbxsync_exit_code{`+of+`,`+tenant+`} 1`)
}
