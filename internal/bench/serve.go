package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"pbxsync/internal/simulator"
)

// serve runs the simulator with a generated tenant: serve N LATENCY. It prints
// its address, and then, for each line that it reads, what it was asked since the
// last one.
func serve(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("serve N LATENCY")
	}
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	latency, err := time.ParseDuration(args[1])
	if err != nil {
		return err
	}
	sim := simulator.New(simulator.Options{Latency: latency})
	if err := sim.Seed(seed(n)); err != nil {
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

// server is a simulator in another process.
type server struct {
	endpoint string
	cmd      *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Reader
}

func startServer(self string, n int, latency time.Duration) (*server, error) {
	s := &server{cmd: exec.Command(self, "serve", strconv.Itoa(n), latency.String())}
	s.cmd.Stderr = os.Stderr
	var err error
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.out = bufio.NewReader(out)
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if _, err := fmt.Fscanln(s.out, &s.endpoint); err != nil {
		s.stop()
		return nil, fmt.Errorf("the simulator did not start: %w", err)
	}
	return s, nil
}

// counts returns what came since the last time, and starts anew.
func (s *server) counts() (simulator.Counts, error) {
	var c simulator.Counts
	if _, err := io.WriteString(s.in, "counts\n"); err != nil {
		return c, err
	}
	line, err := s.out.ReadBytes('\n')
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(line, &c)
}

// stop ends the simulator: it stops when nobody can ask any more.
func (s *server) stop() {
	_ = s.in.Close()
	_ = s.cmd.Wait() // nothing is asked of how it ends
}
