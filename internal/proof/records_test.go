package proof

import (
	"bytes"
	"fmt"

	"pbxsync/internal/journal"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// records are the run records of a box, kept in memory as their files' bytes.
type records struct {
	files     []*recordFile
	forgotten bool // there were some, and they were lost
}

type recordFile struct{ bytes.Buffer }

func (*recordFile) Sync() error  { return nil }
func (*recordFile) Close() error { return nil }

// begin starts the record of one more run.
func (r *records) begin(t tb) run.Journal {
	t.Helper()
	f := &recordFile{}
	w, err := journal.NewWriter(f, []byte("key"), journal.Header{Run: fmt.Sprint(len(r.files))})
	if err != nil {
		t.Fatalf("record: %v", err)
	}
	r.files = append(r.files, f)
	r.forgotten = false
	return w
}

// known reads the records again, as every run does.
func (r *records) known(plan.TenantID) (*record.Records, error) {
	var all []*journal.Record
	for _, f := range r.files {
		one, err := journal.Recover(f.Bytes())
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	k := journal.Known(all)
	k.None = r.forgotten
	return k, nil
}

func (r *records) forget() { r.files, r.forgotten = nil, true }
