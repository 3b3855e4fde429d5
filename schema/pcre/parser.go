package pcre

import (
	"fmt"
	"strings"
)

// Error is what PCRE2 refuses, and where in the pattern, in bytes.
type Error struct {
	Offset  int
	Message string
}

// Error says what is wrong, and where in the pattern.
func (e *Error) Error() string { return e.Message }

// NoItem is the message for a quantifier that has nothing to repeat.
const NoItem = "a quantifier follows nothing that it could repeat"

// Check returns nil for a pattern that PCRE2 compiles, and an *Error otherwise.
func Check(pattern string) error {
	if p := read(pattern); p.err != nil {
		return p.err
	}
	return nil
}

// Groups returns how many groups a pattern has that PCRE2 compiles.
func Groups(pattern string) int { return read(pattern).count }

func read(pattern string) *parser {
	p := &parser{scanner: scanner{s: pattern}, names: map[string][]int{}}
	p.leadingVerbs()
	p.alternatives(0)
	if p.err == nil && p.pos < len(p.s) {
		p.fail(p.pos, "a bracket is closed that was not opened")
	}
	p.resolve()
	return p
}

const (
	maxDepth  = 250
	variable  = -1 // a length that is not fixed
	unknown   = -2 // one that is not looked for
	maxRepeat = 65535
)

type parser struct {
	scanner
	count int // groups so far
	names map[string][]int
	refs  []reference
}

// scanner reads what stands for itself: characters, classes, quantifiers.
type scanner struct {
	s       string
	pos     int
	err     *Error
	flags   flags
	literal bool // between \Q and \E
}

// flags are the options that (?…) sets.
type flags struct{ extended, extendedMore, noCapture, dupNames bool }

// reference is to a group that may come later.
type reference struct {
	at     int
	number int
	name   string
}

func (p *scanner) fail(at int, message string, args ...any) {
	if p.err == nil {
		p.err = &Error{at, fmt.Sprintf(message, args...)}
	}
	p.pos = len(p.s)
}

func (p *scanner) more() bool { return p.err == nil && p.pos < len(p.s) }

// take moves on over a text that stands here.
func (p *scanner) take(text string) bool {
	if p.err == nil && strings.HasPrefix(p.s[p.pos:], text) {
		p.pos += len(text)
		return true
	}
	return false
}

// until takes everything before the end, and the end.
func (p *scanner) until(end string) (string, bool) {
	i := strings.Index(p.s[p.pos:], end)
	if i < 0 {
		return "", false
	}
	text := p.s[p.pos : p.pos+i]
	p.pos += i + len(end)
	return text, true
}

func (p *parser) resolve() {
	for _, r := range p.refs {
		switch {
		case r.name != "" && len(p.names[r.name]) == 0:
			p.fail(r.at, "there is no group %q", r.name)
		case r.name == "" && (r.number > p.count || r.number < 0):
			p.fail(r.at, "there is no group %d", max(r.number, 0))
		}
	}
}

// alternatives reads what stands between brackets, and returns its length.
func (p *parser) alternatives(depth int) (length int, each []int) {
	if depth > maxDepth {
		p.fail(p.pos, "brackets are nested deeper than %d", maxDepth)
		return 0, nil
	}
	length = p.sequence(depth)
	each = []int{length}
	for p.more() && p.take("|") {
		l := p.sequence(depth)
		each = append(each, l)
		if length = same(length, l); p.err != nil {
			break
		}
	}
	return length, each
}

func same(a, b int) int {
	switch {
	case a == variable || b == variable || a >= 0 && b >= 0 && a != b:
		return variable
	case a == unknown:
		return b
	}
	return a
}

// item is what was read last: its length, and whether a quantifier may follow.
type item struct {
	length     int
	repeatable bool
	assertion  bool // of no length, however often it is repeated
}

// sequence reads one alternative.
func (p *parser) sequence(depth int) int {
	total, last := 0, item{}
	for p.more() {
		if p.literal || !strings.HasPrefix(p.s[p.pos:], "|") && !strings.HasPrefix(p.s[p.pos:], ")") {
			if p.skip() {
				continue
			}
			at := p.pos
			if factor, ok := p.quantifier(); ok {
				if !last.repeatable {
					p.fail(at, NoItem)
				}
				if !last.assertion {
					last.length = times(last.length, factor)
				}
				last.repeatable = false
				continue
			}
			if p.err != nil {
				break
			}
			total = add(total, last.length)
			last = p.item(depth)
			continue
		}
		break
	}
	return add(total, last.length)
}

func add(a, b int) int {
	if a == variable || b == variable {
		return variable
	}
	if a == unknown || b == unknown {
		return unknown
	}
	return a + b
}

func times(length, factor int) int {
	switch {
	case factor < 0 || length == variable:
		return variable
	case length == unknown:
		return unknown
	}
	return length * factor
}

// skip passes over what is no item and leaves the one before it open to a quantifier.
func (p *scanner) skip() bool {
	switch {
	case p.literal:
		if p.take(`\E`) {
			p.literal = false
			return true
		}
		return false
	case p.take(`\Q`):
		p.literal = true
		return true
	case p.take(`\E`):
		return true
	case p.take("(?#"):
		if _, ok := p.until(")"); !ok {
			p.fail(len(p.s), "a comment has no closing bracket")
		}
		return true
	case p.flags.extended && strings.IndexByte(" \t\n\v\f\r", p.s[p.pos]) >= 0:
		p.pos++
		return true
	case p.flags.extended && p.take("#"):
		if _, ok := p.until("\n"); !ok {
			p.pos = len(p.s)
		}
		return true
	}
	return false
}

// quantifier reads one, and how often it repeats if that is fixed, else -1.
func (p *scanner) quantifier() (factor int, ok bool) {
	if p.literal {
		return 0, false
	}
	switch factor = variable; {
	case p.take("*"), p.take("+"), p.take("?"):
	default:
		if factor, ok = p.counted(); !ok {
			return 0, false
		}
	}
	if !p.take("+") {
		p.take("?")
	}
	return factor, true
}

// counted reads {n}, {n,} and {n,m}; other curly brackets are text.
func (p *scanner) counted() (int, bool) {
	m := curly.FindStringSubmatch(p.s[p.pos:])
	if m == nil {
		return 0, false
	}
	from, to := decimal(m[1]), decimal(m[3])
	switch {
	case from > maxRepeat || to > maxRepeat:
		p.fail(p.pos, "%s repeats more than %d times", m[0], maxRepeat)
	case m[3] != "" && to < from:
		p.fail(p.pos, "%s has its numbers out of order", m[0])
	}
	p.pos = min(len(p.s), p.pos+len(m[0]))
	if m[2] != "" && (m[3] == "" || from != to) {
		return variable, true
	}
	return from, true
}

// decimal reads digits, and a number beyond every limit where there are many.
func decimal(s string) int {
	n := 0
	for _, c := range s {
		if n = n*10 + int(c-'0'); n > 1<<30 {
			return 1 << 30
		}
	}
	return n
}
