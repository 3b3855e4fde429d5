//go:build unix

package local

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pbxsync/sync/plan"
)

// Run records are private, and do not lie where anybody can write.
func TestRecordsArePrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "records")
	s, err := Open(Config{Dir: dir, Server: "host"})
	if err != nil {
		t.Fatal(err)
	}
	tenant := plan.TenantID{Prefix: "12037"}
	l, err := s.Lock(tenant)
	if err != nil {
		t.Fatal(err)
	}
	l.Release(true)
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "host", "12037"): 0o700, filepath.Join(dir, "host", "12037", "lock"): 0o600, filepath.Join(dir, ".gitignore"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v, want %v", path, info.Mode(), err, want)
		}
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("run records: anybody can write to %s (0777), and so decide what the next run believes; chmod 700 %s, or name another folder with --state-dir", dir, dir)
	if _, err := s.Lock(tenant); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
