package wording

import (
	"fmt"
	"strings"
)

// Nearest returns the candidate that name was probably meant to be, or "".
func Nearest(name string, candidates []string) string { return NamesOf(candidates).Nearest(name) }

// tolerance is how many letters may be wrong in a name of so many.
func tolerance(length int) int {
	switch {
	case length <= 3:
		return 1
	case length <= 6:
		return 2
	}
	return length / 3
}

// DidYouMean asks for the candidate that name was probably meant to be, or returns "".
func DidYouMean(name string, candidates []string) string {
	return NamesOf(candidates).DidYouMean(name)
}

// OneOf lists candidates for a message: a, b or c, cut when there are many.
func OneOf(candidates []string) string {
	const most = 12
	if len(candidates) > most {
		return fmt.Sprintf("%s … and %d more", strings.Join(candidates[:most], ", "), len(candidates)-most)
	}
	return Enumerate(candidates, "or")
}

// Enumerate joins words as in a sentence.
func Enumerate(words []string, last string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " " + last + " " + words[n-1]
	}
	return strings.Join(words, "")
}

// Article returns the article of a word.
func Article(word string) string {
	if strings.ContainsRune("aeiou", rune(word[0])) {
		return "an"
	}
	return "a"
}

// named is how many names stand in a row.
const named = 5

// Few names the first of many, and says how many others there are.
func Few(names []string) string {
	if more := len(names) - named; more > 0 {
		names = append(names[:named:named], CountOf(more, "other"))
	}
	return Enumerate(names, "and")
}
