package canned

import (
	"errors"
	"io"
	"strings"
)

// Folder is a folder of files by their names.
type Folder map[string]string

// Open gives the text of a file.
func (f Folder) Open(name string) (io.ReadCloser, error) {
	text, ok := f[name]
	if !ok {
		return nil, errors.New("is not there")
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

// Wave is a short sound.
const Wave = "RIFF\x28\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x04\x00\x00\x00beep"
