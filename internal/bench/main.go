package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// writeFiles is the word with which this program starts itself to write a tenant.
const writeFiles = "files"

func main() {
	run, args := measure, os.Args[1:]
	if len(args) > 0 && args[0] == writeFiles {
		run, args = files, args[1:]
	}
	if len(args) > 0 && args[0] == measureImport {
		run, args = imports, args[1:]
	}
	if err := run(args); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	sizes   []int
	latency []time.Duration
	rounds  int
	json    bool
}

func parseOptions(args []string) (*options, error) {
	o := &options{}
	fs := flag.NewFlagSet("bench", flag.ExitOnError)
	sizes := fs.String("sizes", "1000,10000", "extensions of the tenants, at most 10000")
	latency := fs.String("latency", "20ms,0s", "what the server waits before each answer")
	fs.IntVar(&o.rounds, "rounds", 3, "runs of each, of which the median counts")
	fs.BoolVar(&o.json, "json", false, "print JSON")
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	if fs.NArg() > 0 || o.rounds < 1 {
		return nil, fmt.Errorf("there are no arguments, and -rounds is at least 1")
	}
	for text := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxExtensions {
			return nil, fmt.Errorf("-sizes %s: numbers from 1 to %d are due", text, maxExtensions)
		}
		o.sizes = append(o.sizes, n)
	}
	for text := range strings.SplitSeq(*latency, ",") {
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			return nil, fmt.Errorf("-latency %s: a duration such as 20ms is due", text)
		}
		o.latency = append(o.latency, d)
	}
	return o, nil
}

// measure is the program as people start it.
func measure(args []string) error {
	o, err := parseOptions(args)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "pbxsync-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	l, err := newLab(dir)
	if err != nil {
		return err
	}
	r, err := l.all(o)
	if err != nil {
		return err
	}
	if o.json {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	return r.print(os.Stdout)
}
