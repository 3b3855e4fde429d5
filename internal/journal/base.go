package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"pbxsync/internal/folder"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// baseFile holds the tenant as it was last applied. There is one, which is replaced, so that
// history costs nothing.
const baseFile = "base.json"

// Base returns the base in a folder of records, nil if there is none.
func Base(dir string) (*record.Base, error) {
	path := filepath.Join(dir, baseFile)
	data, err := folder.Own(path, folder.Base)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	b := &record.Base{}
	if err == nil {
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		err = d.Decode(b)
	}
	if err == nil && b.Format != record.BaseFormat {
		err = fmt.Errorf("format %d is not known to this program, which knows %d", b.Format, record.BaseFormat)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

// KeepBase puts a base in the place of the one that a folder of records has. The caller holds
// the lock of the folder.
func KeepBase(dir string, b record.Base, now time.Time) error {
	list, err := names(dir)
	if err != nil {
		return err
	}
	b.Format, b.Taken = record.BaseFormat, now.UTC().Format(time.RFC3339)
	if n := len(list); n > 0 {
		b.Run = runOf(list[n-1])
	}
	data, err := json.Marshal(b)
	if err != nil {
		return err
	}
	path, text := filepath.Join(dir, baseFile), append(ascii(data), '\n')
	if err := folder.Base.Fits(path, int64(len(text))); err != nil {
		return err
	}
	return replace(path, text)
}

// ascii writes JSON so that no text in it misleads whoever looks into the file.
func ascii(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for _, r := range string(data) {
		switch {
		case r < 0x7f:
			out = append(out, byte(r))
		case r > 0xffff:
			a, b := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, a, b)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

// replace writes a file beside its place and moves it there, so that there is never half of one.
func replace(path string, data []byte) error {
	name, err := folder.Beside(path, data, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(name)
	if err = os.Rename(name, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// Since brings a base up to what later runs have made of the tenant and were cut off before they could
// say: what a call was answered for is known, what was only begun is not any more.
func Since(b *record.Base, records []*Record) error {
	if b == nil {
		return nil
	}
	objects := map[string]*record.Stated{}
	for i := range b.Objects {
		objects[b.Objects[i].Address] = &b.Objects[i]
	}
	for _, r := range records {
		if r.Run <= b.Run {
			continue
		}
		if r.Pruned() != nil {
			return fmt.Errorf("it is of run %s, and what runs did until %s is pruned", b.Run, r.Run)
		}
		p, err := r.Planned()
		if err != nil {
			return fmt.Errorf("run %s: its plan cannot be read (%w)", r.Run, err)
		}
		if p != nil {
			p.Accept(objects, r.outcomes())
		}
	}
	list := make([]record.Stated, 0, len(objects))
	for _, o := range objects {
		list = append(list, *o)
	}
	slices.SortFunc(list, func(a, b record.Stated) int { return strings.Compare(a.Address, b.Address) }) // parents before their children
	b.Objects = list
	return nil
}

// outcomes says of each step that a run began what became of it.
func (r *Record) outcomes() map[int]plan.Outcome {
	out := map[int]plan.Outcome{}
	for _, s := range r.Steps() {
		out[s.Number] = plan.Outcome{Begun: s.Outcome != TypeFailed, Done: s.Outcome == TypeAck}
	}
	return out
}
