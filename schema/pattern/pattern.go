package pattern

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
)

// Pattern is a pattern that can be decided on.
type Pattern struct {
	re    *regexp.Regexp
	prog  *syntax.Prog
	alike []string // of each character that a number can have: characters with the same text are alike to the pattern
}

// ErrUndecided is the error of a pattern that is no regular language, or that Go and PCRE read in
// different ways.
var ErrUndecided = errors.New("the pattern is not regular")

// Parse reads a pattern.
func Parse(text string) (*Pattern, error) {
	if strings.Contains(text, "{,") || strings.Contains(text, `\C`) || strings.Contains(text, "(?U") || strings.Contains(text, "(*") {
		return nil, ErrUndecided // PCRE means something else by it
	}
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil || looks(tree) {
		return nil, ErrUndecided
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, ErrUndecided
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, ErrUndecided
	}
	return &Pattern{re, prog, classes(prog)}, nil
}

// looks reports whether a pattern asks what stands around a place.
func looks(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpWordBoundary, syntax.OpNoWordBoundary, syntax.OpBeginLine, syntax.OpEndLine:
		return true
	}
	for _, sub := range re.Sub {
		if looks(sub) {
			return true
		}
	}
	return false
}

// Takes reports whether the pattern takes a number.
func (p *Pattern) Takes(number string) bool { return p.re.MatchString(number) }

// Replace returns what a replacement makes of a number that the pattern takes.
func (p *Pattern) Replace(number, replacement string) string {
	found := p.re.FindStringSubmatch(number)
	var b strings.Builder
	for _, part := range parts(replacement) {
		switch {
		case part.group < 0:
			b.WriteString(part.text)
		case part.group < len(found):
			b.WriteString(found[part.group])
		}
	}
	return b.String()
}

// HighestGroup returns the highest group that a replacement names, as \1 does; -1 if it names none.
func HighestGroup(replacement string) int {
	highest := -1
	for _, part := range parts(replacement) {
		highest = max(highest, part.group)
	}
	return highest
}

// part of a replacement is text, or a group of what was taken.
type part struct {
	text  string
	group int // -1: text
}

// parts reads a replacement: a backslash and one digit is a group, and before anything else it
// stands for what follows.
func parts(replacement string) []part {
	var out []part
	for i := 0; i < len(replacement); i++ {
		c := replacement[i]
		if c == '\\' && i+1 < len(replacement) {
			i++
			if c = replacement[i]; c >= '0' && c <= '9' {
				out = append(out, part{group: int(c - '0')})
				continue
			}
		}
		out = append(out, part{string(c), -1})
	}
	return out
}
