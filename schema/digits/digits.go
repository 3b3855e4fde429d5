// Package digits reads numbers that people wrote for other people to read: with
// blanks, signs and brackets. It proposes digits only where nothing but such
// separators is taken out, since digits that are made up are somebody else's number.
package digits

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

var (
	exponent = regexp.MustCompile(`^\+?[0-9]+([.,][0-9]*)?[eE][+-]?[0-9]+$`)
	decimal  = regexp.MustCompile(`^[0-9]+([.,][0-9]+)$`)
	trunk    = regexp.MustCompile(`[^\s(].*(\(\s*0[0-9 ]*\))`)
	words    = regexp.MustCompile(`\pL[\pL.]*`)
)

// Plain returns a number as it is dialled, without its separators; or, where there
// is more to it than separators, what is in the way.
func Plain(s string) (plain, inTheWay string) {
	s = strings.TrimSpace(s)
	if inTheWay := obstacle(s); inTheWay != "" {
		return "", inTheWay
	}
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9', r == '*', r == '#', r == '+' && i == 0:
			plain += string(r)
		case r == '+':
			return "", "a + stands inside it; write one number"
		case !separates(r):
			return "", fmt.Sprintf("%s is in the way; write the number alone", strconv.QuoteRuneToASCII(r))
		}
	}
	if strings.Trim(plain, "+") == "" {
		return "", "it has no digits"
	}
	return plain, ""
}

// obstacle knows what looks like a part of a number and changes it.
func obstacle(s string) string {
	switch {
	case exponent.MatchString(s):
		return "it is written with an exponent, which loses digits; write them all"
	case decimal.MatchString(s):
		return fmt.Sprintf("%q makes it a decimal number; write the digits without it, or all of them in a row", decimal.FindStringSubmatch(s)[1])
	}
	if m := trunk.FindStringSubmatch(s); m != nil {
		return fmt.Sprintf("%s is dialled inside the country only; write the digits that are to be dialled", m[1])
	}
	if i := strings.IndexAny(s, ";,&|"); i >= 0 {
		return fmt.Sprintf("%q begins an extension or a second number; write one number, in digits", s[i:i+1])
	}
	if word := words.FindString(s); word != "" {
		return fmt.Sprintf("%q is in the way; write the number alone, in digits", word)
	}
	if strings.Count(s, "/") > 1 || strings.Contains(s, " / ") {
		return `"/" parts several numbers; write one`
	}
	return ""
}

// separates tells what only parts the digits of one number.
func separates(r rune) bool {
	return strings.ContainsRune("-./()\u2010\u2011\u2013", r) || unicode.IsSpace(r)
}
