//go:build unix

package process

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"pbxsync/internal/evidence"
	"pbxsync/internal/journal"
	"pbxsync/internal/simulator"
)

// TestClocks kills runs and lets them go on with another time on the clock: the times in
// the record are moved, and so is the Date of the server. The clock of the machine itself
// cannot be moved here, nor the machine be suspended.
func TestClocks(t *testing.T) {
	text := tenantFile(3)
	want, counts := reference(t, text)
	const day = 24 * time.Hour
	type skew struct {
		record, server time.Duration
		at             boundary
		n              int
	}
	var cases []skew
	for i := range evidence.Size(6, 30) {
		k := skew{at: []boundary{committed, onTheWire, acked}[i%3], n: 1 + (i*7)%counts.Writes}
		k.record = []time.Duration{-30 * day, -day, day, 30 * day, 0}[i%5]
		k.server = []time.Duration{30 * day, 0, -day, -30 * day, day}[i%5]
		if k.record > 0 && i%3 == 0 { // the clock was put back: the whole time is waited
			k.at, k.n = looked, 2 // a group, of which there may be two of one name
		}
		cases = append(cases, k)
	}
	var a tally
	var doubles atomic.Int64
	each(cases, func(_ int, k skew) {
		l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": text})
		defer l.close()
		f := &faults{}
		parallelism := 4
		if k.at == looked {
			parallelism = 1
		}
		l.carryOutUntil(crash{k.at, k.n}, parallelism)
		l.moveRecord(k.record)
		l.sim.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Date", time.Now().Add(k.server).UTC().Format(http.TimeFormat))
			return false
		})
		l.converges(f, want)
		doubles.Add(int64(l.doubles))
		a.note(f.list, fmt.Sprintf("%+v", k))
	})
	report(t, "17", &a, fmt.Sprintf("runs that go on after a kill with records and server dated by up to 30 days away: %d of %d, %d duplicates (moved in the records and in the answers; the machine's own clock and a suspend were not tried)", a.right, a.tried, doubles.Load()))
}

// moveRecord moves every time in the records.
func (l *lab) moveRecord(by time.Duration) {
	l.Helper()
	for _, path := range l.records() {
		data, err := os.ReadFile(path)
		if err != nil {
			l.Fatal(err)
		}
		var out bytes.Buffer
		for line := range bytes.Lines(data) {
			var whole struct{ Entry *journal.Entry }
			if json.Unmarshal(line, &whole) != nil { // torn
				break
			}
			at, err := time.Parse(time.RFC3339Nano, whole.Entry.At)
			if err != nil {
				l.Fatal(err)
			}
			whole.Entry.At = at.Add(by).Format(time.RFC3339Nano)
			text, err := journal.Encode(whole.Entry)
			if err != nil {
				l.Fatal(err)
			}
			out.Write(text)
		}
		if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
			l.Fatal(err)
		}
	}
}
