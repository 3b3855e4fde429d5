package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/fatih/color"
)

// Printer writes lines for people. Values that come from outside are made
// harmless on the way.
type Printer struct {
	w     io.Writer
	color bool
	wrap  func(string) string // breaks a line for a terminal; nil: none is broken
	mask  func(string) string // takes secrets out of what is going to be cut; nil: there are none
	err   error

	all, verbose bool // what Detail lets be told
}

// Detail says whether each object is listed, and whether all is told that is known.
func (p *Printer) Detail(all, verbose bool) *Printer {
	p.all, p.verbose = all, verbose
	return p
}

// NewPrinter returns a printer. colored says whether colours may be used.
func NewPrinter(w io.Writer, colored bool) *Printer { return &Printer{w: w, color: colored} }

// Wrap lets lines be broken. Whoever breaks them masks them before: half a secret is not known for one.
func (p *Printer) Wrap(line func(string) string) *Printer {
	p.wrap = line
	return p
}

// unbroken breaks no line until what it returns is called.
func (p *Printer) unbroken() (again func()) {
	wrap := p.wrap
	p.wrap = nil
	return func() { p.wrap = wrap }
}

// Err returns the first error of the writer, such as a closed pipe.
func (p *Printer) Err() error { return p.err }

// style is how a line looks in colour.
type style color.Attribute

const (
	plain  style = 0
	green  style = style(color.FgGreen)
	yellow style = style(color.FgYellow)
	red    style = style(color.FgRed)
	faint  style = style(color.Faint)
	bold   style = style(color.Bold)
)

// Linef writes one line. The arguments are made harmless, the format is ours.
func (p *Printer) Linef(format string, args ...any) { p.styled(plain, format, args...) }

func (p *Printer) styled(s style, format string, args ...any) {
	for i, a := range args {
		switch a := a.(type) {
		case int, int64, bool, float64:
		case error: // it may be several, one to a line; none can be taken for a line of ours
			args[i] = several(a)
		default:
			args[i] = Clean(fmt.Sprint(a))
		}
	}
	line := p.short(fmt.Sprintf(format, args...))
	if p.wrap != nil {
		lines := strings.Split(line, "\n")
		for i := range lines {
			lines[i] = p.wrap(lines[i])
		}
		line = strings.Join(lines, "\n")
	}
	if p.color && s != plain {
		c := color.New(color.Attribute(s))
		c.EnableColor()
		line = c.Sprint(line)
	}
	if _, err := io.WriteString(p.w, line+"\n"); err != nil && p.err == nil {
		p.err = err
	}
}

func several(err error) string {
	lines := strings.Split(err.Error(), "\n")
	for i, line := range lines {
		lines[i] = Clean(line)
	}
	return strings.Join(lines, "\n    ")
}

// Clean makes a text harmless: control characters, line breaks among them, and marks
// that turn the writing direction are shown as escapes.
func Clean(s string) string {
	harmless := true
	for _, r := range s {
		if !harmlessRune(r) {
			harmless = false
			break
		}
	}
	if harmless {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if harmlessRune(r) {
			b.WriteRune(r)
			continue
		}
		q := strconv.QuoteRuneToASCII(r)
		b.WriteString(q[1 : len(q)-1])
	}
	return b.String()
}

func harmlessRune(r rune) bool {
	return r == ' ' || unicode.IsGraphic(r) && r != unicode.ReplacementChar && !unicode.Is(unicode.Cf, r)
}
