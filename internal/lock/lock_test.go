package lock

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const server = "https://pbx.example"

func folders(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, name := range []string{"runtime", "cache"} {
		dir := filepath.Join(t.TempDir(), name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		out = append(out, dir)
	}
	return Folders(out[0], out[1])
}

func take(t *testing.T, dirs []string, tenant, folder string) (*Lock, bool) {
	t.Helper()
	l, fresh, err := Machine(dirs, server, tenant, Holder{1, folder, "then"})
	if err != nil {
		t.Fatal(err)
	}
	return l, fresh
}

// A tenant is locked for all folders, and for those that see only one of the places too.
func TestOneRunOfATenant(t *testing.T) {
	dirs := folders(t)
	l, fresh := take(t, dirs, "12037", "/one")
	if !fresh {
		t.Error("the first is not fresh")
	}
	for _, places := range [][]string{dirs, dirs[:1], dirs[1:]} {
		for _, url := range []string{server, "HTTPS://PBX.example.:443/api"} {
			_, _, err := Machine(places, url, "12037", Holder{2, "/two", "now"})
			var held *Held
			if !errors.As(err, &held) || held.By != (Holder{1, "/one", "then"}) || !strings.HasSuffix(err.Error(), ".lock (process 1 in /one since then)") {
				t.Errorf("%v %s: %v", places, url, err)
			}
		}
	}
	other, _ := take(t, dirs, "12099", "/two")
	other.Release(true)
	l.Release(true)
	l, fresh = take(t, dirs, "12037", "/two")
	if fresh || len(l.CutOff()) > 0 {
		t.Errorf("after its end: fresh %v, cut off %v", fresh, l.CutOff())
	}
	l.Release(true)
}

// What was cut off is told to runs from other folders until one has waited for it, or the
// folder itself has looked.
func TestCutOff(t *testing.T) {
	dirs := folders(t)
	l, _ := take(t, dirs, "12037", "/one")
	l.Release(false)
	for range 2 { // who does not wait leaves it to the next
		l, _ = take(t, dirs[1:], "12037", "/two")
		if cut := l.CutOff(); len(cut) != 1 || cut[0].Folder != "/one" {
			t.Errorf("%v", cut)
		}
		l.Release(true)
		l, _ = take(t, dirs, "12037", "/one")
		if cut := l.CutOff(); len(cut) != 0 {
			t.Errorf("its own: %v", cut)
		}
		l.Release(true)
	}
	l, _ = take(t, dirs, "12037", "/one")
	l.Resumed()
	l.Release(true)
	l, _ = take(t, dirs, "12037", "/two")
	if cut := l.CutOff(); len(cut) != 0 {
		t.Errorf("after it was looked at: %v", cut)
	}
	l.Release(false)
	l, _ = take(t, dirs, "12037", "/three")
	if err := l.Calm(); err != nil {
		t.Fatal(err)
	}
	l.Release(true)
	l, _ = take(t, dirs, "12037", "/four")
	if cut := l.CutOff(); len(cut) != 0 {
		t.Errorf("after waiting: %v", cut)
	}
	l.Release(true)
}

// What is not as it was made is refused, and never followed.
func TestLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links and modes are another matter there")
	}
	victim := filepath.Join(t.TempDir(), "victim")
	if err := os.WriteFile(victim, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(dir, file string) error{
		"a link for the folder": func(dir, _ string) error {
			return errors.Join(os.RemoveAll(dir), os.Symlink(filepath.Dir(victim), dir))
		},
		"a folder that others enter":   func(dir, _ string) error { return os.Chmod(dir, 0o755) },
		"a file for the folder":        func(dir, _ string) error { return errors.Join(os.RemoveAll(dir), os.WriteFile(dir, nil, 0o600)) },
		"a link for the lock":          func(_, file string) error { return errors.Join(os.Remove(file), os.Symlink(victim, file)) },
		"a link to nothing":            func(_, file string) error { return errors.Join(os.Remove(file), os.Symlink(victim+"2", file)) },
		"a folder in the lock's place": func(_, file string) error { return errors.Join(os.Remove(file), os.Mkdir(file, 0o700)) },
	} {
		dirs := folders(t)[:1]
		l, _ := take(t, dirs, "12037", "/one")
		l.Release(true)
		if err := spoil(dirs[0], l.paths[0]); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Machine(dirs, server, "12037", Holder{2, "/two", "now"}); err == nil || !strings.Contains(err.Error(), "delete it") {
			t.Errorf("%s: %v", name, err)
		}
		_, err := os.Stat(victim + "2")
		if text, _ := os.ReadFile(victim); string(text) != "precious" || err == nil {
			t.Errorf("%s: %q was written", name, text)
		}
	}
}

// A text that is no list of holders is no reason to fail: the lock itself is the kernel's.
func TestOddText(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	for _, text := range []string{"", "process 1 since then\n", "[{", "[]", `{"a":1}`, `[{"process":"x"}]`, "\x00\xff", strings.Repeat("[", most*2)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := Take(path, Holder{1, "/one", "then"})
		if err != nil {
			t.Fatalf("%.10q: %v", text, err)
		}
		if got := first(readHolders(path)); got.Process != 1 {
			t.Errorf("%.10q: %v", text, got)
		}
		l.Release(true)
		if got, _ := os.ReadFile(path); string(got) != "[]\n" && string(got) != "null\n" {
			t.Errorf("%.10q: %.20q is left", text, got)
		}
	}
}

// Without a folder of the user's own nothing is made, and the caller is told.
func TestNowhere(t *testing.T) {
	dir := t.TempDir()
	for _, dirs := range [][]string{nil, Folders("", "relative"), Folders(filepath.Join(dir, "no", "home", ".cache"), "")} {
		if _, _, err := Machine(dirs, server, "12037", Holder{}); !errors.Is(err, ErrNowhere) {
			t.Errorf("%v: %v", dirs, err)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%v was made", left)
	}
}

func TestServer(t *testing.T) {
	for _, same := range [][]string{
		{"https://pbx.example", "https://PBX.EXAMPLE:443", "HTTPS://pbx.example./path", "https://user@pbx.example"},
		{"http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080", "http://LocalHost:8080/"},
	} {
		for _, url := range same {
			if Server(url) != Server(same[0]) {
				t.Errorf("%s is %s, and %s is %s", url, Server(url), same[0], Server(same[0]))
			}
		}
	}
	if Server("https://pbx.example") == Server("https://pbx.example:8443") {
		t.Error("two ports are one server")
	}
}
