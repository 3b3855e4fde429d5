package rehearsal

import (
	"errors"
	"io/fs"
	"path/filepath"
	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/input"
	"pbxsync/internal/simulator"
	"pbxsync/schema/file"
)

// Restore gives a simulator the state that it had; found says whether there is one.
func Restore(sim *simulator.Server, file string, stop <-chan struct{}) (found bool, err error) {
	data, err := folder.NamedFile(file, folder.State, stop)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case errors.Is(err, folder.ErrInterrupted):
		return false, input.Unread("", err)
	case err == nil:
		err = sim.Restore(data)
	}
	if err != nil {
		return false, exit.Fail(exit.Error, "%s is no state of the simulator (%w); delete it or name another file", file, err)
	}
	return true, nil
}

// Seed fills a simulator with what a file says, from what reading it has given.
func Seed(sim *simulator.Server, path string, data []byte, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return exit.Fail(exit.Error, "the seed of the simulator, %s, is not there; correct seed: in the profile or --seed", path)
	} else if err != nil {
		return input.Unread("", err)
	}
	doc, err := file.ParseMap(file.File{Name: filepath.ToSlash(path), Data: data})
	if err != nil {
		return err
	}
	if err := sim.Seed(doc); err != nil {
		return exit.Fail(exit.Invalid, "%s: %w", path, err)
	}
	return nil
}
