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
			if size == 0 { // a recorder that did not come back to write it
				body, size = rest[chunkHeader:], int64(len(rest))
			}
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

const (
	tagHeader  = 10       // ID3, version, flags, size
	mostJunk   = 64 << 10 // that players skip before the first frame
	frameBytes = 4        // of the head of a frame
)

// isMP3 looks for frames of layer III, behind tags and padding. Behind anything else it
// takes two frames in a row to tell sound from chance.
func isMP3(data []byte) bool {
	for len(data) >= tagHeader && bytes.HasPrefix(data, []byte("ID3")) {
		size := tagHeader + int(data[6]&0x7f)<<21 + int(data[7]&0x7f)<<14 + int(data[8]&0x7f)<<7 + int(data[9]&0x7f)
		if data[5]&0x10 != 0 {
			size += tagHeader
		}
		data = data[min(size, len(data)):]
	}
	data = bytes.TrimLeft(data, "\x00")
	if frameLength(data) > 0 {
		return true
	}
	for i := 1; i < min(len(data), mostJunk); i++ {
		if n := frameLength(data[i:]); n > 0 && i+n <= len(data) && frameLength(data[i+n:]) > 0 {
			return true
		}
	}
	return false
}

// Kilobits a second by the number in the head of a frame, for MPEG 1 and for 2 and 2.5.
var (
	bitrates1 = [...]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}
	bitrates2 = [...]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
)

// frameLength returns the length of the frame of layer III that begins here, or 0.
func frameLength(data []byte) int {
	if len(data) < frameBytes || data[0] != 0xff || data[1]&0xe0 != 0xe0 {
		return 0
	}
	version, layer := data[1]>>3&3, data[1]>>1&3
	bitrate, rate := data[2]>>4, data[2]>>2&3
	if version == 1 || layer != 1 || bitrate == 15 || rate == 3 {
		return 0
	}
	hertz := [...]int{44100, 48000, 32000}[rate]
	kilobits, factor := bitrates1[bitrate], 144_000
	switch version {
	case 0:
		hertz, kilobits, factor = hertz/4, bitrates2[bitrate], 72_000
	case 2:
		hertz, kilobits, factor = hertz/2, bitrates2[bitrate], 72_000
	}
	return max(frameBytes, factor*kilobits/hertz+int(data[2]>>1&1))
}
