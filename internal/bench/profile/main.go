// Command profile runs pbxsync under Go's profiler: profile DIR ARGUMENTS. It
// writes cpu.pprof, allocs.pprof and peak.pprof, the heap when it was largest.
// What it finds is where time and memory go; how much that is, says package bench.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
	"time"

	"pbxsync/internal/cli"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "profile:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return errors.New("profile DIR ARGUMENTS")
	}
	dir := args[0]
	cpu, err := os.Create(filepath.Join(dir, "cpu.pprof"))
	if err != nil {
		return err
	}
	defer cpu.Close()
	runtime.MemProfileRate = 64 << 10
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return err
	}
	stop := make(chan struct{})
	peak := make(chan []byte)
	go func() { peak <- watchHeap(stop) }()
	os.Args = append([]string{"pbxsync"}, args[1:]...)
	code := cli.Main()
	pprof.StopCPUProfile()
	close(stop)
	var allocs bytes.Buffer
	err = errors.Join(pprof.Lookup("allocs").WriteTo(&allocs, 0),
		os.WriteFile(filepath.Join(dir, "peak.pprof"), <-peak, 0o600),
		os.WriteFile(filepath.Join(dir, "allocs.pprof"), allocs.Bytes(), 0o600))
	if code != 0 {
		err = errors.Join(err, fmt.Errorf("pbxsync ended with %d", code))
	}
	return err
}

// watchHeap returns a profile of the heap as it was when it was largest, of those
// that a collection left behind.
func watchHeap(stop <-chan struct{}) []byte {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var most uint64
	var kept bytes.Buffer
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return kept.Bytes()
		case <-tick.C:
		}
		metrics.Read(sample)
		if live := sample[0].Value.Uint64(); live > most {
			most = live
			kept.Reset()
			_ = pprof.Lookup("heap").WriteTo(&kept, 0) // a buffer takes everything
		}
	}
}
