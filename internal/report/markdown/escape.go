package markdown

import (
	"fmt"
	"strings"
	"unicode"

	"pbxsync/internal/report"
	"pbxsync/schema/wording"
)

// Of one value, characters that are shown, and of one that is longer.
const longest, kept = 300, 150

// code shows foreign text as it is, in Markdown and in HTML: in code nobody is mentioned and
// nothing is linked, and what either of the two gives a meaning to is written as a number.
func code(text string) string {
	runes := []rune(report.Clean(wording.Cut(text, longest, kept)))
	var b strings.Builder
	b.WriteString("<code>")
	for i, r := range runes {
		if harmless(runes, i) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	b.WriteString("</code>")
	return b.String()
}

// harmless reports whether a character means nothing where it stands.
func harmless(runes []rune, i int) bool {
	at := func(j int) rune {
		if j < 0 || j >= len(runes) {
			return ' '
		}
		return runes[j]
	}
	plain := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	switch r := runes[i]; r {
	case ' ', '/', ',', '+', '-', '%', '=', '(', ')', ';', '?', '{', '}', '\'', '"':
		return true
	case '_': // within a word it is a letter
		return plain(at(i-1)) && plain(at(i+1))
	case ':': // of a URL, which would become a link
		return at(i+1) != '/'
	case '.':
		return unicode.ToLower(at(i-1)) != 'w'
	default:
		return plain(r)
	}
}

// marked is the name of a tenant in the comment by which a comment is found again.
func marked(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" ._/@+", r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "%%%02X", r)
		}
	}
	return b.String()
}
