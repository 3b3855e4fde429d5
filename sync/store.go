package sync

import (
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
	"pbxsync/sync/undo"
)

// Store keeps what runs leave behind for later ones, and keeps runs apart that write to one
// tenant. Package sync/local has one in folders of this machine.
type Store interface {
	// Known returns what earlier runs of a tenant have recorded.
	Known(plan.TenantID) (*record.Records, error)
	// Past returns a run that is to be undone.
	Past(run string) (*undo.Past, error)
	// Lock keeps other runs from writing to a tenant. Where one holds it, the error is a
	// Failure that ended as Locked.
	Lock(plan.TenantID) (Lock, error)
	// Same reports whether one lock is for both: files may name a tenant otherwise than the
	// server does.
	Same(a, b plan.TenantID) bool
	// KeepBase keeps the tenant as it was applied, for Known of later runs. It replaces what was
	// kept before, as a whole, and says when it was kept.
	KeepBase(plan.TenantID, record.Base) error
	// Begin begins the record of a run. The digest is that of its plan.
	Begin(t plan.TenantID, digest string, steps int) (Record, error)
}

// Record is the record of one run. Each method returns when its line is on disk.
type Record interface {
	run.Journal

	// Run names the run.
	Run() string
	// Settled says what became of a call of an earlier run.
	Settled(record.Settled) error
	// Finished says that the run has ended by itself.
	Finished(*run.Summary) error
	// Verified says that the tenant was read again and is as wanted.
	Verified(record.Verified) error
	// Close ends the record.
	Close() error
	// Discard takes back the record of a run that has sent nothing.
	Discard() error
}

// Lock keeps other runs from writing to a tenant until it is released.
type Lock interface {
	// Alone says why runs of other checkouts are not kept out, nil where they are.
	Alone() error
	// First reports whether nobody on this machine has held it before.
	First() bool
	// CutOff names the runs of other checkouts that ended while they held it. Their last calls
	// may still be carried out; their records are out of reach.
	CutOff() []string
	// Calm says that the calls of those have ended.
	Calm() error
	// Resumed says that what earlier runs with the same records left open is settled.
	Resumed()
	// Release gives it back; sure, if no call of this run is under way any more.
	Release(sure bool)
}
