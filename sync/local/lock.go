package local

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"pbxsync/internal/folder"
	"pbxsync/internal/lock"
	"pbxsync/sync"
	"pbxsync/sync/plan"
)

// Shared are the folders for locks below the user's runtime folder and cache folder, either
// of which may be "". The command line uses the same ones.
func Shared(runtime, cache string) []string {
	return append([]string{}, lock.Folders(runtime, cache)...)
}

// held is the lock of a tenant: the one in its run records, and the one that all checkouts
// of this user share.
type held struct {
	records *lock.Lock
	machine *lock.Lock // nil: there is none
	first   bool
	alone   error
}

// Lock keeps out the runs on this machine that share the run records, and those of the same
// user that have others.
func (s *Store) Lock(t plan.TenantID) (sync.Lock, error) {
	records, err := s.lockRecords(s.dir(t))
	if err != nil {
		return nil, err
	}
	h := &held{records: records}
	if s.Shared == nil {
		return h, nil
	}
	if err := s.lockMachine(h, t); err != nil {
		records.Release(true)
		return nil, err
	}
	return h, nil
}

// lockRecords keeps two runs from writing to one folder of run records.
func (s *Store) lockRecords(dir string) (*lock.Lock, error) {
	if err := s.make(dir); err != nil {
		return nil, err
	}
	l, err := lock.Take(filepath.Join(dir, "lock"), s.holder())
	var other *lock.Held
	if errors.As(err, &other) {
		return nil, &sync.Failure{End: sync.Locked, Err: fmt.Errorf("%w; wait for it to end", other)}
	}
	return l, err
}

// lockMachine takes the lock that all checkouts of this user share, where the user has a
// place for it.
func (s *Store) lockMachine(h *held, t plan.TenantID) error {
	l, first, err := lock.Machine(s.Shared, s.Endpoint, called(t), s.holder())
	var other *lock.Held
	switch {
	case errors.Is(err, lock.ErrNowhere):
		h.alone = err
		return nil
	case errors.As(err, &other):
		return &sync.Failure{End: sync.Locked, Err: fmt.Errorf("another run on this machine writes to tenant %s of %s (%s); wait for it to end", cmp.Or(t.Name, t.Prefix), s.Endpoint, other.By)}
	case err != nil:
		return err
	}
	h.machine, h.first = l, first
	return nil
}

// holder names this run in its locks, by the folder of its files.
func (s *Store) holder() lock.Holder {
	dir := s.Dir
	if filepath.Base(dir) == folder.StateName {
		dir = filepath.Dir(dir)
	}
	return lock.Me(dir, time.Now())
}

func (h *held) Alone() error { return h.alone }
func (h *held) First() bool  { return h.first }

func (h *held) CutOff() []string {
	var out []string
	if h.machine != nil {
		for _, c := range h.machine.CutOff() {
			out = append(out, c.String())
		}
	}
	return out
}

func (h *held) Calm() error {
	if h.machine == nil {
		return nil
	}
	return h.machine.Calm()
}

func (h *held) Resumed() {
	if h.machine != nil {
		h.machine.Resumed()
	}
}

func (h *held) Release(sure bool) {
	if h.machine != nil {
		h.machine.Release(sure)
	}
	h.records.Release(true)
}
