package wording

import (
	"regexp"
	"strconv"
	"unicode/utf8"
)

// Longest is how many characters of a text that somebody wrote a message repeats.
const Longest = 60

// Excerpt returns what a message repeats of a text that somebody else wrote: no more than finds
// it again, and nothing of what may be a secret that stands in the wrong place.
func Excerpt(text string) string {
	if secretLike.MatchString(text) && mixed(text) || longHex.MatchString(text) || privateKey.MatchString(text) {
		return "(a text of " + strconv.Itoa(utf8.RuneCountInString(text)) + " characters, not shown since it may be a secret)"
	}
	return Cut(text, Longest, Longest)
}

// Cut keeps the beginning of a text of more than most characters, and says how long it was.
func Cut(text string, most, kept int) string {
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
			return text[:i] + "... (" + Thousands(n) + " characters)"
		}
	}
	return text
}

// Thousands writes a number for people.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// What is no word of any language and no address, and long enough to be a key or token.
var (
	secretLike = regexp.MustCompile(`^[A-Za-z0-9+/_=!#$%^&*~.-]{20,}$`)
	longHex    = regexp.MustCompile(`^[0-9a-fA-F]{32,}$`)
	privateKey = regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY`)
	small      = regexp.MustCompile(`[a-z]`)
	capital    = regexp.MustCompile(`[A-Z]`)
	numeral    = regexp.MustCompile(`[0-9]`)
)

// mixed reports whether small letters, capitals and digits stand in one text.
func mixed(text string) bool {
	return small.MatchString(text) && capital.MatchString(text) && numeral.MatchString(text)
}
