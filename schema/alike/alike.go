// Package alike knows which names look the same to people and are not, and why.
package alike

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"
)

// Letters of the Cyrillic and the Greek script that look like Latin ones, from the
// letter forms of these scripts as the Unicode charts show them.
var latin = letters("АВЕКМНОРСТХЅІЈѴаеорсухѕіјԁѵΑΒΕΖΗΙΚΜΝΟΡΤΥΧνορ", "ABEKMHOPCTXSIJVaeopcyxsijdvABEZHIKMNOPTYXvop")

func letters(from, to string) map[rune]rune {
	out, latin := map[rune]rune{}, []rune(to)
	for i, r := range []rune(from) {
		out[r] = latin[i]
	}
	return out
}

// Skeleton returns a text that is the same for names that look the same.
func Skeleton(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(s) {
		switch to, ok := latin[r]; {
		case unicode.Is(unicode.Cf, r):
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case ok:
			b.WriteRune(unicode.ToLower(to))
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Why says what tells a name from another that looks the same, or "".
func Why(name, other string) string {
	switch {
	case name == other || Skeleton(name) != Skeleton(other):
		return ""
	case norm.NFC.String(name) == norm.NFC.String(other):
		return "the two differ in how their accents are encoded, as one character or as two"
	}
	for _, odd := range []string{name, other} {
		for _, r := range odd {
			if _, ok := latin[r]; (ok || unicode.Is(unicode.Cf, r) || unicode.IsSpace(r) && r != ' ') && !strings.ContainsRune(name+other, unicode.ReplacementChar) && strings.Count(name, string(r)) != strings.Count(other, string(r)) {
				return fmt.Sprintf("%q has %s (U+%04X)", odd, runenames.Name(r), r)
			}
		}
	}
	if strings.EqualFold(name, other) {
		return "the two differ in capital letters"
	}
	return "the two differ in blanks or in the form of a letter"
}
