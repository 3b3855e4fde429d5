package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync/atomic"
)

// ballast is memory that is never touched, and so never there: garbage is collected as though
// the program was larger.
var ballast atomic.Pointer[[ballastSize]byte]

const ballastSize = 16 << 20

// collectLate puts the first collection of garbage off until there are 16 MiB of it, which
// takes more than a small tenant's plan: two of them took a quarter of what a start cost.
// From then on ballast does the same for the collections that follow.
func collectLate() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(400) // of the 4 MiB with which Go begins
	runtime.AddCleanup(new([64]byte), func(int) {
		ballast.Store(new([ballastSize]byte))
		debug.SetGCPercent(100)
	}, 0)
}
