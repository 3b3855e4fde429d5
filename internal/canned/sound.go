package canned

import (
	"encoding/binary"
	"strings"
)

// sound makes a file of a text, which are its samples: 8 bit, 8 kHz. After "raw " the text is
// the file.
func sound(text string) []byte {
	text = strings.TrimSpace(text)
	if raw, ok := strings.CutPrefix(text, "raw "); ok {
		return []byte(raw)
	}
	size := func(b []byte, n int) []byte { return binary.LittleEndian.AppendUint32(b, uint32(n)) }
	out := append(size([]byte("RIFF"), 36+len(text)), "WAVEfmt "...)
	out = append(size(out, 16), 1, 0, 1, 0)
	out = append(size(size(out, 8000), 8000), 1, 0, 8, 0)
	return append(size(append(out, "data"...), len(text)), text...)
}
