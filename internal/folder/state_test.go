//go:build unix

package folder

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A folder of run records that somebody else could have filled is refused, with what to do.
func TestStateFolders(t *testing.T) {
	for what, c := range map[string]struct {
		make func(dir string) error
		want string
	}{
		"none":                {func(string) error { return nil }, ""},
		"ours":                {func(dir string) error { return os.Mkdir(dir, 0o700) }, ""},
		"readable":            {func(dir string) error { return os.Mkdir(dir, 0o755) }, ""},
		"a link":              {func(dir string) error { return os.Symlink(filepath.Dir(dir)+"/elsewhere", dir) }, "is a link, and what is written there would go elsewhere; delete the link"},
		"a dangling link":     {func(dir string) error { return os.Symlink("nowhere", dir) }, "is a link"},
		"a file":              {func(dir string) error { return os.WriteFile(dir, nil, 0o600) }, "is no folder; say where they may lie"},
		"for the group":       {func(dir string) error { return mkdirMode(dir, 0o770) }, "can be written by others (0770)"},
		"for all":             {func(dir string) error { return mkdirMode(dir, 0o777) }, "anybody can write to"},
		"somebody's":          {func(dir string) error { return theirs(dir) }, "belongs to user 4242"},
		"a linked host":       {func(dir string) error { return linked(dir, "host") }, "host is a link or no folder; delete it"},
		"a linked tenant":     {func(dir string) error { return linked(dir, "host/12037") }, "12037 is a link or no folder; delete it"},
		"a linked .gitignore": {func(dir string) error { return linked(dir, ".gitignore") }, ""},
	} {
		top := t.TempDir()
		if err := os.Mkdir(filepath.Join(top, "elsewhere"), 0o700); err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(top, StateName)
		if err := c.make(dir); err != nil {
			if what == "somebody's" && os.Geteuid() != 0 {
				continue // only the superuser can give a folder away
			}
			t.Fatal(err)
		}
		err := MakeState(dir)
		if err == nil {
			err = MakeBelow(dir, filepath.Join(dir, "host", "12037"))
		}
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
		if left, _ := os.ReadDir(filepath.Join(top, "elsewhere")); len(left) > 0 {
			t.Errorf("%s: something was written elsewhere: %v", what, left)
		}
		if info, err := os.Stat(dir); c.want == "" && (err != nil || info.Mode().Perm() != 0o700) {
			t.Errorf("%s: %v %v, want 0700", what, info.Mode(), err)
		}
	}
}

func mkdirMode(dir string, mode os.FileMode) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	return os.Chmod(dir, mode)
}

func theirs(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	return os.Chown(dir, 4242, -1)
}

func linked(dir, name string) error {
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.Symlink(filepath.Join(filepath.Dir(dir), "elsewhere"), path)
}

// aged makes an index look older than its files would have it: git writes entries that are as
// young as their index again, and then no index is split.
func aged(t *testing.T, index string) {
	t.Helper()
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(index, later, later); err != nil {
		t.Fatal(err)
	}
}

// What a checkout brought is told from what was made here, in each form of git's index.
func TestTrackedByGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git makes the indexes that are read here, and is not installed")
	}
	for _, hash := range []string{"sha1", "sha256"} {
		for _, form := range [][]string{{"update-index", "--index-version", "2"}, {"update-index", "--index-version", "4"}, {"update-index", "--split-index"}, {"add", "-N", "tenants/later"}} {
			top := t.TempDir()
			git(t, top, "init", "-q", "--object-format="+hash)
			for _, name := range []string{"a", "tenants/acme/tenant.yaml", "tenants/acme/.pbxsync-not/x", "tenants/other/.pbxsync/host/1/a.jsonl", "tenants/zzz/very/deep/file", "tenants/later"} {
				path := filepath.Join(top, filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			git(t, top, "add", "a", "tenants/acme", "tenants/other", "tenants/zzz")
			aged(t, filepath.Join(top, ".git", "index"))
			git(t, top, form...)
			for dir, want := range map[string]bool{"tenants/acme": false, "tenants/other": true, "tenants/Other": true, "tenants": false, "": false} {
				if dir == "tenants/Other" { // the same place, where the file system does not tell the case
					if err := os.MkdirAll(filepath.Join(top, dir), 0o700); err != nil {
						t.Fatal(err)
					}
				}
				got, err := tracked(filepath.Join(top, filepath.FromSlash(dir), StateName))
				if err != nil || got != want {
					t.Errorf("%s, git %v: %s: %v %v, want %v", hash, form, dir, got, err, want)
				}
			}
			err := CheckState(filepath.Join(top, "tenants", "other", StateName))
			if err == nil || !strings.Contains(err.Error(), "is tracked by git") || !strings.Contains(err.Error(), "git rm -r --cached") {
				t.Errorf("%v", err)
			}
			git(t, top, "rm", "-rq", "--cached", "tenants/other/.pbxsync")
			if got, err := tracked(filepath.Join(top, "tenants", "other", StateName)); err != nil || got && form[1] != "--split-index" {
				t.Errorf("%s, git %v: after git rm --cached: %v %v", hash, form, got, err)
			}
		}
	}
}

// A worktree has its index elsewhere, and a submodule as a tenant's folder has its own.
func TestTrackedInAWorktree(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git makes the worktree, and is not installed")
	}
	top := t.TempDir()
	git(t, top, "init", "-q", "main")
	main := filepath.Join(top, "main")
	if err := linked(filepath.Join(main, StateName), "link"); err != nil {
		t.Fatal(err)
	}
	git(t, main, "add", ".")
	git(t, main, "-c", "user.name=n", "-c", "user.email=e@x.example", "commit", "-qm", "m")
	git(t, main, "worktree", "add", "-q", filepath.Join(top, "second"))
	if got, err := tracked(filepath.Join(top, "second", StateName)); err != nil || !got {
		t.Errorf("%v %v", got, err)
	}
	// An index that nobody can read proves nothing.
	if err := os.WriteFile(filepath.Join(main, ".git", "index"), []byte("DIRC is no index"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := tracked(filepath.Join(main, StateName)); err == nil {
		t.Error("a broken index was taken")
	}
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	c := exec.Command("git", args...)
	c.Dir, c.Env = dir, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "GIT_CONFIG_NOSYSTEM=1"}
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}
