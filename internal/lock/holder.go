package lock

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"pbxsync/internal/folder"
)

// Holder is a run that writes, or that was cut off while it did.
type Holder struct {
	Process int    `json:"process"`
	Folder  string `json:"folder"` // of its files, or of its run records where they lie elsewhere
	Since   string `json:"since"`
}

// Me is this process, at work for a folder.
func Me(dir string, now time.Time) Holder {
	if whole, err := filepath.Abs(dir); err == nil {
		dir = whole
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	return Holder{Process: os.Getpid(), Folder: dir, Since: now.Format(time.RFC3339)}
}

func (h Holder) String() string {
	if h.Process == 0 {
		return "it has not said who it is"
	}
	return fmt.Sprintf("process %d in %s since %s", h.Process, h.Folder, h.Since)
}

func first(list []Holder) Holder {
	if len(list) == 0 {
		return Holder{}
	}
	return list[0]
}

// most is how much of a lock's text is read: anybody may have written it.
const most = 64 << 10

// readHolders reads what stands in a lock; what is no list of holders says nothing.
func readHolders(path string) []Holder {
	f, err := os.OpenFile(path, os.O_RDONLY|folder.NoFollow, 0)
	if err != nil {
		return nil
	}
	defer f.Close()
	var list []Holder
	if err := json.NewDecoder(io.LimitReader(f, most)).Decode(&list); err != nil { // and nothing behind it
		return nil
	}
	return list
}

// writeHolders writes it over what was there and then cuts that off, so that a run that
// is killed in between leaves one of both.
func writeHolders(path string, list []Holder) error {
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|folder.NoFollow, 0)
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if _, err = f.WriteAt(text, 0); err == nil {
		err = f.Truncate(int64(len(text)))
	}
	return errors.Join(err, f.Close())
}
