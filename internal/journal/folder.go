package journal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pbxsync/internal/folder"
)

const (
	keyFile = "journal.key"
	keySize = 32
)

// runTime is the first part of the name of a run.
const runTime = "20060102T150405.000Z"

// NewRun names a run so that names sort in the order of the runs, also where the
// clock was put back, and never meet. The caller holds the lock of the folder.
func NewRun(dir string, now time.Time) (string, error) {
	names, err := names(dir)
	if err != nil {
		return "", err
	}
	if n := len(names); n > 0 {
		stamp, _, _ := strings.Cut(names[n-1], "-")
		if last, err := time.Parse(runTime, stamp); err == nil && now.Before(last.Add(time.Millisecond)) {
			now = last.Add(time.Millisecond)
		}
	}
	return now.UTC().Format(runTime) + "-" + strings.ToLower(rand.Text()[:6]), nil
}

// names returns the names of the records in a folder, oldest first. What stands in the place of older
// ones hides them: a prune that was cut off has not deleted them all.
func names(dir string) ([]string, error) {
	all, err := allNames(dir)
	for i, name := range slices.Backward(all) {
		if strings.HasSuffix(name, prunedExt) {
			later := slices.DeleteFunc(slices.Clone(all[i:]), func(n string) bool { return n != name && runOf(n) <= runOf(name) })
			return later, err
		}
	}
	return all, err
}

// allNames returns those of all records that lie in a folder.
func allNames(dir string) ([]string, error) {
	entries, err := folder.Records(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if filepath.Ext(e.Name()) == Ext {
			names = append(names, e.Name())
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return strings.Compare(runOf(a), runOf(b)) })
	return names, nil
}

// runOf returns the run whose record has a name or path.
func runOf(name string) string {
	name = filepath.Base(filepath.FromSlash(name))
	return strings.TrimSuffix(strings.TrimSuffix(name, prunedExt), Ext)
}

// Key returns the key of the digests in the records below a folder, and makes it
// at first.
func Key(dir string) ([]byte, error) {
	path := filepath.Join(dir, keyFile)
	key, err := folder.Own(path, folder.Key)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(dir, path)
	} else if err != nil {
		return nil, fmt.Errorf("%w; or delete it to have a new one made", err)
	}
	if len(key) != keySize {
		err = fmt.Errorf("%s has %d bytes instead of %d; delete it to have a new one made", path, len(key), keySize)
	}
	return key, err
}

// makeKey writes a new key beside its place and then links it there, so that two
// runs that begin together use one key.
func makeKey(dir, path string) ([]byte, error) {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // it never fails
	name, err := folder.Beside(path, key, 0o600)
	if err != nil {
		return nil, err
	}
	defer os.Remove(name)
	if err = os.Link(name, path); errors.Is(err, fs.ErrExist) {
		return folder.Own(path, folder.Key)
	} else if err != nil {
		return nil, err
	}
	return key, syncDir(dir)
}

// LoadBelow is Load for a folder below that of all run records, which no link may lead out of.
func LoadBelow(state, dir string) ([]*Record, error) {
	if err := folder.CheckBelow(state, dir); err != nil {
		return nil, err
	}
	return Load(dir)
}

// Load reads the records in a folder, oldest first. None is no error.
func Load(dir string) ([]*Record, error) {
	names, err := names(dir)
	if err != nil {
		return nil, err
	}
	var records []*Record
	for _, name := range names {
		r, err := read(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		if r != nil {
			records = append(records, r)
		}
	}
	return records, linksOf(dir, records).check(records)
}

const wayOut = "restore the file, or move it away: then whatever that run did counts as not known"

func read(path string) (*Record, error) {
	r, _, err := readWith(path)
	return r, err
}

// readWith reads a record, and says what a later one has of it.
func readWith(path string) (*Record, Previous, error) {
	data, err := folder.Own(path, folder.Record)
	if err != nil {
		return nil, Previous{}, fmt.Errorf("%w; move it out of the run records", err)
	}
	r, err := Recover(data)
	if err != nil {
		return nil, Previous{}, fmt.Errorf("%s: %w; %s", path, err, wayOut)
	}
	was := previous(path, data)
	if r != nil {
		r.bytes = was
		if p := r.Pruned(); p != nil {
			r.bytes = p.Was
		}
	}
	return r, was, nil
}
