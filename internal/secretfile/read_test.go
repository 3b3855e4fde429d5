package secretfile

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What the operating system says reaches nobody as it is: each refusal names the path once and
// a way out, and the cause can still be asked for.
func TestRefusalsAreWords(t *testing.T) {
	for _, cause := range []error{fs.ErrNotExist, fs.ErrPermission, syscall.ENOENT, syscall.EACCES, syscall.EPERM, syscall.EISDIR, syscall.ENOTDIR, syscall.ELOOP, syscall.EIO, syscall.ENAMETOOLONG} {
		got := why("/run/secret", &fs.PathError{Op: "openat", Path: "/run/secret", Err: cause}).Error()
		if strings.Count(got, "/run/secret") != 1 || !strings.Contains(got, "; ") || strings.Contains(got, "openat") {
			t.Errorf("%v: %s", cause, got)
		}
	}
	if got := why("x", &fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}).Error(); !strings.HasPrefix(got, "x may not be read by the user who runs this; ") {
		t.Error(got)
	}
}

// A file that nobody may read is told from one that is not there.
func TestNotReadable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("the superuser may read everything")
	}
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("text"), 0o200); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path, nil); err == nil || !strings.Contains(err.Error(), "may not be read by the user who runs this") {
		t.Error(err)
	}
}
