package journal

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pbxsync/internal/folder"
)

// Each record names the one before it, with its size and digest. So a record that was cut,
// changed or taken away is noticed by the next one, wherever that is left; the last record of
// a folder has none that speaks for it. Whoever can write to the folder can write all of them,
// so this finds accidents and clumsy hands; who may write there is judged in package folder.

// Follow returns what a new record has to say of the last one in a folder, nil where there is
// none. That one is brought to disk first: what is lost of it later would count as cut off.
func Follow(dir string) (*Previous, error) {
	names, err := names(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Backward(names) {
		path := filepath.Join(dir, name)
		was, began, err := begins(path)
		if err != nil {
			return nil, err
		}
		if began { // else its run has sent nothing
			return &was, toDisk(path)
		}
	}
	return nil, nil
}

// begins says what a later record has of one, and whether its run has sent anything. What else is in
// it was read before.
func begins(path string) (Previous, bool, error) {
	data, err := folder.Own(path, folder.Record)
	if err != nil {
		return Previous{}, false, fmt.Errorf("%w; move it out of the run records", err)
	}
	line, _, whole := bytes.Cut(data, []byte("\n"))
	if e, err := decode(line); err != nil || !whole || e.Type != TypeHeader {
		r, was, err := readWith(path)
		return was, r != nil, err
	}
	return previous(path, data), true, nil
}

func toDisk(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func previous(path string, data []byte) Previous {
	run := strings.TrimSuffix(filepath.Base(path), Ext)
	return Previous{Run: run, Size: int64(len(data)), SHA256: fmt.Sprintf("%x", sha256.Sum256(data))}
}

// links are the records of a folder as those after them see them, by run.
type links map[string]link

type link struct {
	is   Previous
	path string
}

func linksOf(dir string, records []*Record) links {
	c := links{}
	for _, r := range records {
		c[r.bytes.Run] = link{r.bytes, filepath.Join(dir, r.bytes.Run+Ext)}
	}
	return c
}

// check refuses a record that is not what it was when the next run began.
func (c links) check(records []*Record) error {
	for _, r := range records {
		if r.Previous == nil {
			continue
		}
		if now, there := c[r.Previous.Run]; there && now.is != *r.Previous {
			return fmt.Errorf("%s was changed or cut after run %s began (%d bytes then, %d now); %s", now.path, r.Run, r.Previous.Size, now.is.Size, wayOut)
		}
	}
	return nil
}

// without returns those of the runs that have no record.
func (c links) without(runs []string) (gone []string) {
	for _, run := range runs {
		if _, there := c[run]; !there && run != "" {
			gone = append(gone, run)
		}
	}
	return gone
}

// Gone returns the runs of which a later record tells and that have none any more.
func Gone(records []*Record) []string {
	var before []string
	for _, r := range records {
		if r.Previous != nil {
			before = append(before, r.Previous.Run)
		}
	}
	return linksOf("", records).without(before)
}
