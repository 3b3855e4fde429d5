package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// StateName is how the folder of run records is called that lies beside a tenant's files.
const StateName = ".pbxsync"

// CheckState refuses a folder of run records that somebody else could have filled. One that is
// not there is fine: it is made when it is needed.
func CheckState(dir string) error {
	look := os.Stat // a person named it, and may have linked it
	if beside(dir) {
		look = os.Lstat
	}
	info, err := look(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return records(err)
	case info.Mode()&fs.ModeSymlink != 0:
		return records(fmt.Errorf("%s is a link, and what is written there would go elsewhere; delete the link, or name that folder with --state-dir", dir))
	case !info.IsDir():
		return records(fmt.Errorf("%s is no folder; say where they may lie with --state-dir", dir))
	case forAll(info):
		return records(fmt.Errorf("anybody can write to %s (%04o), and so decide what the next run believes; chmod 700 %s, or name another folder with --state-dir", dir, info.Mode().Perm(), dir))
	case !beside(dir):
		return nil
	}
	if err := ownedAlone(dir, info, 700); err != nil {
		return records(fmt.Errorf("%s %w", dir, err))
	}
	return untracked(dir)
}

// MakeState makes the folder of run records, for its owner alone. No version control should
// take it in.
func MakeState(dir string) error {
	if err := CheckState(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("run records: %w; say where they may lie with --state-dir", err)
	}
	if beside(dir) {
		if err := narrow(dir); err != nil {
			return records(err)
		}
	}
	f, err := os.OpenFile(filepath.Join(dir, ".gitignore"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	} else if err != nil {
		return records(err)
	}
	_, err = f.WriteString("*\n")
	return errors.Join(err, f.Close())
}

// MakeBelow makes a folder below that of the run records, and each on the way.
func MakeBelow(state, dir string) error {
	return below(state, dir, func(path string) error {
		if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		return nil
	})
}

// CheckBelow refuses links and other people's folders between that of the run records and a
// folder below it. One that is not there is fine.
func CheckBelow(state, dir string) error {
	return below(state, dir, func(string) error { return nil })
}

func below(state, dir string, before func(path string) error) error {
	rel, err := filepath.Rel(state, dir)
	if err != nil || !filepath.IsLocal(rel) {
		return fmt.Errorf("run records: %s is not below %s", dir, state)
	}
	path := state
	for _, name := range strings.Split(rel, string(filepath.Separator)) {
		path = filepath.Join(path, name)
		if err := before(path); err != nil {
			return records(err)
		}
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && !info.IsDir() {
			err = fmt.Errorf("%s is a link or no folder; delete it", path)
		} else if err == nil {
			if err = ownedAlone(path, info, 700); err != nil {
				err = fmt.Errorf("%s %w", path, err)
			}
		}
		if err != nil {
			return records(err)
		}
	}
	return nil
}

// beside reports whether a folder has the name that needs no flag, so that whoever wrote the
// tenant's files could have written it too.
func beside(dir string) bool { return strings.EqualFold(filepath.Base(filepath.Clean(dir)), StateName) }

func records(err error) error { return fmt.Errorf("run records: %w", err) }

// untracked refuses a folder of run records that came with the tenant's files.
func untracked(dir string) error {
	brought, err := tracked(dir)
	switch {
	case err != nil:
		return records(fmt.Errorf("%s: whether git brought it cannot be told (%w); name another folder with --state-dir", dir, err))
	case brought:
		return records(fmt.Errorf("%s is tracked by git, so whoever changes the files decides what the next run believes; git rm -r --cached %s, delete it, and run again, or name another folder with --state-dir", dir, dir))
	}
	return nil
}
