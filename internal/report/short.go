package report

import (
	"strings"
	"unicode"

	"pbxsync/schema/wording"
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
	for _, part := range parts(line) {
		b.WriteString(wording.Cut(part, longestValue, keptOfValue))
	}
	return wording.Cut(b.String(), longestLine, longestLine-keptOfValue)
}

// parts divides a line. What we list has words in it, and stands there once: commas without
// words, and words that come again, are one text that somebody else wrote.
func parts(line string) []string {
	var out []string
	seen, begin := map[string]bool{}, 0
	for at := 0; at < len(line); {
		end := at + partEnd(line[at:])
		word := strings.TrimFunc(line[at:end], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
		if word != "" && !seen[word] && at > begin {
			out, begin = append(out, line[begin:at]), at
		}
		seen[word] = true
		at = end
	}
	return append(out, line[begin:])
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

// value shows a value on one line, with long texts in it cut.
func (p *Printer) value(v any) string { return wording.Value(p.shortValue(v)) }

func (p *Printer) shortValue(v any) any {
	switch v := v.(type) {
	case string:
		if len(v) <= longestValue {
			return v
		}
		return wording.Cut(p.masked(v), longestValue, keptOfValue)
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
