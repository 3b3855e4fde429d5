package journal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	gosync "sync"
	"time"

	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// Ext is how the name of a record ends; before it stands the run.
const Ext = ".jsonl"

// File is what a record is written to.
type File interface {
	Write([]byte) (int, error)
	Sync() error
	Close() error
}

// Writer writes the record of one run. Once something could not be brought to
// disk it takes nothing more.
type Writer struct {
	run   string
	file  File
	path  string
	key   []byte
	begin time.Time

	mu     gosync.Mutex // for the file and what follows
	err    error
	lines  int
	synced int
	size   int64 // of what was written

	reserved int64        // on disk, whatever else takes space there
	flush    gosync.Mutex // held while lines are brought to disk
}

var _ run.Journal = (*Writer)(nil)

// Opener makes the file of a record, which must not be there yet.
type Opener func(path string) (File, error)

// OnDisk makes it on disk.
func OnDisk(path string) (File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	return diskFile{f}, nil
}

// Create begins the record of a run in a folder of records.
func Create(dir string, key []byte, h Header) (*Writer, error) {
	return CreateWith(OnDisk, dir, key, h)
}

// CreateWith does so with another way to make its file.
func CreateWith(open Opener, dir string, key []byte, h Header) (*Writer, error) {
	path := filepath.Join(dir, h.Run+Ext)
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	w, err := NewWriter(f, key, h)
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(path))
	}
	w.path = path
	return w, syncNames(f, dir)
}

// NewWriter begins a record.
func NewWriter(f File, key []byte, h Header) (*Writer, error) {
	h.Format = Format
	w := &Writer{run: h.Run, file: f, key: key, begin: time.Now()}
	return w, w.put(&Entry{Type: TypeHeader, Header: &h})
}

// Run names the run.
func (w *Writer) Run() string { return w.run }

// Intent records a call that is about to be sent. It is on disk when this returns.
func (w *Writer) Intent(i record.Intent) error {
	digest, err := w.digest(i.Body)
	if err != nil {
		return err
	}
	return w.put(&Entry{Type: TypeIntent, Step: i.Step, Intent: &Intent{Method: i.Method, Path: i.Path, Kind: i.Kind, Address: i.Addresses, Creates: i.Creates,
		Key: i.Key, Parent: i.Parent, Baseline: i.Baseline, Object: i.Object, Body: digest, Sent: i.Sent, Sends: i.Sends, Attempt: i.Attempt}})
}

// Begin records what the run is going to do, and the objects that it will change
// as they were.
func (w *Writer) Begin(p *plan.Value, before []record.Object) error {
	plan, err := json.Marshal(p.OnRecord())
	if err == nil {
		err = w.fits(len(plan), before, len(p.Steps))
	}
	if err != nil {
		return err
	}
	for i := range before {
		if _, err := w.append(&Entry{Type: TypeBefore, Before: &before[i]}); err != nil {
			return err
		}
	}
	return w.put(&Entry{Type: TypePlan, Plan: plan}) // brings all of them to disk
}

// Before records one more object as it was.
func (w *Writer) Before(b record.Object) error {
	return w.put(&Entry{Type: TypeBefore, Before: &b})
}

// Settled records what became of a call of an earlier run.
func (w *Writer) Settled(s record.Settled) error {
	return w.put(&Entry{Type: TypeSettled, Settled: &s})
}

// Respelled records what the server keeps in another form than it was sent.
func (w *Writer) Respelled(m record.Respelled) error {
	return w.put(&Entry{Type: TypeRespelled, Respelled: &m})
}

// Verified records that the tenant was read again and is as wanted.
func (w *Writer) Verified(v record.Verified) error {
	return w.put(&Entry{Type: TypeVerified, Verified: &v})
}

// Ack records that a call was carried out, and which object it made. Why says how
// that is known where no answer told it.
func (w *Writer) Ack(step int, id int64, why string) error {
	return w.put(&Entry{Type: TypeAck, Step: step, ID: id, Why: why})
}

// Failed records that a call was certainly not carried out.
func (w *Writer) Failed(step int, why string) error {
	return w.put(&Entry{Type: TypeFailed, Step: step, Why: why})
}

// Unknown records that it is not known whether a call was carried out.
func (w *Writer) Unknown(step int, why string) error {
	return w.put(&Entry{Type: TypeUnknown, Step: step, Why: why})
}

// Finished records that the run has ended by itself.
func (w *Writer) Finished(s *run.Summary) error {
	return w.put(&Entry{Type: TypeFinished, Finished: &Finished{Done: s.Done, Failed: s.Failed, Skipped: s.Skipped, Interrupted: s.Interrupted}})
}

// Close ends the record.
func (w *Writer) Close() error { return w.file.Close() }

// Discard takes back the record of a run that has sent nothing.
func (w *Writer) Discard() error {
	return errors.Join(w.file.Close(), os.Remove(w.path))
}

func (w *Writer) digest(body map[string]any) (string, error) {
	if body == nil {
		return "", nil
	}
	data, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, w.key)
	mac.Write(data)
	return hex.EncodeToString(mac.Sum(nil)), nil
}

// put appends a line and returns when it is on disk. Lines of calls that run at
// the same time are brought there together.
func (w *Writer) put(e *Entry) error {
	n, err := w.append(e)
	if err != nil {
		return err
	}
	w.flush.Lock()
	defer w.flush.Unlock()
	w.mu.Lock()
	lines, done := w.lines, w.err != nil || w.synced >= n
	err = w.err
	w.mu.Unlock()
	if done {
		return err
	}
	if err = w.file.Sync(); err != nil { // never tried again: what was not written may be lost by now
		return w.fail(err)
	}
	w.mu.Lock()
	w.synced = lines
	w.mu.Unlock()
	return nil
}

// append writes a line with one write, and returns its number.
func (w *Writer) append(e *Entry) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return 0, w.err
	}
	now := time.Now()
	e.At, e.Elapsed = now.UTC().Format(time.RFC3339Nano), now.Sub(w.begin).Microseconds()
	text, err := Encode(e)
	if err == nil && (e.Type == TypeIntent || w.lines == 0) {
		if err := w.makeRoom(len(text)); err != nil {
			return 0, broken(err) // what is under way may still be recorded
		}
	}
	if err == nil {
		_, err = w.file.Write(text)
	}
	if err != nil {
		w.err = broken(err)
		return 0, w.err
	}
	w.lines++
	w.size += int64(len(text))
	return w.lines, nil
}

func (w *Writer) fail(err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = broken(err)
	}
	return w.err
}

func broken(err error) error { return fmt.Errorf("run records: %w", err) }

// above is how many folders over that of a record may be as new as it is: those of the
// server and of all records, and the one in which these lie.
const above = 3

// nameSyncer is a file of a disk of its own, which may lose the names in a folder that
// was not synced.
type nameSyncer interface{ SyncNames(dir string) error }

// syncNames brings the name of a new record to disk, and those of the folders in which it
// lies: they are synced each time, since a run that was killed may have made them. Where
// the last one cannot be read, it was there before.
func syncNames(f File, dir string) error {
	sync := syncDir
	if disk, ok := f.(nameSyncer); ok {
		sync = disk.SyncNames
	}
	for i := range above + 1 {
		if err := sync(dir); err != nil && !(i == above && errors.Is(err, fs.ErrPermission)) {
			return err
		}
		dir = filepath.Dir(dir)
	}
	return nil
}

// syncDir brings the name of a new file to disk.
func syncDir(dir string) error {
	if os.PathSeparator != '/' {
		return nil // no folder can be opened for it there
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
