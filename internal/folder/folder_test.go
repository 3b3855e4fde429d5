//go:build unix

package folder

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nest makes a folder with one thing of each sort.
func nest(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, "tenant", name) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(in("sub"), 0o700))
	must(os.WriteFile(filepath.Join(dir, "outside"), []byte("secret"), 0o600))
	must(os.WriteFile(in("file"), []byte("text"), 0o600))
	must(os.WriteFile(in("large"), []byte("larger than it may be"), 0o600))
	must(os.WriteFile(in("open"), []byte("text"), 0o600))
	must(os.Chmod(in("open"), 0o604))
	must(syscall.Mkfifo(in("pipe"), 0o600))
	for name, to := range map[string]string{"inside": "sub/../file", "out": "../outside", "absolute": in("file"), "device": "/dev/zero", "up": "..", "loop": "loop", "gone": "nowhere"} {
		must(os.Symlink(to, in(name)))
	}
	return in("")
}

func TestWhatLiesInAFolder(t *testing.T) {
	const leaves = "is a link that leaves the tenant's folder"
	f := At(nest(t), nil)
	use, private := Use{Name: "a text", Most: 10, Way: "shorten it"}, Use{Name: "a secret", Most: 10, Private: true}
	for _, c := range []struct {
		name, want string
		use        Use
	}{
		{"file", "", use}, {"inside", "", use}, {"file", "", private}, {"open", "", use},
		{"open", "readable by others (0604)", private},
		{"large", "is over the limit of 0 KiB for a text; shorten it", use},
		{"out", leaves, use}, {"absolute", leaves, use}, {"device", leaves, use}, {"up/outside", leaves, use},
		{"../outside", "leaves the tenant's folder", use}, {"/dev/zero", "leaves the tenant's folder", use}, {"", "names no file", use},
		{"loop", "cannot be opened", use}, {"gone", "is not there", use}, {"file/x", "cannot be opened", use},
		{"pipe", "is no regular file", use}, {"sub", "is a folder", use},
	} {
		data, err := f.Read(c.name, c.use)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) || err == nil && string(data) != "text" {
			t.Errorf("%q: %q %v, want %q", c.name, data, err, c.want)
		}
		if strings.Contains(string(data), "secret") {
			t.Errorf("%q: what lies outside was read", c.name)
		}
	}
}

// What a person names may be a pipe and lie anywhere, has a limit, and ends with an interrupt.
func TestNamed(t *testing.T) {
	dir, stop := nest(t), make(chan struct{})
	use := Use{Name: "a text", Most: 10}
	for name, want := range map[string]string{"file": "", "absolute": "", "inside": "", "device": "is neither a file nor a pipe", "sub": "is a folder", "gone": "is not there", "large": "is over the limit"} {
		data, err := Named(filepath.Join(dir, name), use, stop)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q %v, want %q", name, data, err, want)
		}
	}
	if _, err := NamedFile(filepath.Join(dir, "pipe"), use, stop); err == nil || !strings.Contains(err.Error(), "is no regular file") {
		t.Errorf("a pipe where a file is due: %v", err)
	}
	for text, want := range map[string]string{"short": "short", "longer than ten": ""} {
		written := make(chan struct{})
		go func() {
			_ = os.WriteFile(filepath.Join(dir, "pipe"), []byte(text), 0)
			close(written)
		}()
		if data, err := Named(filepath.Join(dir, "pipe"), use, stop); string(data) != want || (err == nil) != (want != "") {
			t.Errorf("a pipe: %q %v, want %q", data, err, want)
		}
		<-written // a writer that is still there has the rest of its text for the next reader
	}
	r, w := io.Pipe() // standard input to which nobody writes
	defer w.Close()
	time.AfterFunc(10*time.Millisecond, func() { close(stop) })
	for _, c := range []struct {
		what string
		read func() ([]byte, error)
	}{
		{"a pipe without a writer", func() ([]byte, error) { return Named(filepath.Join(dir, "pipe"), use, stop) }},
		{"standard input", func() ([]byte, error) { return Stream(r, use, stop) }},
		{"a file after it", func() ([]byte, error) { return At(dir, stop).Read("file", use) }},
	} {
		if data, err := c.read(); !errors.Is(err, ErrInterrupted) {
			t.Errorf("%s after an interrupt: %q %v", c.what, data, err)
		}
	}
}

// What the program has written is no link, and nobody else's to write.
func TestOwn(t *testing.T) {
	dir := nest(t)
	if err := os.Chmod(filepath.Join(dir, "large"), 0o620); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"file": "", "inside": "is a link", "pipe": "is no regular file", "large": "can be written by others (0620)", "sub": "is a folder"} {
		if _, err := Own(filepath.Join(dir, name), Use{Most: 100}); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}
