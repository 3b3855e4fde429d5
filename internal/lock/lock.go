package lock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/gofrs/flock"

	"pbxsync/internal/folder"
)

// Held is the error of a lock that another run has.
type Held struct {
	Path string
	By   Holder // not filled in where that run has not yet written it
}

func (h *Held) Error() string { return fmt.Sprintf("another run holds %s (%s)", h.Path, h.By) }

// Lock is what a run holds: one file or more.
type Lock struct {
	me    Holder
	held  []*flock.Flock
	paths []string
	cut   []Holder // runs from other folders that were cut off
	open  []Holder // one from this folder, whose records are still to be looked at
}

// Take takes the lock that is a file, and makes the file at first. It is never removed:
// two runs could then hold two files of one name.
func Take(path string, me Holder) (*Lock, error) {
	l := &Lock{me: me}
	return l, l.add(path)
}

// add takes one more file. What stands there was written by runs that were cut off.
func (l *Lock) add(path string) error {
	if err := regular(path); err != nil {
		return err
	}
	f := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR|folder.NoFollow), flock.SetPermissions(0o600))
	got, err := f.TryLock()
	if err != nil {
		return fmt.Errorf("lock %s: %w", path, err)
	}
	before := readHolders(path)
	if !got {
		return &Held{Path: path, By: first(before)}
	}
	l.held, l.paths = append(l.held, f), append(l.paths, path)
	for _, h := range before {
		if h.Folder == l.me.Folder {
			l.open = []Holder{h}
		} else if !slices.ContainsFunc(l.cut, func(o Holder) bool { return o.Folder == h.Folder }) {
			l.cut = append(l.cut, h)
		}
	}
	return writeHolders(path, append([]Holder{l.me}, l.cut...))
}

// CutOff returns the runs from other folders that ended without a word, each of which may
// have a call under way. Those from this folder are in its records.
func (l *Lock) CutOff() []Holder { return l.cut }

// Calm says that what those runs had under way has ended.
func (l *Lock) Calm() error {
	l.cut = nil
	return l.each(func(path string) error { return writeHolders(path, []Holder{l.me}) })
}

// Resumed says that what a run from this folder had under way is settled.
func (l *Lock) Resumed() { l.open = nil }

// Release frees the lock. Where a call may still be under way, the next run is told.
func (l *Lock) Release(sure bool) {
	if sure {
		_ = l.each(func(path string) error { return writeHolders(path, append(l.open, l.cut...)) })
	}
	for _, f := range l.held {
		_ = f.Unlock()
	}
}

func (l *Lock) each(f func(path string) error) error {
	var errs []error
	for _, path := range l.paths {
		errs = append(errs, f(path))
	}
	return errors.Join(errs...)
}

// regular refuses what others may have put there in place of the file.
func regular(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("the lock %s is no regular file (%s); delete it", path, info.Mode())
	}
	return nil
}
