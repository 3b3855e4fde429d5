package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pbxsync/internal/journal"
)

// moment is one at which something reaches the disk or the wire. A run can end there.
type moment struct {
	N      int    // counted from 1 in each process
	What   string // one of the words below, or before and after with the type of a line
	Path   string // of a call
	Behind int    // bytes that are written and not on disk
}

const (
	onTheWire = "on the wire"
	committed = "committed before the answer"
	reading   = "reading"
	unsynced  = "unsynced"
)

// death says what is left of a run that is cut off.
type death struct {
	Tear int           // bytes that reach the disk of what was not synced
	Late time.Duration // on the wire: the call arrives so much later; 0: it does not
}

// In the place of a death there may be a signal, or a disk that fails once.
var (
	interrupt = &death{Tear: -1}
	diskFails = &death{Tear: -2}
	errDisk   = errors.New("no space left on device")
)

// killer says at which moment the power fails.
type killer func(moment) *death

var errDead = errors.New("the power failed")

// process is one run of the program: its disk and its connections.
type process struct {
	w      *world
	die    killer
	stop   chan struct{}
	cancel context.CancelFunc

	mu      sync.Mutex
	dead    bool
	stopped bool
	left    string // the folder of run records that is left
	moments int
	files   []*recordFile
}

// at is called with the lock, before something happens. An error means that it does not.
func (p *process) at(what, path string) error {
	if p.dead {
		return errDead
	}
	p.moments++
	if p.die == nil {
		return nil
	}
	behind := 0
	for _, f := range p.files {
		behind += len(f.behind)
	}
	switch d := p.die(moment{p.moments, what, path, behind}); d {
	case nil:
	case interrupt:
		p.interrupt()
	case diskFails:
		return errDisk
	default:
		p.kill(d)
		return &cut{d}
	}
	return nil
}

// cut is the error at the moment itself.
type cut struct{ *death }

func (*cut) Error() string { return errDead.Error() }

// kill leaves a copy of what is on disk, and ends everything else.
func (p *process) kill(d *death) {
	p.dead = true
	p.left = p.w.newDisk()
	for _, f := range p.files {
		f.flush(d.Tear)
	}
	copyDir(p.w.t, p.left, p.w.disk)
	p.w.losesNames(p.left)
	p.cancel()
	p.interrupt()
}

// interrupt is the first signal: no further step is begun.
func (p *process) interrupt() {
	if !p.stopped {
		p.stopped = true
		close(p.stop)
	}
}

// end brings everything to disk: the machine goes on.
func (p *process) end() {
	for _, f := range p.files {
		f.flush(len(f.behind))
	}
}

// SyncNames notes which names of a folder are on disk from now on.
func (f *recordFile) SyncNames(dir string) error {
	f.p.mu.Lock()
	defer f.p.mu.Unlock()
	if f.p.dead {
		return errDead
	}
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		rel, _ := filepath.Rel(f.p.w.disk, filepath.Join(dir, e.Name()))
		f.p.w.names[rel] = true
	}
	return err
}

// losesNames removes from a disk the records, and the folders, whose names were not synced.
func (w *world) losesNames(disk string) {
	w.t.Helper()
	err := filepath.WalkDir(disk, func(path string, d os.DirEntry, err error) error {
		rel, _ := filepath.Rel(disk, path)
		switch {
		case errors.Is(err, os.ErrNotExist):
			return nil
		case err != nil:
			return err
		case rel == "." || w.names[rel] || !d.IsDir() && filepath.Ext(path) != journal.Ext:
			return nil
		case d.IsDir():
			if err := os.RemoveAll(path); err != nil {
				return err
			}
			return filepath.SkipDir
		}
		return os.Remove(path)
	})
	if err != nil {
		w.t.Error(err)
	}
}

func copyDir(t *testing.T, to, from string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(from, path)
		if d.IsDir() {
			return os.Mkdir(filepath.Join(to, rel), 0o700)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o600)
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// recordFile is a file of run records. What was not synced is not there yet.
type recordFile struct {
	p      *process
	disk   *os.File
	behind []byte
	line   journal.Entry // the last one
}

func (p *process) open(path string) (journal.File, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.at("before a record", ""); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	p.files = append(p.files, &recordFile{p: p, disk: f})
	return p.files[len(p.files)-1], nil
}

func (f *recordFile) Write(b []byte) (int, error) {
	f.p.mu.Lock()
	defer f.p.mu.Unlock()
	f.line = entry(b)
	if err := f.p.at("before "+string(f.line.Type), ""); err != nil {
		return 0, err
	}
	f.behind = append(f.behind, b...)
	return len(b), nil
}

func (f *recordFile) Sync() error {
	f.p.mu.Lock()
	defer f.p.mu.Unlock()
	if err := f.p.at(unsynced, ""); err != nil {
		return err
	}
	for line := range bytes.Lines(f.behind) {
		f.p.w.add(Event{What: Synced, Synced: entry(line)})
	}
	f.flush(len(f.behind))
	return f.p.at("after "+string(f.line.Type), "")
}

// flush brings the first bytes to disk and forgets the others.
func (f *recordFile) flush(n int) {
	_, _ = f.disk.Write(f.behind[:min(n, len(f.behind))])
	f.behind = nil
}

func (f *recordFile) Close() error {
	f.p.mu.Lock()
	defer f.p.mu.Unlock()
	if f.p.dead {
		return errDead
	}
	f.flush(len(f.behind)) // a machine that goes on loses nothing
	return f.disk.Close()
}

func entry(line []byte) journal.Entry {
	var l struct{ Entry journal.Entry }
	_ = json.Unmarshal(line, &l) // the records check their lines themselves
	return l.Entry
}

// RoundTrip carries a call to the server.
func (p *process) RoundTrip(req *http.Request) (*http.Response, error) {
	path, api := strings.CutPrefix(req.URL.Path, base)
	write := api && req.Method != http.MethodGet
	if write {
		body, err := bodyOf(req)
		if err != nil {
			return nil, err
		}
		if err := p.pass(Event{What: Sent, Method: req.Method, Path: path, Host: req.URL.Host}, onTheWire); err != nil {
			p.late(req, body, err)
			return nil, err
		}
	} else if err := p.pass(Event{What: Sent, Method: http.MethodGet, Path: path, Host: req.URL.Host}, reading); err != nil {
		return nil, err
	}
	resp, err := p.w.wire.RoundTrip(req)
	if !write {
		return resp, err
	}
	e := Event{What: Answered, Method: req.Method, Path: path}
	if err == nil {
		e.Status = resp.StatusCode
	}
	if dead := p.pass(e, committed); dead != nil {
		if resp != nil {
			resp.Body.Close()
		}
		return nil, dead
	}
	return resp, err
}

func (p *process) pass(e Event, what string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.dead {
		p.w.add(e)
	}
	return p.at(what, e.Path)
}

func bodyOf(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	req.Body = io.NopCloser(bytes.NewReader(body))
	return body, err
}

// late lets a call arrive whose client is dead.
func (p *process) late(req *http.Request, body []byte, err error) {
	var c *cut
	if !errors.As(err, &c) || c.Late == 0 {
		return
	}
	again := req.Clone(context.WithoutCancel(req.Context()))
	time.AfterFunc(c.Late, func() {
		p.w.expect(req.Method, req.URL.Path, body)
		again.Body = io.NopCloser(bytes.NewReader(body))
		if resp, err := p.w.wire.RoundTrip(again); err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	})
}

// safeBuffer takes what many goroutines print.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
