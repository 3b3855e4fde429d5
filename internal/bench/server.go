package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// server is a simulator in another process.
type server struct {
	endpoint string
	cmd      *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Reader
}

func startServer(program, seed string, latency time.Duration) (*server, error) {
	s := &server{cmd: exec.Command(program, seed, latency.String())}
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

// counts are the calls that the simulator has seen.
type counts struct{ Token, Reads, Writes int }

// asked returns what came since the last time, and starts anew.
func (s *server) asked() (counts, error) {
	var c counts
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
