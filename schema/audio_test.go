package schema

import (
	"bytes"
	"testing"
)

func TestIsMP3(t *testing.T) {
	frame := append([]byte{0xff, 0xfb, 0x90, 0x00}, make([]byte, 413)...)
	two := append(bytes.Clone(frame), frame...)
	tag := []byte("ID3\x04\x00\x00\x00\x00\x00\x05title")
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for name, tt := range map[string]struct {
		data []byte
		is   bool
	}{
		"a frame":               {frame, true},
		"tag and frames":        {join(tag, two), true},
		"tag, padding, frames":  {join(tag, make([]byte, 3000), two), true},
		"two tags":              {join(tag, tag, two), true},
		"padding":               {join(make([]byte, 500), two), true},
		"long padding":          {join(tag, make([]byte, 100_000), two), true},
		"junk":                  {join([]byte("\r\nHTTP junk \xff\xfb"), two), true},
		"junk, then one frame":  {join([]byte("junk"), frame), false},
		"a tag alone":           {tag, false},
		"a tag and padding":     {join(tag, make([]byte, 3000)), false},
		"a tag and a picture":   {join(tag, []byte("\x89PNG\r\n\x1a\n"), make([]byte, 500)), false},
		"a tag that is cut off": {tag[:12], false},
		"text":                  {bytes.Repeat([]byte("no sound at all "), 9000), false},
		"nothing":               {nil, false},
	} {
		if got := isMP3(tt.data); got != tt.is {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWAVWithoutSize(t *testing.T) {
	head := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00")
	if checkWAV(head) == nil {
		t.Error("no sound passes")
	}
	if err := checkWAV(append(head, make([]byte, 800)...)); err != nil {
		t.Error(err)
	}
}
