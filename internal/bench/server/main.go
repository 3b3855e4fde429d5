// Command server runs the simulator for package bench: server SEED LATENCY, the
// seed as JSON. It prints its address, and then, for each line that it reads, what
// it was asked since the last one.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"pbxsync/internal/simulator"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("server SEED LATENCY")
	}
	latency, err := time.ParseDuration(args[1])
	if err != nil {
		return err
	}
	sim := simulator.New(simulator.Options{Latency: latency})
	if err := fill(sim, args[0]); err != nil {
		return err
	}
	endpoint, stop, err := sim.Listen()
	if err != nil {
		return err
	}
	defer stop()
	fmt.Println(endpoint)
	out := json.NewEncoder(os.Stdout)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		if err := out.Encode(sim.Counts()); err != nil {
			return err
		}
		sim.ResetCounts()
	}
	return nil
}

func fill(sim *simulator.Server, seed string) error {
	data, err := os.ReadFile(seed)
	if err != nil {
		return err
	}
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		return err
	}
	return sim.Seed(doc)
}
