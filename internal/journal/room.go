package journal

import (
	"encoding/json"
	"fmt"
	"os"

	"pbxsync/internal/folder"
	"pbxsync/sync/record"
)

// room is the space on disk that a record has for certain. What is about to be sent asks
// for it; what became of calls under way only uses it, and so fits on a disk that is full.
const (
	room  = 64 << 10
	least = 16 << 10 // so much has to be left for the outcomes of calls under way
)

// reserver is a file that can be given space before it is written to.
type reserver interface{ Reserve(size int64) error }

// diskFile is a record on a disk.
type diskFile struct{ *os.File }

// Reserve makes sure that the file can grow to a size. Its size stays as it is.
func (f diskFile) Reserve(size int64) error { return reserve(f.File, size) }

// Close gives back what was reserved and not used.
func (f diskFile) Close() error {
	if info, err := f.Stat(); err == nil {
		_ = f.Truncate(info.Size()) // it costs nothing but space
	}
	return f.File.Close()
}

// perCall is what the lines of a call take beside the values that it sends.
const perCall = 1 << 10

// fits refuses a run of which the record would be too large to be read again, before anything is sent.
func (w *Writer) fits(plan int, before []record.Object, steps int) error {
	size := 2*plan + perCall*steps // calls send no more than what the plan wants
	for i := range before {
		data, err := json.Marshal(&before[i])
		if err != nil {
			return err
		}
		size += len(data) + perCall
	}
	if err := folder.Record.Fits(w.path, w.size+int64(size)); err != nil {
		return fmt.Errorf("%w; nothing was written", err)
	}
	return nil
}

// makeRoom reserves space for a line and what may follow it, in the record and on the disk.
func (w *Writer) makeRoom(line int) error {
	if err := folder.Record.Fits(w.path, w.size+int64(line)+least); err != nil {
		return err
	}
	f, ok := w.file.(reserver)
	if !ok || w.size+int64(line)+least <= w.reserved {
		return nil
	}
	size := w.size + int64(line) + room
	if err := f.Reserve(size); err != nil {
		return fmt.Errorf("no room for what may follow: %w", err)
	}
	w.reserved = size
	return nil
}
