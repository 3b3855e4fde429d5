package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pbxsync/internal/folder"
	"pbxsync/internal/lock"
	"pbxsync/sync/plan"
)

// lock keeps other runs on this machine from writing to a tenant: those that share its
// run records, and those of the same user that have others.
func (p *Program) lock(j *job, t plan.TenantID) (free func(), err error) {
	records, err := lockRecords(j.stated, j.recordsDir(t))
	if err != nil || j.conn.builtin || p.LockDirs == nil { // a simulator is beside its records
		return records, err
	}
	machine, err := p.lockMachine(j, t)
	if err != nil || machine == nil {
		if err != nil {
			records()
		}
		return records, err
	}
	j.locks = append(j.locks, machine)
	return func() { machine.Release(!j.unsure); records() }, nil
}

// lockMachine takes the lock that all checkouts of this user share, nil where the user
// has no place for it.
func (p *Program) lockMachine(j *job, t plan.TenantID) (*lock.Lock, error) {
	l, fresh, err := lock.Machine(p.LockDirs(), j.conn.server, cmp.Or(t.Prefix, newPrefix+t.Name), holder(j.stated))
	var held *lock.Held
	switch {
	case errors.Is(err, lock.ErrNowhere):
		p.note("%s, so a run in another folder is not kept out", err)
		return nil, nil
	case errors.As(err, &held):
		return nil, fail(exitLocked, "another run on this machine writes to tenant %s of %s (%s); wait for it to end", cmp.Or(t.Name, t.Prefix), j.conn.server, held.By)
	case err != nil:
		return nil, err
	}
	j.first = fresh
	if err := p.calm(j, l); err != nil {
		l.Release(true)
		return nil, err
	}
	return l, nil
}

// calm waits for as long as a call may take that a run from another folder had under way
// when it was cut off: only the records there know of it.
func (p *Program) calm(j *job, l *lock.Lock) error {
	cut := l.CutOff()
	if len(cut) == 0 {
		return nil
	}
	p.log.Linef("a run from another folder was cut off (%s), and its last calls may still be carried out; waiting for %v", cut[0], j.settle)
	select {
	case <-time.After(j.settle):
		return l.Calm()
	case <-p.Stop:
		return fail(exitInterrupted, "interrupted; nothing was written")
	}
}

// note tells what is worth knowing, and no failure.
func (p *Program) note(format string, args ...any) {
	if !p.quiet {
		p.log.Linef("note: "+format, args...)
	}
}

// lockRecords keeps two runs from writing to one folder of run records.
func lockRecords(state, dir string) (free func(), err error) {
	if err := folder.MakeState(state); err != nil {
		return nil, err
	}
	if err := folder.MakeBelow(state, dir); err != nil {
		return nil, err
	}
	l, err := lock.Take(filepath.Join(dir, "lock"), holder(state))
	var held *lock.Held
	if errors.As(err, &held) {
		return nil, fail(exitLocked, "%w; wait for it to end", held)
	} else if err != nil {
		return nil, err
	}
	return func() { l.Release(true) }, nil
}

// holder names this run in its locks, by the folder of its files.
func holder(state string) lock.Holder {
	if filepath.Base(state) == folder.StateName {
		state = filepath.Dir(state)
	}
	return lock.Me(state, time.Now())
}

// userLockDirs are the folders of the user for locks, which all checkouts share.
func userLockDirs() []string {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = ""
	}
	return lock.Folders(os.Getenv("XDG_RUNTIME_DIR"), cache)
}

// folderName turns a text of a file into the name of one folder.
func folderName(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '.' && b.Len() > 0 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "_%x", r)
		}
	}
	return b.String()
}
