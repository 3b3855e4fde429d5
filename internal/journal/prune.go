package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pbxsync/internal/folder"
	"pbxsync/sync/record"
)

// The oldest records of a folder can make room: one record stands in their place, named after the last
// of them, and holds what they told. It is moved into its place whole, and hides what lies before it;
// so a prune that is cut off has happened, or has not.

// prunedExt is how the name of a record ends that stands in the place of older ones.
const prunedExt = ".pruned" + Ext

// Pruned is what records told that were taken away.
type Pruned struct {
	Runs int      `json:"runs"` // how many
	Was  Previous `json:"was"`  // the last of them, as the record after it knows it
	facts
}

// Pruned returns what the record tells of others in whose place it stands, nil where it is of one run.
func (r *Record) Pruned() *Pruned {
	if len(r.Entries) == 1 {
		return r.Entries[0].Pruned
	}
	return nil
}

// runs counts the runs that a record is of.
func (r *Record) runs() int {
	if p := r.Pruned(); p != nil {
		return p.Runs
	}
	return 1
}

// Policy says which records may go.
type Policy struct {
	Keep   int       // so many runs stay, the youngest; at least one does
	Before time.Time // and those that began at this time or later; zero: however old they are
}

// takes reports whether a record may go that has a number of later ones.
func (p Policy) takes(r *Record, later int) bool {
	stamp, _, _ := strings.Cut(r.Run, "-")
	began, err := time.Parse(runTime, stamp)
	return later >= max(1, p.Keep) && (p.Before.IsZero() || err == nil && began.Before(p.Before))
}

// Prune puts one record in the place of the oldest ones in a folder, and returns of how many runs these
// were. A run with a create that is still open stays, and so do all after it; so does what the base
// does not have yet. The caller holds the lock of the folder.
func Prune(state, dir string, policy Policy) (runs int, err error) {
	records, err := LoadBelow(state, dir)
	if err != nil {
		return 0, err
	}
	base, err := Base(dir)
	if err != nil {
		return 0, err
	}
	n := needless(records, base, policy)
	if n == 0 || n == 1 && records[0].Pruned() != nil {
		return 0, nil
	}
	for _, r := range records[:n] {
		runs += r.runs()
	}
	return runs, (&pruning{dir, records, n, runs}).carryOut()
}

// needless counts the oldest records that may go.
func needless(records []*Record, base *record.Base, policy Policy) int {
	open := map[string]bool{}
	for _, o := range Known(records).Open {
		open[o.Run] = true
	}
	for i, r := range records {
		if !policy.takes(r, len(records)-1-i) || open[r.Run] || base != nil && r.Run > base.Run {
			return i
		}
	}
	return len(records)
}

type pruning struct {
	dir     string
	records []*Record
	n, runs int
}

func (p *pruning) carryOut() error {
	last := p.records[p.n-1]
	header := last.Header
	header.Previous = nil
	var data []byte
	for _, e := range []*Entry{{Type: TypeHeader, At: last.Started, Header: &header}, {Type: TypePruned, At: last.Started, Pruned: p.told()}} {
		line, err := Encode(e)
		if err != nil {
			return err
		}
		data = append(data, line...)
	}
	path := filepath.Join(p.dir, last.Run+prunedExt)
	if err := folder.Record.Fits(path, int64(len(data))); err != nil {
		return fmt.Errorf("%w; nothing was pruned", err)
	}
	if err := replace(path, data); err != nil {
		return err
	}
	return p.remove(filepath.Base(path))
}

// told is what the records tell that go. Later ones may have settled what these left open.
func (p *pruning) told() *Pruned {
	k, settled := nothingKnown(), settlements(p.records)
	for _, r := range p.records[:p.n] {
		foldRecord(k, r, settled)
	}
	return &Pruned{p.runs, p.records[p.n-1].bytes, factsOf(k)}
}

// remove deletes what a record hides.
func (p *pruning) remove(name string) error {
	all, err := allNames(p.dir)
	for _, n := range all {
		if n != name && runOf(n) <= runOf(name) {
			err = errors.Join(err, os.Remove(filepath.Join(p.dir, n)))
		}
	}
	return errors.Join(err, syncDir(p.dir))
}
