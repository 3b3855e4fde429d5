// Package evidence lets tests say how many cases they tried, so that the published table
// of reliability is made by a run and never typed. It knows nothing of what is tested.
package evidence

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"
	"time"
)

// Names of the environment that a full run sets. Tests read them here only.
const (
	EnvFull = "PBXSYNC_EVIDENCE_FULL" // anything: the sizes of the full run
	EnvSeed = "PBXSYNC_EVIDENCE_SEED" // a number
	EnvTime = "PBXSYNC_EVIDENCE_TIME" // how long random seeds are tried
)

// Key is the attribute of a test under which its evidence stands in go test -json.
const Key = "evidence"

// Note is what a test has shown.
type Note struct {
	Row    string `json:"row"`              // number of the fault in the table, or a word
	Tried  int    `json:"tried"`            // cases
	Right  int    `json:"right"`            // of these, the ones that ended as they should
	Figure string `json:"figure,omitempty"` // the figure that the row names, in words
}

// Add puts a note down. Notes of one row add up; the last figure counts.
func Add(t testing.TB, n Note) {
	t.Helper()
	data, err := json.Marshal(n)
	if err != nil {
		t.Fatalf("evidence: %v", err)
	}
	t.Attr(Key, string(data))
	if n.Right != n.Tried {
		t.Errorf("row %s: %d of %d cases ended as they should", n.Row, n.Right, n.Tried)
	}
}

// Full reports whether the sizes of the full run are wanted, and not those of a sample.
func Full() bool { return os.Getenv(EnvFull) != "" }

// Size returns the size for this run.
func Size(sample, full int) int {
	if Full() {
		return full
	}
	return sample
}

// Seed is the seed of everything random. It is the same until somebody asks for another.
func Seed() uint64 {
	if n, err := strconv.ParseUint(os.Getenv(EnvSeed), 10, 64); err == nil {
		return n
	}
	return 20261121
}

// Duration returns how long random seeds are tried in this run.
func Duration(sample time.Duration) time.Duration {
	if d, err := time.ParseDuration(os.Getenv(EnvTime)); err == nil {
		return d
	}
	return sample
}
