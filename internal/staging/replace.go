package staging

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"pbxsync/internal/folder"
)

// Replace writes a file so that a crash leaves the old or the new one.
func Replace(path string, data []byte) error {
	name, err := folder.Beside(path, data, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(name)
	return os.Rename(name, path)
}

// CanReplace says why a file could not be written by Replace.
func CanReplace(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no regular file", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".pbxsync-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
