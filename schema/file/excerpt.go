package file

import (
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/wording"
)

// longTexts are the texts of files that are too long to be repeated whole, by how they begin.
type longTexts map[string][]string

// add notes what is long below a node.
func (l *longTexts) add(n *yaml.Node) {
	if n == nil {
		return
	}
	if n.Kind == yaml.ScalarNode && len(n.Value) > wording.Longest {
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
	begin := text[:wording.Longest]
	if !slices.Contains((*l)[begin], text) && len((*l)[begin]) < mostAlike {
		(*l)[begin] = append((*l)[begin], text)
	}
}

const mostAlike = 100 // texts that begin alike; of more, the rest is told by those

// cut shortens, in what problems say, the texts of files that are long. It is done once and
// for all messages, whatever they repeat.
func (l longTexts) cut(ps schema.Problems) schema.Problems {
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
	for i := 0; i+wording.Longest <= len(message); i++ {
		for _, text := range l[message[i:i+wording.Longest]] {
			if strings.HasPrefix(message[i:], text) {
				b.WriteString(message[from:i] + wording.Cut(text, wording.Longest, wording.Longest))
				i += len(text) - 1
				from = i + 1
				break
			}
		}
	}
	return b.String() + message[from:]
}
