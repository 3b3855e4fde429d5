package staging

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/schema/file"
)

// Rewrite puts new versions into the places of files that are there. First all of them are
// written beside the old ones, then each takes its place; where one cannot, those before it are
// put back. A file that is not as it was read is refused, and none is written.
func Rewrite(old, fresh []file.File) error {
	r := &rewriting{}
	defer r.clear()
	for _, f := range fresh {
		if err := r.stage(f, was(old, f.Name)); err != nil {
			return err
		}
	}
	return r.move()
}

func was(old []file.File, name string) []byte {
	for _, f := range old {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

type rewriting struct{ files []rewritten }

// rewritten is one file: where it really lies, what it was, and where its new version waits.
type rewritten struct {
	at, staged string
	old        []byte
}

func (r *rewriting) stage(f file.File, old []byte) error {
	path := filepath.FromSlash(f.Name)
	at, err := filepath.EvalSymlinks(path)
	if err != nil {
		return unwritten(f.Name, err)
	}
	if err := unchanged(f.Name, at, old); err != nil {
		return err
	}
	if err := folder.Tenant.Fits(f.Name, int64(len(f.Data))); err != nil {
		return exit.Fail(exit.Error, "%w; nothing was written", err)
	}
	staged, err := beside(at, f.Data)
	if err != nil {
		return unwritten(f.Name, err)
	}
	r.files = append(r.files, rewritten{at, staged, old})
	return nil
}

func unchanged(name, at string, old []byte) error {
	now, err := folder.NamedFile(at, folder.Tenant, nil)
	if err != nil {
		return unwritten(name, err)
	}
	if !bytes.Equal(now, old) {
		return exit.Fail(exit.Error, "%s has changed since it was read; nothing was written; run pull again", name)
	}
	return nil
}

// beside writes a new version with the rights of the old one.
func beside(at string, data []byte) (string, error) {
	info, err := os.Stat(at)
	if err != nil {
		return "", err
	}
	return folder.Beside(at, data, info.Mode().Perm())
}

// move gives each new version its place.
func (r *rewriting) move() error {
	for _, f := range r.files { // once more, right before
		if err := unchanged(f.at, f.at, f.old); err != nil {
			return err
		}
	}
	for i, f := range r.files {
		if err := os.Rename(f.staged, f.at); err != nil {
			return unwritten(f.at, errors.Join(err, r.back(i)))
		}
	}
	return nil
}

// back puts the first files back as they were.
func (r *rewriting) back(n int) error {
	var errs []error
	for _, f := range r.files[:n] {
		staged, err := beside(f.at, f.old)
		if err == nil {
			err = os.Rename(staged, f.at)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s could not be put back: %w", f.at, err))
		}
	}
	return errors.Join(errs...)
}

func (r *rewriting) clear() {
	for _, f := range r.files {
		_ = os.Remove(f.staged) // not there any more where it took its place
	}
}

func unwritten(name string, err error) error {
	return exit.Fail(exit.Error, "%s could not be written (%w); no file was changed", name, err)
}
