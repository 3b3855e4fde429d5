package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Encode returns the line of an entry.
func Encode(e *Entry) ([]byte, error) {
	data, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return seal(data), nil
}

// seal makes a line of an entry: crc is the CRC-32C of its bytes.
func seal(entry []byte) []byte {
	return fmt.Appendf(nil, "{\"crc\":\"%08x\",\"entry\":%s}\n", crc32.Checksum(entry, castagnoli), entry)
}

// frame is what seal puts around an entry.
var frame = len(seal(nil))

var errChecksum = errors.New("its checksum differs: it was changed or damaged")

// decode reads one line without its end. Every command reads the records of all runs, so the
// entry is parsed once, and only where the line is as seal has made it.
func decode(text []byte) (*Entry, error) {
	entry, err := unseal(text)
	if err != nil {
		return nil, err
	}
	if e := planOf(entry); e != nil {
		return e, nil
	}
	e := &Entry{}
	d := json.NewDecoder(bytes.NewReader(entry))
	d.UseNumber()
	if err := d.Decode(e); err != nil {
		return nil, fmt.Errorf("it is no entry: %w", err)
	}
	if d.InputOffset() != int64(len(entry)) {
		return nil, errors.New("it is more than one entry")
	}
	return e, nil
}

// unseal returns the entry of a line, where the line is as seal has made it.
func unseal(text []byte) ([]byte, error) {
	if len(text)+1 < frame {
		return nil, errChecksum
	}
	entry := text[frame-2 : len(text)-1]
	want := seal(nil)
	copy(want[len(crcBegins):], fmt.Appendf(nil, "%08x", crc32.Checksum(entry, castagnoli)))
	if !bytes.Equal(want[:frame-2], text[:frame-2]) || text[len(text)-1] != '}' {
		return nil, errChecksum
	}
	return entry, nil
}

// crcBegins is what stands before a checksum.
const crcBegins = "{\"crc\":\""

// planOf reads the entry of a plan, nil where it is another one. The plan may be most of a record,
// and is decoded for those who undo its run.
func planOf(entry []byte) *Entry {
	head, plan, found := bytes.Cut(entry, []byte(",\"plan\":"))
	if !found || !bytes.HasPrefix(entry, []byte("{\"type\":\"plan\",")) || len(plan) < 2 || plan[0] != '{' {
		return nil
	}
	e := &Entry{}
	if json.Unmarshal(append(slices.Clone(head), '}'), e) != nil || !json.Valid(plan[:len(plan)-1]) {
		return nil
	}
	e.Plan = plan[:len(plan)-1]
	return e
}

// Record is one run as its file tells it.
type Record struct {
	Header
	Started string // wall time
	Entries []*Entry
	bytes   Previous // what a later record has of it
	Torn    bool     // the last line was not whole, so it was dropped: a crash cut it off
}

// BadLine is a line that a crash cannot have left behind.
type BadLine struct {
	Line int
	Err  error
}

// Error says which line it is.
func (b *BadLine) Error() string { return fmt.Sprintf("line %d: %s", b.Line, b.Err) }

// Recover reads a record. A crash can cut off the last line only, and nothing was
// sent before its line was on disk; so such a line is dropped. Anything else that
// is damaged is a BadLine. A file without one whole line gives nil: its run has
// sent nothing.
func Recover(data []byte) (*Record, error) {
	r := &Record{}
	for n := 1; len(data) > 0; n++ {
		text, rest, whole := bytes.Cut(data, []byte("\n"))
		e, err := decode(text)
		if !whole || err == errChecksum && len(rest) == 0 {
			r.Torn = true
			break
		}
		if err == nil {
			err = r.take(n, e)
		}
		if err != nil {
			return nil, &BadLine{n, err}
		}
		data = rest
	}
	if r.Format == 0 {
		return nil, nil
	}
	return r, nil
}

// take checks what an entry says, and where it stands.
func (r *Record) take(n int, e *Entry) error {
	if (n == 1) != (e.Type == TypeHeader) {
		return errors.New("a record begins with one header")
	}
	has, known := e.has()
	switch {
	case !known:
		return fmt.Errorf("an entry of type %q is not known to this program", e.Type)
	case !has:
		return fmt.Errorf("an entry of type %q lacks what it is about", e.Type)
	case e.Type != TypeHeader:
	case e.Header.Format != Format:
		return fmt.Errorf("format %d is not known to this program, which knows %d", e.Header.Format, Format)
	default:
		r.Header, r.Started = *e.Header, e.At
		return nil
	}
	r.Entries = append(r.Entries, e)
	return nil
}

// has reports whether an entry has what its type is about, and whether the type is known.
func (e *Entry) has() (has, known bool) {
	switch e.Type {
	case TypeHeader:
		return e.Header != nil, true
	case TypeIntent:
		return e.Intent != nil && e.Step >= 1, true
	case TypeAck, TypeFailed, TypeUnknown:
		return e.Step >= 1, true
	case TypeFinished:
		return e.Finished != nil, true
	case TypePlan:
		return e.Plan != nil, true
	case TypeBefore:
		return e.Before != nil, true
	case TypeSettled:
		return e.Settled != nil, true
	case TypeRespelled:
		return e.Respelled != nil, true
	case TypeVerified:
		return e.Verified != nil, true
	case TypePruned:
		return e.Pruned != nil, true
	}
	return false, false
}
