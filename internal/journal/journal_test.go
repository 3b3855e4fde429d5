package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"pbxsync/internal/evidence"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// disk is a file that can fail, and that knows what was brought to disk.
type disk struct {
	mu                    gosync.Mutex
	text, synced          []byte
	failWrite, failSync   int // at the nth time, 0 for never
	writes, syncs, closes int
}

func (d *disk) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.writes++; d.writes == d.failWrite {
		d.text = append(d.text, p[:len(p)/2]...)
		return len(p) / 2, errors.New("no space left on device")
	}
	d.text = append(d.text, p...)
	return len(p), nil
}

func (d *disk) Sync() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.syncs++; d.syncs == d.failSync {
		return errors.New("input/output error")
	}
	d.synced = bytes.Clone(d.text)
	return nil
}

func (d *disk) Close() error { d.closes++; return nil }

func create(step int) record.Intent {
	return record.Intent{Step: step, Attempt: 1, Method: "POST", Path: "/client/12/user/client/", Kind: "client_user", Addresses: []string{fmt.Sprintf("client_user/u%d", step)}, Creates: true,
		Key: fmt.Sprintf("u%d", step), Baseline: []int64{7}, Sends: map[string]map[string]int64{fmt.Sprintf("client_user/u%d", step): {"password": 3}},
		Body: map[string]any{"login": "u", "password": "hunter2-canary"}}
}

