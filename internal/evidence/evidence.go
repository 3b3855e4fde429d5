// Package evidence lets tests say how many cases they tried, so that the published table
// of reliability is made by a run and never typed. It knows nothing of what is tested.
package evidence

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"
	"time"
)

// Names of the environment that a full run sets. Tests read them here only.
const (
	EnvFull = "PBXSYNC_EVIDENCE_FULL" // the sizes of the full run: 1, or a part of them such as 0.25
	EnvSeed = "PBXSYNC_EVIDENCE_SEED" // a number
	EnvTime = "PBXSYNC_EVIDENCE_TIME" // how long random seeds are tried

	// EnvMore is set by .ci/run. Between what somebody waits for at their desk and a full run
	// lies what every change has to pass.
	EnvMore = "PBXSYNC_EVIDENCE_MORE"
)

// More reports whether the sizes are wanted that every change has to pass.
func More() bool { return Full() || os.Getenv(EnvMore) != "" }

// Quick returns the size for this run of cases that every change has to pass, and that are
// too many for somebody who waits.
func Quick(quick, more int) int {
	if More() {
		return more
	}
	return quick
}

// Key is the attribute of a test under which its evidence stands in go test -json.
const Key = "evidence"

// Note is what a test has shown.
type Note struct {
	Row    string `json:"row"`              // number of the fault in the table, or a word
	Tried  int    `json:"tried"`            // cases
	Right  int    `json:"right"`            // of these, the ones that ended as they should
	Figure string `json:"figure,omitempty"` // the figure that the row names, in words
}

// RedKey is the attribute under which a test of mutants says which rows one has made red.
const RedKey = "evidence-red"

// Red is a seeded bug, and the rows that did not come out right with it.
type Red struct {
	Mutant string   `json:"mutant"`
	Rows   []string `json:"rows"`
}

// AddRed records which rows a seeded bug has made red.
func AddRed(t testing.TB, r Red) {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatalf("evidence: %v", err)
	}
	t.Attr(RedKey, string(data))
}

// Add puts a note on record. Notes of one row add up; the last figure counts.
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

// Size returns the size for this run: that of a sample, the full one, or one between.
func Size(sample, full int) int {
	if !Full() {
		return sample
	}
	part, err := strconv.ParseFloat(os.Getenv(EnvFull), 64)
	if err != nil || part <= 0 || part > 1 {
		part = 1
	}
	return sample + int(math.Round(part*float64(full-sample)))
}

// Some returns the values of a sample, and for larger sizes as many of the others as are due.
func Some[T any](sample []T, others ...T) []T {
	return append(sample, others[:Size(0, len(others))]...)
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
