package proof

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	gosync "sync"
	"testing"

	"pbxsync/internal/api/adapter"
	"pbxsync/internal/evidence"
	"pbxsync/internal/journal"
	"pbxsync/internal/simulator"
)

// failing is a disk that fails at one of its writes or syncs, and knows what reached it.
type failing struct {
	mu                           gosync.Mutex
	text, synced                 []byte
	writes, syncs                int
	failWrite, failSync, noSpace int // at the nth time, 0 for never
	reserved                     int
}

func (d *failing) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.writes++; d.writes == d.failWrite {
		d.text = append(d.text, p[:len(p)/3]...)
		return len(p) / 3, errors.New("no space left on device")
	}
	d.text = append(d.text, p...)
	return len(p), nil
}

func (d *failing) Sync() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.syncs++; d.syncs == d.failSync {
		return errors.New("input/output error")
	}
	d.synced = bytes.Clone(d.text)
	return nil
}

func (d *failing) Reserve(int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.reserved++; d.noSpace > 0 && d.reserved >= d.noSpace {
		return errors.New("no space left on device")
	}
	return nil
}

func (d *failing) Close() error { return nil }

// onDisk lets no call pass whose intent has not reached the disk.
type onDisk struct {
	adapter.Writer
	d        *failing
	mu       *gosync.Mutex
	unsynced *int
}

func (s onDisk) Send(ctx context.Context, method, path string, body map[string]any) (map[string]any, error) {
	s.d.mu.Lock()
	known := bytes.Contains(s.d.synced, fmt.Appendf(nil, `"method":%q,"path":%q`, method, path))
	s.d.mu.Unlock()
	if !known {
		s.mu.Lock()
		*s.unsynced++
		s.mu.Unlock()
	}
	return s.Writer.Send(ctx, method, path, body)
}

// Wherever the disk fails, nothing is sent without a line on it, what is on it can be
// read, and a second run ends where the first one would have.
func TestDiskFails(t *testing.T) {
	text := head + "extension_groups: {a: {}, b: {}, c: {}, d: {}}\nextensions: {\"101\": {type: queue, status: active, extension_group: a}, \"102\": {type: queue, status: active}}\nintervals: {Office: {timezone: Europe/Berlin, conditions: []}}\n"
	tried, right, unsynced := 0, 0, 0
	for _, parallelism := range []int{1, 4} {
		for n := 1; n <= 18; n++ {
			for _, d := range []*failing{{failWrite: n}, {failSync: n}, {noSpace: n}} {
				tried++
				what := fmt.Sprintf("write %d, sync %d, space %d, %d at a time", d.failWrite, d.failSync, d.noSpace, parallelism)
				if err := diskFails(t, text, d, parallelism, &unsynced); err != nil {
					t.Errorf("%s: %v", what, err)
					continue
				}
				right++
			}
		}
	}
	evidence.Add(t, evidence.Note{Row: "16", Tried: tried, Right: right, Figure: fmt.Sprintf("a disk that fails at each write, each sync or when it is asked for room: %d of %d, calls sent whose line was not on disk: %d", right, tried, unsynced)})
}

func diskFails(t *testing.T, text string, d *failing, parallelism int, all *int) error {
	b := testBox(t, simulator.Options{})
	_, p := b.plan(text)
	w, err := journal.NewWriter(d, []byte("key"), journal.Header{Run: "r", Steps: len(p.Steps)})
	if err != nil {
		return nothingSent(b) // it did not even begin
	}
	unsynced := 0
	o := b.options
	o.Journal, o.Parallelism = w, parallelism
	sum, err := carriedOut(context.Background(), onDisk{b.api, d, &gosync.Mutex{}, &unsynced}, p, secret, o, nil, nil)
	*all += unsynced
	switch failed := d.writes >= d.failWrite && d.failWrite > 0 || d.syncs >= d.failSync && d.failSync > 0 || d.reserved >= d.noSpace && d.noSpace > 0; {
	case unsynced > 0:
		return fmt.Errorf("%d calls were sent without a line on the disk", unsynced)
	case err != nil:
		return nothingSent(b)
	case failed && sum.Broken == nil:
		return fmt.Errorf("it was not noticed: %+v", sum)
	case !failed && sum.Done != len(p.Steps):
		return fmt.Errorf("%+v", sum)
	}
	for _, text := range [][]byte{d.text, d.synced} {
		if _, err := journal.Recover(text); err != nil {
			return fmt.Errorf("what is on the disk cannot be read: %w", err)
		}
	}
	b.apply(text)
	for _, c := range b.server.History() {
		if c.Method == http.MethodPost && c.Status/100 != 2 {
			return fmt.Errorf("%+v", c)
		}
	}
	return nil
}

func nothingSent(b *box) error {
	if n := b.server.Counts().Writes; n > 0 {
		return fmt.Errorf("%d calls were sent", n)
	}
	return nil
}
