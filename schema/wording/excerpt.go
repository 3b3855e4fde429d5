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
	return Cut(text)
}

// Cut shortens a text, whatever it is.
func Cut(text string) string {
	n := 0
	for i := range text {
		if n++; n > Longest {
			return text[:i] + "…"
		}
	}
	return text
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
