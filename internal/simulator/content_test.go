package simulator

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// part is one part of a form; a file has a file name.
type part struct{ name, fileName, data string }

func (b *box) form(path string, parts ...part) (int, m) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, p := range parts {
		if p.fileName == "" {
			_ = w.WriteField(p.name, p.data)
			continue
		}
		f, _ := w.CreateFormFile(p.name, p.fileName)
		_, _ = f.Write([]byte(p.data))
	}
	_ = w.Close()
	r := b.request("POST", path, nil)
	r.Body, r.ContentLength = readCloser{&body}, int64(body.Len())
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.send(r)
}

type readCloser struct{ *bytes.Buffer }

func (readCloser) Close() error { return nil }

func (b *box) send(r *http.Request) (int, m) {
	rec := httptest.NewRecorder()
	b.ServeHTTP(rec, r)
	var v m
	_ = json.Unmarshal(rec.Body.Bytes(), &v)
	return rec.Code, v
}

func (b *box) bytes(path string) string {
	rec := httptest.NewRecorder()
	b.ServeHTTP(rec, b.request("GET", path, nil))
	if rec.Code != 200 || strings.HasPrefix(rec.Header().Get("Content-Type"), "application/json") {
		b.t.Errorf("GET %s: %d %v", path, rec.Code, rec.Header())
	}
	return rec.Body.String()
}

const soundsPath = "/client/12/sound/"

// A form makes a sound, another replaces its file, and what was sent is read back.
func TestSoundsByForm(t *testing.T) {
	b := newBox(t, Options{})
	wav, other := string(WAV([]byte("one"))), string(WAV([]byte("another")))
	status, got := b.form(soundsPath, part{name: "title", data: "Door"}, part{"file", "door.wav", wav})
	if status != 200 || got["title"] != "Door" || got["filename"] != "door.wav" {
		t.Fatalf("%d %v", status, got)
	}
	id, _ := json.Marshal(got["id"])
	item := soundsPath + string(id)
	if b.bytes(item+"/download/") != wav {
		t.Error("other bytes come back")
	}
	if status, got := b.form(item, part{"file", "new.wav", other}); status != 200 || got["title"] != "Door" || got["filename"] != "new.wav" {
		t.Errorf("%d %v", status, got)
	}
	wantFields(t, b.ok("PUT", item, m{"title": "Gate"}), m{"title": "Gate", "filename": "new.wav"})
	file := filepath.Join(t.TempDir(), "state.json")
	if err := b.Save(file); err != nil {
		t.Fatal(err)
	}
	if err := b.reload(file); err != nil || b.bytes(item+"/download/") != other {
		t.Errorf("after a restart: %v", err)
	}
	b.ok("DELETE", item, nil)
	b.refused("GET", item+"/download/", nil, 404, "Not found")
}

func TestFormsThatAreRefused(t *testing.T) {
	b := newBox(t, Options{})
	wav := string(WAV([]byte("one")))
	title, file := part{name: "title", data: "Door"}, part{"file", "door.wav", wav}
	own := soundsPath + "302"
	for _, test := range []struct {
		what, path string
		parts      []part
		status     int
		message    string
	}{
		{"no title", soundsPath, []part{file}, 400, "title: is required"},
		{"no file", soundsPath, []part{title}, 400, "file: is required"},
		{"no file to replace", own, []part{title}, 400, "file: is required"},
		{"a file without a name", soundsPath, []part{title, {name: "file", data: wav}}, 400, "file: has to be a file"},
		{"an unknown field", soundsPath, []part{title, file, {name: "stranger", data: "1"}}, 400, "stranger: unknown field"},
		{"twice", soundsPath, []part{title, title, file}, 400, "title: is there twice"},
		{"empty", soundsPath, []part{title, {"file", "a.wav", ""}}, 400, "file: the file is empty"},
		{"text", soundsPath, []part{title, {"file", "a.wav", "RIFF of course"}}, 400, "file: the file is neither WAV nor MP3"},
		{"too large", soundsPath, []part{title, {"file", "a.wav", wav + strings.Repeat("x", 10<<20)}}, 400, "file: the file is over the limit of 10 MB"},
		{"the dealer's", soundsPath + "301", []part{file}, 403, "belongs to the dealer"},
		{"nobody's", soundsPath + "9", []part{file}, 404, "Not found"},
	} {
		if status, got := b.form(test.path, test.parts...); status != test.status || !strings.Contains(got["message"].(string), test.message) {
			t.Errorf("%s: %d %v", test.what, status, got)
		}
	}
	b.refused("POST", soundsPath, m{"title": "x"}, 400, "multipart/form-data")
	b.refused("PUT", own, m{"title": "x", "file": "y"}, 400, "file: is sent as a form")
}
