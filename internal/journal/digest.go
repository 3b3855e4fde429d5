package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pbxsync/internal/folder"
	"pbxsync/sync/record"
)

// A digest holds what the records of a folder tell, so that a run does not read those of ten years.
// It is derived: where it is missing or damaged, or where a record that it covers is another file than
// it was, everything is read again. It is written while a run holds the lock, and says nothing of
// creates that are still open.

const (
	digestFile   = "digest.json"
	digestFormat = 1
)

// fresh is how much older than a digest a file has to be, so that its size and time tell that it is
// the one that was read: within the grain of a disk's clock it could be written twice.
const fresh = 2 * time.Second

type digest struct {
	Format  int       `json:"format"`
	Covered []covered `json:"covered"` // oldest first
	facts

	made time.Time
}

// facts are what records tell that have no open creates.
type facts struct {
	Sent      map[string]map[string]record.Sent `json:"sent"`
	Seen      []seenAs                          `json:"seen"`
	Respelled []record.Respelled                `json:"respelled"`
	Verified  *record.Verified                  `json:"verified"`
}

func factsOf(k *record.Records) facts {
	f := facts{Sent: k.Sent, Respelled: k.Respelled, Verified: k.Verified}
	for name, list := range k.Seen {
		f.Seen = append(f.Seen, seenAs{name.Kind, name.Key, list})
	}
	slices.SortFunc(f.Seen, func(a, b seenAs) int { return strings.Compare(a.Kind+"/"+a.Key, b.Kind+"/"+b.Key) })
	return f
}

// add adds facts to what earlier records told.
func (f *facts) add(k *record.Records) {
	vouched(k, f.Sent)
	for _, s := range f.Seen {
		name := record.Name{Kind: s.Kind, Key: s.Key}
		for _, seen := range s.Seen {
			see(k, name, seen)
		}
	}
	k.Respelled = append(k.Respelled, f.Respelled...)
	if f.Verified != nil {
		k.Verified = later(k.Verified, f.Verified)
	}
}

// covered is a record as it was when it was read.
type covered struct {
	Name     string `json:"name"` // path, from the folder of the digest
	Size     int64  `json:"size"`
	Modified int64  `json:"modified"` // nanoseconds
	SHA256   string `json:"sha256"`
	Previous string `json:"previous,omitempty"` // run
	Began    bool   `json:"began"`              // false: its run has sent nothing

	Was *Previous `json:"was,omitempty"` // the last of those in whose place it stands; nil: of none
}

func (c *covered) run() string { return runOf(c.Name) }

// is says what a later record has of it.
func (c *covered) is() Previous {
	if c.Was != nil {
		return *c.Was
	}
	return Previous{Run: c.run(), Size: c.Size, SHA256: c.SHA256}
}

type seenAs struct {
	Kind string        `json:"kind"`
	Key  string        `json:"key"`
	Seen []record.Seen `json:"seen"`
}

// readDigest returns the digest in a folder, nil where there is none that can be used.
func readDigest(dir string) *digest {
	path := filepath.Join(dir, digestFile)
	data, err := folder.Own(path, folder.Digest)
	if err != nil {
		return nil
	}
	body, err := unseal(bytes.TrimSuffix(data, []byte("\n")))
	if err != nil {
		return nil
	}
	d := &digest{}
	text := json.NewDecoder(bytes.NewReader(body))
	text.UseNumber() // as in the records
	if text.Decode(d) != nil || d.Format != digestFormat {
		return nil
	}
	info, err := os.Lstat(path)
	if err != nil {
		return nil
	}
	d.made = info.ModTime()
	return d
}

// covers reports whether the first of the records at some paths are those that the digest covers.
func (d *digest) covers(dir string, paths []string) bool {
	if d == nil || len(d.Covered) > len(paths) {
		return false
	}
	for i := range d.Covered {
		if c := &d.Covered[i]; relative(dir, paths[i]) != c.Name || !c.still(paths[i], d.made) {
			return false
		}
	}
	return true
}

// still reports whether a file is the one that was read.
func (c *covered) still(path string, made time.Time) bool {
	info, err := folder.OwnInfo(path)
	if err != nil || info.Size() != c.Size || info.ModTime().UnixNano() != c.Modified {
		return false
	}
	if made.Sub(info.ModTime()) > fresh {
		return true
	}
	data, err := folder.Own(path, folder.Record)
	return err == nil && fmt.Sprintf("%x", sha256.Sum256(data)) == c.SHA256
}

func relative(dir, path string) string {
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}

// known is what the records tell that the digest covers.
func (d *digest) known() *record.Records {
	k := nothingKnown()
	if d != nil {
		d.add(k)
	}
	return k
}

// keep writes the digest of a history, where there is one to write. It is no error where that
// cannot be done: the next run reads the records.
func (h *History) keep(dir string) {
	if len(h.Known.Open) > 0 || len(h.covered) == h.from {
		return
	}
	d := digest{Format: digestFormat, Covered: h.covered, facts: factsOf(h.Known)}
	body, err := json.Marshal(d)
	if err != nil || folder.Digest.Fits(dir, int64(len(body)+frame)) != nil {
		return
	}
	f, err := os.CreateTemp(dir, ".digest-*")
	if err != nil {
		return
	}
	defer os.Remove(f.Name())
	_, err = f.Write(seal(body))
	if f.Close() == nil && err == nil {
		_ = os.Rename(f.Name(), filepath.Join(dir, digestFile)) // not synced: half of one is damaged, and not used
	}
}
