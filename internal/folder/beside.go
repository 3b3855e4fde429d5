package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Beside writes data to a new file beside path and brings it to disk. The caller renames or links it to
// path, so that there is never half of a file, and removes it where it stays.
func Beside(path string, data []byte, mode fs.FileMode) (string, error) {
	return written(path, data, mode, (*os.File).Sync)
}

func written(path string, data []byte, mode fs.FileMode, sync func(*os.File) error) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".pbxsync-*")
	if err != nil {
		return "", err
	}
	if _, err = f.Write(data); err == nil {
		err = errors.Join(f.Chmod(mode), sync(f))
	}
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}
