package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// lock keeps two runs on this machine from writing to one tenant. The kernel
// frees it when the process ends, however it ends. Its text is for people only.
func lock(state, dir string) (func(), error) {
	if err := makeStateDir(state); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "lock")
	l := flock.New(path, flock.SetPermissions(0o600))
	got, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if !got {
		who, _ := os.ReadFile(path)
		return nil, fail(exitLocked, "another run holds %s (%s); wait for it to end", path, strings.TrimSpace(string(who)))
	}
	text := fmt.Sprintf("process %d since %s\n", os.Getpid(), time.Now().Format(time.RFC3339))
	_ = os.WriteFile(path, []byte(text), 0o600) // for the message only
	return func() { _ = l.Unlock() }, nil
}

// folderName turns a text of a file into the name of one folder.
func folderName(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '.' && b.Len() > 0 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "_%x", r)
		}
	}
	return b.String()
}
