package schema

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// mostShown is how many characters of a text that somebody wrote a message repeats.
const mostShown = 60

// Excerpt returns what a message repeats of a text that somebody else wrote: no more than finds
// it again, and nothing of what may be a secret that stands in the wrong place.
func Excerpt(text string) string {
	if secretLike.MatchString(text) && mixed(text) || longHex.MatchString(text) || privateKey.MatchString(text) {
		return "(a text of " + strconv.Itoa(utf8.RuneCountInString(text)) + " characters, not shown since it may be a secret)"
	}
	return cut(text)
}

// cut shortens a text, whatever it is.
func cut(text string) string {
	n := 0
	for i := range text {
		if n++; n > mostShown {
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

// longTexts are the texts of files that are too long to be repeated whole, by how they begin.
type longTexts map[string][]string

// add notes what is long below a node.
func (l *longTexts) add(n *yaml.Node) {
	if n == nil {
		return
	}
	if n.Kind == yaml.ScalarNode && len(n.Value) > mostShown {
		l.note(n.Value)
		if quoted := strconv.Quote(n.Value); quoted[1:len(quoted)-1] != n.Value {
			l.note(quoted[1 : len(quoted)-1])
		}
	}
	for _, c := range n.Content {
		l.add(c)
	}
}

func (l *longTexts) note(text string) {
	if *l == nil {
		*l = longTexts{}
	}
	begin := text[:mostShown]
	if !slices.Contains((*l)[begin], text) && len((*l)[begin]) < mostAlike {
		(*l)[begin] = append((*l)[begin], text)
	}
}

const mostAlike = 100 // texts that begin alike; of more, the rest is told by those

// cut shortens, in what problems say, the texts of files that are long. It is done once and
// for all messages, whatever they repeat.
func (l longTexts) cut(ps Problems) Problems {
	if len(l) == 0 {
		return ps
	}
	for i := range ps {
		ps[i].Message, ps[i].Hint = l.shorten(ps[i].Message), l.shorten(ps[i].Hint)
	}
	return ps
}

func (l longTexts) shorten(message string) string {
	var b strings.Builder
	from := 0
	for i := 0; i+mostShown <= len(message); i++ {
		for _, text := range l[message[i:i+mostShown]] {
			if strings.HasPrefix(message[i:], text) {
				b.WriteString(message[from:i] + cut(text))
				i += len(text) - 1
				from = i + 1
				break
			}
		}
	}
	return b.String() + message[from:]
}
