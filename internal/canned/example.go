package canned

import (
	"errors"
	"os"
	"path/filepath"
)

// Example copies a folder of examples, without the state that runs in it have left: whoever
// follows the README applies one before the tests are run.
func Example(to, from string) error {
	return errors.Join(os.CopyFS(to, os.DirFS(from)), os.RemoveAll(filepath.Join(to, ".pbxsync")))
}
