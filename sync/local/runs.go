package local

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pbxsync/internal/journal"
	"pbxsync/sync"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
	"pbxsync/sync/undo"
)

// Run is a run as its record tells it.
type Run struct {
	Name    string
	Started string // wall time
	Server  string
	Tenant  plan.TenantID
	Tool    string
	Plan    string // digest
	Steps   int
	Done    int
	Failed  int
	Unknown int
	Ended   bool // by itself, and was not cut off
	Pruned  int  // of so many runs until this one, nothing else is left; 0: it is one run
}

// Runs returns all runs, by server and tenant, the oldest first, and the names of those whose
// records were taken away.
func (s *Store) Runs() (runs []Run, gone []string, err error) {
	err = s.each(func(_ string, records []*journal.Record) (more bool) {
		gone = append(gone, journal.Gone(records)...)
		for _, r := range records {
			pruned := 0
			if p := r.Pruned(); p != nil {
				pruned = p.Runs
			}
			runs = append(runs, Run{Pruned: pruned, Name: r.Run, Started: r.Started, Server: r.Server, Tenant: plan.TenantID{ID: r.Client, Name: r.Name, Prefix: r.Prefix},
				Tool: r.Tool, Plan: r.Plan, Steps: r.Header.Steps, Done: r.Count(journal.TypeAck), Failed: r.Count(journal.TypeFailed),
				Unknown: r.Count(journal.TypeUnknown), Ended: r.Finish() != nil})
		}
		return true
	})
	return runs, gone, err
}

// Policy says which runs may be pruned: those that began before a time, but for so many of the
// youngest of each tenant.
type Policy = journal.Policy

// Prune puts one record in the place of the oldest ones of each tenant, which tells what later runs
// need of them; they cannot be undone any more. It returns of how many runs these were.
func (s *Store) Prune(policy Policy) (runs int, err error) {
	var dirs []string
	err = s.each(func(dir string, records []*journal.Record) (more bool) {
		if len(records) > 1 {
			dirs = append(dirs, dir)
		}
		return true
	})
	for _, dir := range dirs {
		n, wrong := s.prune(dir, policy)
		runs, err = runs+n, errors.Join(err, wrong)
	}
	return runs, err
}

func (s *Store) prune(dir string, policy Policy) (int, error) {
	l, err := s.lockRecords(dir)
	if err != nil {
		return 0, err
	}
	defer l.Release(true)
	return journal.Prune(s.Dir, dir, policy)
}

// each calls f with the records of each tenant, for as long as it wants more. Beside them may
// lie files of others.
func (s *Store) each(f func(dir string, records []*journal.Record) (more bool)) error {
	dirs, err := filepath.Glob(filepath.Join(globEscape(s.Dir), "*", "*"))
	if err != nil {
		return err
	}
	dirs = slices.DeleteFunc(dirs, func(path string) bool {
		info, err := os.Lstat(path)
		return err != nil || info.Mode().IsRegular()
	})
	for _, dir := range dirs { // sorted: by server, then by tenant
		records, err := journal.LoadBelow(s.Dir, dir)
		if err != nil {
			return err
		}
		if !f(dir, records) {
			break
		}
	}
	return nil
}

// globEscape keeps a folder's own name from being a pattern.
func globEscape(dir string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(dir)
}

// find finds the record of a run, whatever its tenant, with those beside it.
func (s *Store) find(run string) (dir string, r *journal.Record, beside []*journal.Record, err error) {
	err = s.each(func(at string, records []*journal.Record) (more bool) {
		for _, x := range records {
			if x.Run == run {
				dir, r, beside = at, x, records
				return false
			}
		}
		return true
	})
	if err == nil && r == nil {
		err = fmt.Errorf("there is no run %q in %s; pbxsync runs lists them", run, filepath.ToSlash(s.Dir))
	}
	return dir, r, beside, err
}

// Past returns a run that is to be undone. It has to be of the server of the store, unless
// that has none.
func (s *Store) Past(run string) (*undo.Past, error) {
	_, r, beside, err := s.find(run)
	if err != nil {
		return nil, err
	}
	past, err := journal.Past(beside, run)
	switch {
	case err != nil:
		return nil, fmt.Errorf("run %s: its plan cannot be read (%w)", run, err)
	case past == nil:
		return nil, fmt.Errorf("run %s has no plan on record: it changed nothing, was pruned, or a version that kept no large plans made it, so it cannot be undone; pbxsync runs lists the others", run)
	case s.Server != "" && r.Server != s.Server && len(past.Open) == 0:
		return nil, &sync.Failure{End: sync.Refused, Err: fmt.Errorf("run %s was made on %s, and this is %s; nothing was written", run, r.Server, s.Server)}
	}
	return past, nil
}

// Settle records what a person says of a create whose outcome could not be found out. What
// was settled may be settled again: the last word counts.
func (s *Store) Settle(said record.Settled) error {
	dir, r, _, err := s.find(said.Run)
	if err != nil {
		return err
	}
	l, err := s.lockRecords(dir)
	if err != nil {
		return err
	}
	defer l.Release(true)
	if !open(r, said.Step) {
		return fmt.Errorf("step %d of run %s is not open: what became of it is known, or it was never sent", said.Step, said.Run)
	}
	h := r.Header
	h.Plan, h.Steps = "", 0
	w, err := s.begin(dir, h)
	if err != nil {
		return err
	}
	return errors.Join(w.Settled(said), w.Finished(&run.Summary{}), w.Close())
}

func open(r *journal.Record, step int) bool {
	return slices.ContainsFunc(r.Steps(), func(s *journal.Step) bool {
		return s.Number == step && s.Outcome == journal.TypeUnknown && s.Intent.Creates
	})
}
