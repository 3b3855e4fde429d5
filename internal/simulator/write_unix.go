//go:build !windows

package simulator

import (
	"path/filepath"

	"github.com/google/renameio/v2"
)

// writeFile replaces a file in one step, so that a crash leaves the old state or
// the new one. Only the owner can read it, whatever the old file's mode was.
func writeFile(path string, data []byte) error {
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)),
		renameio.WithStaticPermissions(0o600))
	if err != nil {
		return err
	}
	defer func() { _ = f.Cleanup() }() // does nothing once the file is in place
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.CloseAtomicallyReplace()
}
