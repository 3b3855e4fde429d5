package wrap

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// narrowest is the width below which lines are left to the terminal.
const narrowest = 20

// cells counts what a terminal uses, whatever the language of its user is set to.
var cells = runewidth.Condition{StrictEmojiNeutral: true}

// Wrapper breaks lines at one width.
type Wrapper struct {
	width int
	kept  map[string][]string // what is never broken, by its first word
}

// New returns a wrapper. Below a sensible width it leaves lines alone.
func New(width int) *Wrapper { return &Wrapper{width: width, kept: map[string][]string{}} }

// On tells whether lines are broken at all.
func (w *Wrapper) On() bool { return w.width >= narrowest }

// Keep names a text with blanks in it that is one word, as some addresses are.
func (w *Wrapper) Keep(text string) {
	if first, _, blank := strings.Cut(text, " "); blank && w.On() {
		w.kept[first] = append(w.kept[first], text)
	}
}

// Line breaks one line. What goes on in the next one is indented.
func (w *Wrapper) Line(line string) string {
	if !w.On() || len(line) <= w.width || cells.StringWidth(line) <= w.width {
		return line
	}
	body := strings.TrimLeft(line, " ")
	indent := line[:len(line)-len(body)]
	deeper := indent + "    "
	if len(deeper) > w.width/2 {
		deeper = indent[:min(len(indent), w.width/2)]
	}
	var out strings.Builder
	out.WriteString(indent)
	column := len(indent)
	for i, blanks := 0, 0; i < len(body); {
		word := w.word(body[i:])
		size := cells.StringWidth(word)
		switch {
		case i > 0 && column+blanks+size > w.width:
			out.WriteString("\n" + deeper)
			column = len(deeper)
		default:
			out.WriteString(strings.Repeat(" ", blanks))
			column += blanks
		}
		out.WriteString(word)
		column += size
		i += len(word)
		rest := strings.TrimLeft(body[i:], " ")
		blanks = len(body) - i - len(rest)
		i += blanks
	}
	return out.String()
}

// opening stands before a word that is kept, and is no part of it.
const opening = "(\"'[{"

// word returns the first word of a text: up to a blank, or all of what is kept together with
// what follows it without one.
func (w *Wrapper) word(text string) string {
	lead := len(text) - len(strings.TrimLeft(text, opening))
	first, _, _ := strings.Cut(text[lead:], " ")
	longest := len(first)
	for _, kept := range w.kept[first] {
		if strings.HasPrefix(text[lead:], kept) {
			longest = max(longest, len(kept))
		}
	}
	rest, _, _ := strings.Cut(text[lead+longest:], " ")
	return text[:lead+longest+len(rest)]
}
