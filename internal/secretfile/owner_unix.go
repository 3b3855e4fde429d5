//go:build unix

package secretfile

import (
	"fmt"
	"os"
)

// NotForAll refuses a folder of run records that anybody may write to.
func NotForAll(dir string) error {
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm()&0o002 == 0 {
		return err
	}
	return fmt.Errorf("run records: anybody can write to %s (%04o), and so decide what the next run believes; chmod 700 %s, or name another folder with --state-dir", dir, info.Mode().Perm(), dir)
}