// written is the record of a run of three steps: one done, one failed, one unknown.
func written(t testing.TB) []byte {
	t.Helper()
	d := &disk{}
	w, err := NewWriter(d, []byte("key"), Header{Run: "r1", Client: 12, Prefix: "12037", Steps: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{w.Intent(create(1)), w.Ack(1, 501, ""), w.Intent(create(2)), w.Failed(2, "the server answered 400"), w.Intent(create(3)), w.Unknown(3, "no answer"),
		w.Finished(&run.Summary{Done: 1, Failed: 2})} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(d.text, d.synced) {
		t.Error("a line is not on disk")
	}
	return d.text
}

func TestWhatWasWrittenIsRead(t *testing.T) {
	data := written(t)
	if bytes.Contains(data, []byte("hunter2")) {
		t.Error("a secret is in the record")
	}
	r, err := Recover(data)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range r.Steps() {
		got = append(got, fmt.Sprintf("%d %s %s %d", s.Number, s.Intent.Address[0], s.Outcome, s.ID))
	}
	want := []string{"1 client_user/u1 ack 501", "2 client_user/u2 failed 0", "3 client_user/u3 unknown 0"}
	if !reflect.DeepEqual(got, want) || r.Torn || r.Run != "r1" || r.Client != 12 || r.Format != Format || *r.Finish() != (Finished{Done: 1, Failed: 2}) {
		t.Errorf("%v %+v", got, r)
	}
	if i := r.Steps()[0].Intent; i.Baseline[0] != 7 || len(i.Body) != 64 || i.Sends["client_user/u1"]["password"] != 3 {
		t.Errorf("%+v", i)
	}
	k := Known([]*Record{r})
	if k.Seen[record.Name{Kind: "client_user", Key: "u1"}][0] != (record.Seen{Address: "client_user/u1", ID: 501}) || k.Sent["client_user/u1"]["password"] != (record.Sent{Version: 3, ID: 501}) || len(k.Sent) != 1 || len(k.Open) != 1 || k.Open[0].String() != "run r1, step 3" || k.Open[0].Key != "u3" {
		t.Errorf("%+v", k)
	}
}

// A crash cuts a record off somewhere. What was acknowledged before stays.
func TestTornAtEveryByte(t *testing.T) {
	data := written(t)
	tried, right, lost := 0, 0, 0
	for n := range len(data) {
		tried++
		r, err := Recover(data[:n])
		gone := acknowledgedIn(data[:n]) - acknowledged(r)
		lost += gone
		whole := bytes.Count(data[:n], []byte("\n"))
		if err != nil || gone != 0 || whole == 0 && r != nil || whole > 0 && (len(r.Entries) != whole-1 || r.Torn == (data[n-1] == '\n')) {
			t.Errorf("cut at byte %d: %+v, %v", n, r, err)
			continue
		}
		right++
	}
	if r, err := Recover(append(bytes.Clone(data), make([]byte, 100)...)); err != nil || !r.Torn || len(r.Entries) != 7 {
		t.Errorf("zeros at the end: %+v %v", r, err)
	}
	evidence.Add(t, evidence.Note{Row: "3", Tried: tried, Right: right, Figure: fmt.Sprintf("a record torn at each of its %d bytes: read rightly at %d; acknowledged steps that were on disk and lost: %d", tried, right, lost)})
}

// acknowledgedIn counts the steps that the whole lines of a record acknowledge, without
// the code that reads records.
func acknowledgedIn(data []byte) int {
	n := 0
	for line := range bytes.Lines(data) {
		if bytes.HasSuffix(line, []byte("\n")) && bytes.Contains(line, []byte(`"type":"ack"`)) {
			n++
		}
	}
	return n
}

// acknowledged counts the same in a record that was read.
func acknowledged(r *Record) int {
	n := 0
	if r == nil {
		return 0
	}
	for _, s := range r.Steps() {
		if s.Outcome == TypeAck {
			n++
		}
	}
	return n
}

// Every other damage is refused, wherever it is.
func TestDamage(t *testing.T) {
	data := written(t)
	last := bytes.LastIndexByte(data[:len(data)-1], '\n')
	for n := range last {
		bad := bytes.Clone(data)
		bad[n] ^= 0x08
		var line *BadLine
		if _, err := Recover(bad); !errors.As(err, &line) {
			t.Fatalf("byte %d: %v", n, err)
		}
	}
	lines := strings.SplitAfter(string(data), "\n")
	newer, _ := Encode(&Entry{Type: TypeHeader, Header: &Header{Format: 2}})
	odd, _ := Encode(&Entry{Type: "guessed", Step: 1})
	bare, _ := Encode(&Entry{Type: TypeIntent, Step: 1})
	for _, c := range []struct{ text, want string }{
		{lines[1] + lines[2], "line 1: a record begins with one header"},
		{lines[0] + lines[0] + lines[1], "line 2: a record begins with one header"},
		{lines[0] + "{}\n" + lines[1], "line 2: its checksum differs: it was changed or damaged"},
		{string(newer) + lines[1], "line 1: format 2 is not known to this program, which knows 1"},
		{lines[0] + string(odd), `line 2: an entry of type "guessed" is not known to this program`},
		{lines[0] + string(bare), `line 2: an entry of type "intent" lacks what it is about`},
	} {
		if _, err := Recover([]byte(c.text)); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// Once something did not reach the disk, nothing more is taken.
func TestDiskFails(t *testing.T) {
	for _, d := range []*disk{{failWrite: 3}, {failSync: 3}} {
		w, _ := NewWriter(d, nil, Header{})
		if err := w.Intent(create(1)); err != nil {
			t.Fatal(err)
		}
		first := w.Ack(1, 5, "")
		second := w.Intent(create(2))
		if first == nil || second == nil || !strings.HasPrefix(second.Error(), "run records: ") {
			t.Errorf("%v, then %v", first, second)
		}
		if d.writes > 3 || d.syncs > 3 {
			t.Errorf("%d writes and %d syncs after the failure", d.writes, d.syncs)
		}
		if _, err := Recover(d.text); err != nil {
			t.Errorf("what is left cannot be read: %v", err)
		}
	}
}

// Lines of calls that run at the same time are whole, and all are on disk when
// their writers go on.
func TestAtTheSameTime(t *testing.T) {
	d := &disk{}
	w, _ := NewWriter(d, nil, Header{})
	var wg gosync.WaitGroup
	for step := 1; step <= 50; step++ {
		wg.Go(func() {
			if err := w.Intent(create(step)); err != nil {
				t.Error(err)
			}
			d.mu.Lock()
			defer d.mu.Unlock()
			if !bytes.Contains(d.synced, fmt.Appendf(nil, `"key":"u%d"`, step)) {
				t.Errorf("step %d went on before its line was on disk", step)
			}
		})
	}
	wg.Wait()
	if r, err := Recover(d.text); err != nil || len(r.Steps()) != 50 {
		t.Errorf("%v %v", r, err)
	}
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	key, err := Key(dir)
	if again, _ := Key(dir); err != nil || len(key) != keySize || !bytes.Equal(key, again) {
		t.Fatalf("%x %x %v", key, again, err)
	}
	var runs []string
	for _, at := range []time.Time{now, now, now.Add(-time.Hour), now.Add(time.Hour)} { // the clock was put back in between
		run, err := NewRun(dir, at)
		if err != nil {
			t.Fatal(err)
		}
		w, err := Create(dir, key, Header{Run: run})
		if err != nil {
			t.Fatal(err)
		}
		w.Close()
		runs = append(runs, run)
	}
	records, err := Load(dir)
	if err != nil || len(records) != len(runs) {
		t.Fatalf("%d records, %v", len(records), err)
	}
	for i, r := range records {
		if r.Run != runs[i] {
			t.Errorf("record %d is %s, not %s", i, r.Run, runs[i])
		}
	}
	path := filepath.Join(dir, runs[1]+Ext)
	for _, p := range []string{path, filepath.Join(dir, keyFile)} {
		if info, err := os.Stat(p); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", p, info.Mode(), err)
		}
	}
	if err := os.WriteFile(path, append([]byte("x\n"), written(t)...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "line 1: its checksum differs") || !strings.Contains(err.Error(), "or move it away") {
		t.Error(err)
	}
	os.Chmod(filepath.Join(dir, keyFile), 0o644)
	if _, err := Key(dir); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Error(err)
	}
	if none, err := Load(filepath.Join(dir, "nothing")); err != nil || none != nil {
		t.Errorf("%v %v", none, err)
	}
}

// FuzzJournalRecover reads any bytes: no panic, and what is taken is what was written.
func FuzzJournalRecover(f *testing.F) {
	data := written(f)
	f.Add(data)
	f.Add(data[:len(data)-9])
	f.Add([]byte("{\"crc\":\"00000000\",\"entry\":{}}\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Recover(data)
		if err != nil || r == nil {
			return
		}
		lines := bytes.Count(data, []byte("\n"))
		if n := len(r.Entries) + 1; n > lines || n < lines-1 {
			t.Fatalf("%d entries of %d lines", n, lines)
		}
		Known([]*Record{r})
		for _, s := range r.Steps() {
			if s.Intent == nil {
				t.Fatal("a step without a call")
			}
		}
	})
}

// The cost of a line: Go's benchmark says nothing of the disk below.
func BenchmarkStep(b *testing.B) {
	dir := b.TempDir()
	w, err := Create(dir, []byte("key"), Header{Run: "r"})
	if err != nil {
		b.Fatal(err)
	}
	for n := range b.N {
		if err := errors.Join(w.Intent(create(n+1)), w.Ack(n+1, int64(n), "")); err != nil {
			b.Fatal(err)
		}
	}
}
