package main

import (
	"os"
	"syscall"
)

// peakMemory returns the most bytes that an ended process had in memory, 0 if
// that was not measured.
func peakMemory(p *os.ProcessState) int64 {
	if r, ok := p.SysUsage().(*syscall.Rusage); ok {
		return r.Maxrss << 10
	}
	return 0
}
