package folder

import (
	"fmt"

	"pbxsync/schema/file"
)

// Use is what a file is read for: how it is called, how large it may be, and whether others
// may read it.
type Use struct {
	Name    string
	Most    int64  // bytes
	Private bool   // only its owner may read it
	Way     string // out, where a file is larger
}

// ofRun is how large a saved plan and a run record may be: enough for a tenant of 10,000 extensions
// that is made in one run, with every field of their phones.
const ofRun = 256 << 20

// What files are for. Each limit stands here and nowhere else, for those who write as for those who
// read; those of sounds are in their kind.
var (
	Tenant    = Use{Name: "a tenant file", Most: file.MaxFileSize, Way: "split the tenant into several files"}
	Profile   = Use{Name: "a profile", Most: 64 << 10, Way: "a profile has a few lines"}
	Seed      = Use{Name: "a seed", Most: file.MaxFileSize, Way: "seed less"}
	Faults    = Use{Name: "a file of faults", Most: file.MaxFileSize, Way: "write fewer rules"}
	Secrets   = Use{Name: "a file of secrets", Most: 1 << 20, Private: true, Way: "split it"}
	Secret    = Use{Name: "a secret", Most: 64 << 10, Way: "a secret is one line"}
	OwnSecret = Use{Name: "a secret", Most: 64 << 10, Private: true, Way: "a secret is one line"}
	Plan      = Use{Name: "a saved plan", Most: ofRun, Way: "take it in parts with --only"}
	Snapshot  = Use{Name: "a snapshot", Most: 1 << 30, Way: "plan against the server"}
	Shapes    = Use{Name: "a record of shapes", Most: 64 << 20, Way: "make it again with check --deep --record"}
	State     = Use{Name: "a state of the simulator", Most: 1 << 30, Way: "delete it to begin again"}
	Record    = Use{Name: "a run record", Most: ofRun, Way: "take it in parts with --only"}
	Base      = Use{Name: "what was last applied", Most: ofRun, Way: "delete it to have it made again"}
	Digest    = Use{Name: "a digest of run records", Most: ofRun, Way: "delete it to have it made again"}
	Key       = Use{Name: "a key", Most: 1 << 10, Private: true, Way: "a key has 32 bytes"}
)

// MostEntries bounds what a tenant's folder may hold: the files of a tenant, and what lies
// beside them.
const MostEntries = 20_000

// mostRecords bounds a folder of run records, which grows by one with each run.
const mostRecords = 1_000_000

// Fits refuses what would be too large to be read again, before it is written. Its error begins with
// the path.
func (u Use) Fits(path string, size int64) error {
	if size <= u.Most {
		return nil
	}
	return at(path, fmt.Errorf("would have %d MiB, and the limit is %s for %s; %s", (size+1<<20-1)>>20, u.size(), u.Name, u.Way))
}

// size words a limit.
func (u Use) size() string {
	if u.Most < 1<<20 {
		return fmt.Sprintf("%d KiB", u.Most>>10)
	}
	return fmt.Sprintf("%d MiB", u.Most>>20)
}
