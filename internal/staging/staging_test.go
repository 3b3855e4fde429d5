package staging

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/folder"
	"pbxsync/schema/file"
	"pbxsync/schema/file/export"
)

// What is staged is read back, and either becomes the target or leaves nothing behind.
func TestStaging(t *testing.T) {
	root := t.TempDir()
	below := func() []string {
		var names []string
		_ = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err == nil && path != root {
				names = append(names, filepath.ToSlash(path[len(root)+1:]))
			}
			return err
		})
		return names
	}
	to := &Target{Dir: filepath.Join(root, "new", "acme")}
	at := to.Staging()
	at.Clear()
	if got := below(); len(got) > 0 {
		t.Errorf("before the first file: %v", got)
	}
	if err := at.Keep("sounds/a.wav", []byte("a")); err != nil {
		t.Fatal(err)
	}
	if err := at.Keep("sounds/a.wav", []byte("b")); err == nil {
		t.Error("a file was kept twice")
	}
	f, err := at.Open("sounds/a.wav")
	if err != nil {
		t.Fatal(err)
	}
	if data, _ := io.ReadAll(f); string(data) != "a" {
		t.Errorf("%q", data)
	}
	f.Close()
	if at.Clear(); len(below()) > 0 {
		t.Errorf("left behind: %v", below())
	}

	files := []file.File{{Name: export.HeadFile, Data: []byte("version: 1\n")}}
	for _, what := range []string{"new", "there already"} {
		at := to.Staging()
		if err := at.Keep("sounds/a.wav", []byte(what)); err != nil {
			t.Fatal(err)
		}
		if err := to.Write(at, files); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		at.Clear()
		want := []string{"new", "new/acme", "new/acme/.imported", "new/acme/sounds", "new/acme/sounds/a.wav", "new/acme/tenant.yaml"}
		if got := below(); !slices.Equal(got, want) {
			t.Errorf("%s: %v", what, got)
		}
		if data, _ := os.ReadFile(filepath.Join(to.Dir, "sounds/a.wav")); string(data) != what {
			t.Errorf("%q is not %q", data, what)
		}
	}
}

// A tenant file that would not be read again is not written, and nothing beside it.
func TestFilesOverTheLimit(t *testing.T) {
	dir := t.TempDir()
	to := &Target{Dir: filepath.Join(dir, "acme")}
	at := to.Staging()
	defer at.Clear()
	large := make([]byte, folder.Tenant.Most+1)
	if err := to.Write(at, []file.File{{Name: "extensions.yaml", Data: large}}); err == nil || !strings.Contains(err.Error(), "split the tenant into several files; nothing was written") {
		t.Errorf("imported: %v", err)
	}
	name := filepath.Join(dir, "tenant.yaml")
	if err := os.WriteFile(name, []byte("a"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := Rewrite([]file.File{{Name: name, Data: []byte("a")}}, []file.File{{Name: name, Data: large}})
	if now, _ := os.ReadFile(name); err == nil || string(now) != "a" {
		t.Errorf("pulled: %v, %d bytes", err, len(now))
	}
}
