package journal

import (
	"fmt"
	"path/filepath"
	"slices"

	"pbxsync/internal/folder"
	"pbxsync/sync/record"
)

// History is what the records of a tenant tell.
type History struct {
	Known *record.Records
	Gone  []string // runs of which a later record tells and that have none any more

	paths   []string // of the records, oldest first
	covered []covered
	from    int // so many were not read, since a digest tells what they do
}

// Read reads the records in folders below that of all run records, the later ones last. What the
// digest in the last of them covers is not read again.
func Read(state string, dirs ...string) (*History, error) {
	h := &History{}
	for _, dir := range dirs {
		if err := folder.CheckBelow(state, dir); err != nil {
			return nil, err
		}
		list, err := names(dir)
		if err != nil {
			return nil, err
		}
		for _, name := range list {
			h.paths = append(h.paths, filepath.Join(dir, name))
		}
	}
	last := dirs[len(dirs)-1]
	d := readDigest(last)
	if !d.covers(last, h.paths) {
		d = nil
	}
	again, err := h.read(last, d)
	if err == nil && again {
		_, err = h.read(last, nil)
	}
	return h, err
}

// read reads what a digest does not cover. It has to be done again without one where something is
// said of a run that it covers.
func (h *History) read(dir string, d *digest) (again bool, err error) {
	h.Known, h.covered, h.from = d.known(), nil, 0
	if d != nil {
		h.covered, h.from = slices.Clone(d.Covered), len(d.Covered)
	}
	old := map[string]bool{}
	for i := range h.covered {
		old[h.covered[i].run()] = true
	}
	var records []*Record
	for _, path := range h.paths[h.from:] {
		r, c, err := readCovered(dir, path)
		if err != nil {
			return false, err
		}
		h.covered = append(h.covered, c)
		if r == nil {
			continue
		}
		r.slim()
		records = append(records, r)
	}
	settled := settlements(records)
	for s := range settled {
		if old[s.run] {
			return true, nil
		}
	}
	for _, r := range records {
		foldRecord(h.Known, r, settled)
	}
	h.Known.None = len(records) == 0 && !slices.ContainsFunc(h.covered, func(c covered) bool { return c.Began })
	return false, h.chained(dir, records)
}

func readCovered(dir, path string) (*Record, covered, error) {
	info, err := folder.OwnInfo(path) // before it is read: what changes meanwhile is another file then
	if err != nil {
		return nil, covered{}, fmt.Errorf("%w; move it out of the run records", err)
	}
	r, was, err := readWith(path)
	c := covered{Name: relative(dir, path), Size: was.Size, Modified: info.ModTime().UnixNano(), SHA256: was.SHA256, Began: r != nil}
	if r != nil && r.Previous != nil {
		c.Previous = r.Previous.Run
	}
	if r != nil && r.Pruned() != nil {
		c.Was = &r.bytes
	}
	return r, c, err
}

// slim lets go of what only those need who undo a run.
func (r *Record) slim() {
	r.Entries = slices.DeleteFunc(r.Entries, func(e *Entry) bool { return e.Type == TypePlan || e.Type == TypeBefore })
}

// chained refuses a record that is not what it was when the next run began, and finds those that
// are gone.
func (h *History) chained(dir string, records []*Record) error {
	there, before := links{}, []string{}
	for i := range h.covered {
		c := &h.covered[i]
		if before = append(before, c.Previous); c.Began {
			there[c.run()] = link{c.is(), filepath.Join(dir, filepath.FromSlash(c.Name))}
		}
	}
	h.Gone = there.without(before)
	return there.check(records)
}

// Since brings a base up to what later runs have made of the tenant and were cut off before they
// could say. Only these are read in full.
func (h *History) Since(b *record.Base) error {
	if b == nil {
		return nil
	}
	var later []*Record
	for i, path := range h.paths {
		if c := &h.covered[i]; !c.Began || c.run() <= b.Run {
			continue
		}
		r, err := read(path)
		if err != nil {
			return err
		}
		later = append(later, r)
	}
	return Since(b, later)
}

// Keep writes down what the records in a folder tell, for later runs. The caller holds the lock of
// the folder.
func Keep(state string, dirs ...string) {
	if h, err := Read(state, dirs...); err == nil {
		h.keep(dirs[len(dirs)-1])
	}
}
