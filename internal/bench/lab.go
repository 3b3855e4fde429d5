package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

const (
	appID     = "bench"
	appSecret = "not-a-secret"
)

// lab is where the runs take place. This process stays small, imports nothing but
// the standard library and leaves all work to others: Linux counts the peak memory
// of whoever starts a process as the started one's own.
type lab struct {
	dir  string
	self string // this program
}

func newLab(dir string) (*lab, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	l := &lab{dir: dir, self: self}
	build := exec.Command("go", "build", "-o", dir+string(filepath.Separator),
		"pbxsync", "pbxsync/internal/bench/bare", "pbxsync/internal/bench/server")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return l, nil
}

// command is one of the built programs, with the server in its environment.
func (l *lab) command(s *server, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(l.dir, name), args...)
	cmd.Env = []string{"PBXSYNC_ENDPOINT=" + s.endpoint, "PBXSYNC_APP_ID=" + appID, "PBXSYNC_APP_SECRET=" + appSecret,
		"HOME=" + l.dir, "PATH=" + os.Getenv("PATH")}
	return cmd
}

// all measures each size at each latency.
func (l *lab) all(o *options) (*result, error) {
	r := &result{Rounds: o.rounds}
	for _, latency := range o.latency {
		for _, n := range o.sizes {
			c, err := l.measure(n, latency, o.rounds)
			if err != nil {
				return nil, fmt.Errorf("%d extensions, %v: %w", n, latency, err)
			}
			r.Cases = append(r.Cases, *c)
		}
	}
	r.growth()
	return r, nil
}

// measure runs plan and bare client in turn, so that a slow moment of the machine
// meets both.
func (l *lab) measure(n int, latency time.Duration, rounds int) (*measured, error) {
	files, err := l.files(n)
	if err != nil {
		return nil, err
	}
	s, err := startServer(filepath.Join(l.dir, "server"), filepath.Join(files, seedFile), latency)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	var plans, bares []usage
	for round := range rounds {
		runs := []func() error{
			func() error { u, err := l.plan(s, files); plans = append(plans, u); return err },
			func() error { u, err := l.bare(s); bares = append(bares, u); return err },
		}
		for i := range runs {
			if err := runs[(i+round)%len(runs)](); err != nil {
				return nil, err
			}
		}
	}
	return newMeasured(n, latency, median(plans), median(bares)), nil
}

// files has the tenant's files written, by another process.
func (l *lab) files(n int) (string, error) {
	dir := filepath.Join(l.dir, strconv.Itoa(n))
	if err := os.Mkdir(dir, 0o700); err != nil {
		if os.IsExist(err) {
			return dir, nil
		}
		return "", err
	}
	if out, err := exec.Command(l.self, writeFiles, strconv.Itoa(n), dir).CombinedOutput(); err != nil {
		return "", fmt.Errorf("files: %w\n%s", err, out)
	}
	return dir, nil
}

// announced is what the program says of its calls in its JSON.
type announced struct {
	Calls struct {
		Reads, Writes, Tenant, Limits, Losses, Extra, Second int
	}
}

func (a announced) gets() int {
	return a.Calls.Reads + a.Calls.Tenant + a.Calls.Limits + a.Calls.Losses + a.Calls.Extra + a.Calls.Second
}

// plan runs pbxsync plan. The plan has to be empty and the calls those that it
// announces.
func (l *lab) plan(s *server, files string) (usage, error) {
	cmd := l.command(s, "pbxsync", "plan", "--detailed-exitcode", "--format", "json", files)
	u, out, err := timed(cmd, s)
	if err != nil {
		return u, fmt.Errorf("pbxsync plan: %w\n%.2000s", err, out)
	}
	var a announced
	if err := json.Unmarshal(out, &a); err != nil {
		return u, fmt.Errorf("pbxsync plan: %w", err)
	}
	if a.gets() != u.Reads || a.Calls.Writes != 0 || u.Writes != 0 {
		return u, fmt.Errorf("the plan announced %+v, and the server saw %d reads and %d writes", a.Calls, u.Reads, u.Writes)
	}
	return u, nil
}

func (l *lab) bare(s *server) (usage, error) {
	u, out, err := timed(l.command(s, "bare"), s)
	if err != nil {
		return u, fmt.Errorf("bare client: %w\n%.2000s", err, out)
	}
	return u, nil
}

// timed runs a command to its end and says what it took. Out is what it printed.
func timed(cmd *exec.Cmd, s *server) (u usage, out []byte, err error) {
	if _, err := s.asked(); err != nil { // begin at zero
		return u, nil, err
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return u, append(stdout.Bytes(), stderr.Bytes()...), err
	}
	u.Wall = time.Since(start).Seconds()
	p := cmd.ProcessState
	u.CPU = (p.UserTime() + p.SystemTime()).Seconds()
	u.Memory = peakMemory(p)
	c, err := s.asked()
	u.Reads, u.Writes, u.Tokens = c.Reads, c.Writes, c.Token
	return u, stdout.Bytes(), err
}
