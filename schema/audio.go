package schema

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// contentType tells a type of file by its first bytes, and says what is wrong
// with one that has them.
type contentType struct {
	is    func([]byte) bool
	check func([]byte) error
}

var contentTypes = map[string]contentType{
	"wav": {isWAV, checkWAV},
	"mp3": {isMP3, func([]byte) error { return nil }},
}

// The parts of a WAV file that decide whether it can be played.
const (
	wavHeader     = 12 // RIFF, size, WAVE
	chunkHeader   = 8  // name, size
	formatBytes   = 16 // of the chunk "fmt ", at least
	subformatAt   = 24 // within it, where the format is told further down
	formatFloat   = 3
	formatFurther = 0xfffe
)

func isWAV(data []byte) bool {
	return len(data) >= wavHeader && string(data[:4]) == "RIFF" && string(data[8:wavHeader]) == "WAVE"
}

// checkWAV looks for the format and for sound.
func checkWAV(data []byte) error {
	format, known, sound := uint16(0), false, 0
	for rest := data[wavHeader:]; len(rest) >= chunkHeader; {
		name, size := string(rest[:4]), int64(binary.LittleEndian.Uint32(rest[4:]))
		body := rest[chunkHeader:]
		body = body[:min(size, int64(len(body)))] // recorders that were cut off leave sizes too large
		switch name {
		case "fmt ":
			if format, known = wavFormat(body); !known {
				return errors.New("is a WAV whose format data is cut off; export it again")
			}
		case "data":
			sound += len(body)
		}
		rest = rest[min(int64(len(rest)), chunkHeader+size+size%2):]
	}
	switch {
	case !known:
		return errors.New("is a WAV without format data; export it again as 16 bit PCM")
	case format == formatFloat:
		return errors.New("is a WAV of floating point numbers; export it as 16 bit PCM")
	case sound == 0:
		return errors.New("is a WAV without any sound in it")
	}
	return nil
}

// wavFormat reads which encoding the chunk "fmt " tells.
func wavFormat(chunk []byte) (uint16, bool) {
	if len(chunk) < formatBytes {
		return 0, false
	}
	format := binary.LittleEndian.Uint16(chunk)
	if format != formatFurther {
		return format, true
	}
	if len(chunk) < subformatAt+2 {
		return 0, false
	}
	return binary.LittleEndian.Uint16(chunk[subformatAt:]), true
}

// isMP3 knows a tag, or the head of a frame of layer III.
func isMP3(data []byte) bool {
	if bytes.HasPrefix(data, []byte("ID3")) {
		return len(data) > 10
	}
	if len(data) < 4 || data[0] != 0xff || data[1]&0xe0 != 0xe0 {
		return false
	}
	version, layer := data[1]>>3&3, data[1]>>1&3
	bitrate, rate := data[2]>>4, data[2]>>2&3
	return version != 1 && layer == 1 && bitrate != 15 && rate != 3
}
