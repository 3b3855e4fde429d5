package report

import (
	"strings"
	"unicode/utf8"
)

const (
	longestValue = 300   // characters of one value, or of one part of a message
	keptOfValue  = 150   // of one that is longer
	longestLine  = 20000 // of all parts, so that a plan may still list every address that it asks for
)

// Mask lets long texts be cut. Secrets are taken out before: half a secret is not known for one.
func (p *Printer) Mask(text func(string) string) *Printer {
	p.mask = text
	return p
}

func (p *Printer) masked(s string) string {
	if p.mask == nil {
		return s
	}
	return p.mask(s)
}

// short cuts a line that has more than one can read: each part that is too long by itself, and then the
// rest. A list, or flags to be copied, are parts of their own and stay whole.
func (p *Printer) short(line string) string {
	if len(line) <= longestValue {
		return line
	}
	line = p.masked(line)
	var b strings.Builder
	for rest := line; rest != ""; {
		end := partEnd(rest)
		b.WriteString(cut(rest[:end], longestValue, keptOfValue))
		rest = rest[end:]
	}
	return cut(b.String(), longestLine, longestLine-keptOfValue)
}

// partEnd returns where the first part of a line ends: before what separates it from the next one.
func partEnd(line string) int {
	for i := 1; i < len(line); i++ {
		switch {
		case line[i] == '\n', strings.HasPrefix(line[i:], " --"):
			return i
		case (line[i-1] == ',' || line[i-1] == ';' || line[i-1] == ':') && line[i] == ' ':
			return i
		}
	}
	return len(line)
}

// cut shortens a text of more than most characters, and says how long it was.
func cut(text string, most, kept int) string {
	if len(text) <= most {
		return text
	}
	n := utf8.RuneCountInString(text)
	if n <= most {
		return text
	}
	at := 0
	for i := range text {
		if at++; at > kept {
			return text[:i] + "... (" + thousands(n) + " characters)"
		}
	}
	return text
}

// value shows a value on one line, with long texts in it cut.
func (p *Printer) value(v any) string { return Value(p.shortValue(v)) }

func (p *Printer) shortValue(v any) any {
	switch v := v.(type) {
	case string:
		if len(v) <= longestValue {
			return v
		}
		return cut(p.masked(v), longestValue, keptOfValue)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = p.shortValue(x)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = p.shortValue(x)
		}
		return out
	}
	return v
}
