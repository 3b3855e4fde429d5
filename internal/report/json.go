package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// JSON writes one document. Invisible characters that turn or hide text, or speak to
// a terminal, leave as escapes.
func JSON(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(EscapeFormat(b.Bytes()))
	return err
}

// EscapeFormat writes format characters in JSON text as escapes, and of control
// characters those which JSON itself leaves as they are: from U+007F on.
func EscapeFormat(data []byte) []byte {
	var out []byte
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r < 0x7f || !unicode.In(r, unicode.Cf, unicode.Cc) {
			if out != nil {
				out = append(out, data[i:i+n]...)
			}
			i += n
			continue
		}
		if out == nil {
			out = append(make([]byte, 0, len(data)+16), data[:i]...)
		}
		if r > 0xffff {
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		} else {
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += n
	}
	if out == nil {
		return data
	}
	return out
}

// Coded is a document that begins with the word of the exit code.
func Coded(code string, document any) any { return coded{code, document} }

type coded struct {
	code     string
	document any
}

// MarshalJSON writes the code before the fields of the document.
func (c coded) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(c.document); err != nil {
		return nil, err
	}
	head := fmt.Appendf(nil, `{"code":%q`, c.code)
	body := bytes.TrimSpace(b.Bytes())
	if len(body) < 2 || body[0] != '{' {
		return nil, fmt.Errorf("internal: a document that is no object")
	}
	if !bytes.Equal(body, []byte("{}")) {
		head = append(head, ',')
	}
	return append(head, body[1:]...), nil
}
