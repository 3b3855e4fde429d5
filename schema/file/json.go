package file

import (
	"bytes"
	"regexp"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// JSON is YAML to people, and has two escapes that the YAML library does not know: \/ and
// pairs of \uD83D\uDE00. They are written as YAML has them before it reads the file, and
// the columns behind them are those of the file.

// jsonEscape is one escape in double quotes.
var jsonEscape = regexp.MustCompile(`\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)`)

// shift is by how many columns a line has moved from a column on.
type shift struct{ column, by int }

// fromJSON returns the file as YAML, and what moved on each line.
func (s *source) fromJSON() ([]byte, map[int][]shift) {
	if data := bytes.TrimLeft(s.data, " \t\r\n"); len(data) == 0 || data[0] != '{' && data[0] != '[' || !bytes.Contains(data, []byte(`\`)) {
		return s.data, nil
	}
	moved := map[int][]shift{}
	var out []byte
	for i, line := range bytes.Split(s.data, []byte("\n")) {
		if i > 0 {
			out = append(out, '\n')
		}
		start := len(out)
		for at := 0; at < len(line); {
			m := jsonEscape.FindIndex(line[at:])
			if m == nil {
				out = append(out, line[at:]...)
				break
			}
			old := line[at+m[0] : at+m[1]]
			out = append(out, line[at:at+m[0]]...)
			text := s.yamlEscape(old)
			out = append(out, text...)
			if by := utf8.RuneCount(old) - utf8.RuneCount(text); by != 0 {
				moved[i+1] = append(moved[i+1], shift{utf8.RuneCount(out[start:]), by})
			}
			at += m[1]
		}
	}
	return out, moved
}

func (s *source) yamlEscape(old []byte) []byte {
	switch {
	case string(old) == `\/`:
		return []byte("/")
	case len(old) == 12:
		high, _ := strconv.ParseUint(string(old[2:6]), 16, 32)
		low, _ := strconv.ParseUint(string(old[8:]), 16, 32)
		text := strconv.FormatUint(uint64(utf16.DecodeRune(rune(high), rune(low))), 16)
		return []byte(`\U` + "00000000"[len(text):] + text)
	}
	return old
}

// unshift gives nodes the columns that they have in the file.
func unshift(n *yaml.Node, moved map[int][]shift) {
	column := n.Column
	for _, m := range moved[n.Line] {
		if n.Column > m.column {
			column += m.by
		}
	}
	n.Column = column
	for _, c := range n.Content {
		unshift(c, moved)
	}
}
