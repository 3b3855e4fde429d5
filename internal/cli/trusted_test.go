package cli_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Only the plan with the digest that was named is carried out, and only while it is young
// enough; one that does not tell its age has none.
func TestTrustedPlans(t *testing.T) {
	for _, tc := range []struct {
		time string // in the header, "" as it is
		args []string
		code int
		says string
	}{
		{"", []string{"--max-age", "24h"}, 0, "Applied"},
		{"", []string{"--expect-digest", "same"}, 0, "Applied"},
		{"", []string{"--expect-digest", "SAME"}, 0, "Applied"},
		{time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), []string{"--expect-digest", "same", "--max-age", "2h"}, 6, "not the plan that was reviewed"},
		{time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), []string{"--max-age", "2h"}, 0, "Applied"},
		{time.Now().Add(-25 * time.Hour).UTC().Format(time.RFC3339), []string{"--max-age", "24h"}, 5, "longer ago than --max-age 24h0m0s"},
		{time.Now().Add(time.Minute).UTC().Format(time.RFC3339), []string{"--max-age", "24h"}, 0, "Applied"},
		{time.Now().Add(time.Hour).UTC().Format(time.RFC3339), []string{"--max-age", "24h"}, 6, "still to come"},
		{"yesterday", []string{"--max-age", "24h"}, 6, "does not say when it was made"},
		{"yesterday", nil, 0, "Applied"},
	} {
		c := newCheckouts(t)
		dir := c.files("green")
		plan := filepath.Join(dir, "plan.json")
		if code, said := c.run("plan", "--out", plan, dir); code != 0 {
			t.Fatalf("exit %d: %s", code, said)
		}
		data, err := os.ReadFile(plan)
		if err != nil {
			t.Fatal(err)
		}
		digest := fmt.Sprintf("%x", sha256.Sum256(data))
		if tc.time != "" {
			i := bytes.Index(data, []byte(`"time":"`)) + len(`"time":"`)
			data = append(append(bytes.Clone(data[:i]), tc.time...), data[i+bytes.IndexByte(data[i:], '"'):]...)
			if err := os.WriteFile(plan, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for i, a := range tc.args {
			switch a {
			case "same":
				tc.args[i] = digest
			case "SAME":
				tc.args[i] = "sha256:" + strings.ToUpper(digest)
			}
		}
		if code, said := c.run(append(append([]string{"apply"}, tc.args...), plan)...); code != tc.code || !strings.Contains(said, tc.says) {
			t.Errorf("%q %v: exit %d: %s, want %d and %s", tc.time, tc.args, code, said, tc.code, tc.says)
		}
	}
}
