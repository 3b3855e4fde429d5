package proof

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/run"
)

// memory is a tenant's folder.
type memory map[string][]byte

func (m memory) Open(name string) (io.ReadCloser, error) {
	data, ok := m[name]
	if !ok {
		return nil, errors.New("is not there")
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// disk is a folder of the repository.
type disk string

func (d disk) Open(name string) (io.ReadCloser, error) {
	return os.Open(filepath.Join(string(d), name))
}

// sounds are the files that chains and properties may name. Two have the same content.
var sounds = memory{
	"sounds/a.wav":     simulator.WAV([]byte("aaaa")),
	"sounds/b.wav":     simulator.WAV([]byte("bbbbbbb")),
	"sounds/again.wav": simulator.WAV([]byte("aaaa")),
	"sounds/c.bin":     append([]byte{0xff, 0xfb, 0x90, 0x00}, "frame of an MP3"...),
}

// holdsContent checks that the server gives the bytes of the file that is declared.
func (b *box) holdsContent(o *schema.Object, it *item) {
	b.Helper()
	c := o.Kind.Content
	path := strings.Replace(c.Download, "{client_id}", fmt.Sprint(tenantID), 1)
	path = path[:strings.Index(path, "{")] + fmt.Sprint(it.id) + path[strings.Index(path, "}")+1:]
	got, err := b.api.Download(context.Background(), path, c.Most)
	name := schema.FileRefOf(o.Values[c.Field.Name]).Name
	want, unread := c.Read(b.options.Folder, name)
	if err != nil || unread != nil || !bytes.Equal(got, want) {
		b.Errorf("%s: the server does not have the content of %s (%v, %v)", o.Address(), name, err, unread)
	}
}

const oneSound = head + "sounds: {Welcome desk: {file: sounds/a.wav}}\n"

// The content is compared, and what that costs is said.
func TestContentIsCompared(t *testing.T) { onBoth(t, contentIsCompared) }

func contentIsCompared(t *testing.T, start func(*testing.T) *box) {
	b := start(t)
	b.apply(oneSound)
	s, p := b.plan(oneSound)
	if len(p.Steps) > 0 || s.Calls.Downloads != 1 || s.Calls.Bytes != int64(len(sounds["sounds/a.wav"])) || s.Diff.Coverage.Compared != 1 {
		t.Errorf("%s%+v %+v", steps(p), s.Calls, s.Diff.Coverage)
	}
	// the same bytes under another name are no difference
	if _, p := b.plan(head + "sounds: {Welcome desk: {file: sounds/again.wav}}\n"); len(p.Steps) > 0 {
		t.Errorf("%s", steps(p))
	}
	// somebody else uploads another file
	id := b.now("sound", "Welcome desk")
	if _, err := b.api.SendForm(context.Background(), fmt.Sprintf("/client/%d/sound/%d", tenantID, id), nil, call.File{Field: "file", Name: "x.wav", Data: sounds["sounds/b.wav"]}); err != nil {
		t.Fatal(err)
	}
	b.options.SkipContent = true
	if s, p := b.plan(oneSound); len(p.Steps) > 0 || s.Calls.Downloads != 0 || len(s.Skipped) != 1 || s.Diff.Coverage.Compared != 0 {
		t.Errorf("%s%+v %+v", steps(p), s.Calls, s.Diff.Coverage)
	}
	b.options.SkipContent = false
	if _, p := b.apply(oneSound); len(p.Steps) != 1 || p.Steps[0].Creates() || p.Steps[0].Method != http.MethodPost {
		t.Errorf("%s", steps(p))
	}
	if row := b.rows(b.cat.Kind("sound")); fmt.Sprint(row[len(row)-1]["filename"]) != "a.wav" { // callbacks play it by that name
		t.Errorf("uploaded as %v", row)
	}
}

// now returns the id of an object by its key.
func (b *box) now(kind, key string) int64 {
	for _, it := range b.snapshot().of(b.cat.Kind(kind)) {
		if it.key("12037") == key && !it.dealers() {
			return it.id
		}
	}
	b.Fatalf("no %s %s", kind, key)
	return 0
}

// A file that is not the one of the plan is found before the first write.
func TestFileMovedAfterPlan(t *testing.T) { onBoth(t, fileMovedAfterPlan) }

func fileMovedAfterPlan(t *testing.T, start func(*testing.T) *box) {
	for what, folder := range map[string]memory{"changed": {"sounds/a.wav": sounds["sounds/b.wav"]}, "gone": {}} {
		t.Run(what, func(t *testing.T) {
			b := start(t)
			p := b.start(oneSound + "extension_groups: {g: {}}\n")
			b.options.Folder = folder
			_, err := carriedOut(context.Background(), b.api, p, secret, b.options, nil, nil)
			var stale *run.Stale
			if !errors.As(err, &stale) || !strings.Contains(err.Error(), "sounds/a.wav") || b.server.Counts().Writes != 0 {
				t.Errorf("%v, %+v", err, b.server.Counts())
			}
			if data := b.bytes(p); bytes.Contains(data, []byte("UklGR")) || bytes.Contains(data, []byte("RIFF")) {
				t.Error("bytes of the file are in the plan")
			}
		})
	}
}

// An upload whose answer is lost may have been done: it is not sent again.
func TestLostUpload(t *testing.T) { onBoth(t, lostUpload) }

func lostUpload(t *testing.T, start func(*testing.T) *box) {
	for _, what := range []string{"create", "replace"} {
		t.Run(what, func(t *testing.T) {
			b := start(t)
			text := oneSound
			if what == "replace" {
				b.apply(text)
				text = strings.Replace(text, "a.wav", "b.wav", 1)
			}
			p := b.start(text)
			calls := b.hit("POST", "RIFF", func(w http.ResponseWriter, r *http.Request) {
				b.server.Answer(nowhere{http.Header{}}, r)
				panic(http.ErrAbortHandler)
			})
			sum, _ := b.run(p, nil)
			if calls() != 1 || len(sum.Doubtful) != 1 || sum.Doubtful[0].Creates() != (what == "create") {
				t.Errorf("%d calls, %+v", calls(), *sum)
			}
			b.finish(text)
		})
	}
}
