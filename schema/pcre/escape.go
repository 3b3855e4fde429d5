package pcre

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	hexCode   = regexp.MustCompile(`^\{0*([0-9A-Fa-f]{1,})\}`)
	octCode   = regexp.MustCompile(`^\{0*([0-7]{1,})\}`)
	hexDigits = regexp.MustCompile(`^[0-9A-Fa-f]{0,2}`)
	property  = regexp.MustCompile(`^\{\s*\^?([^{}]*)\}`)
	codePoint = regexp.MustCompile(`^\{U\+([0-9A-Fa-f]+)\}`)
	octal     = regexp.MustCompile(`^[0-7]{1,3}`)
)

// item reads one item of a sequence.
func (p *parser) item(depth int) item {
	if p.literal {
		p.rune()
		return item{length: 1, repeatable: true}
	}
	switch c := p.s[p.pos]; c {
	case '(':
		p.pos++
		return p.group(depth)
	case '[':
		p.pos++
		p.class()
		return item{length: 1, repeatable: true}
	case '\\':
		p.pos++
		return p.escape()
	case '^', '$':
		p.pos++
		return item{}
	}
	p.rune()
	return item{length: 1, repeatable: true}
}

func (p *scanner) rune() rune {
	r, n := utf8.DecodeRuneInString(p.s[p.pos:])
	p.pos += n
	return r
}

// escape reads what follows a backslash outside of classes.
func (p *parser) escape() item {
	if p.pos >= len(p.s) {
		p.fail(p.pos, "the pattern ends with a backslash")
		return item{}
	}
	at, c := p.pos-1, p.s[p.pos]
	switch {
	case strings.IndexByte("bBAzZGK", c) >= 0:
		p.pos++
		return item{}
	case strings.IndexByte("dDwWsSvVhHC", c) >= 0:
		p.pos++
		return item{length: 1, repeatable: true}
	case c == 'R' || c == 'X':
		p.pos++
		return item{length: variable, repeatable: true}
	case c == 'N':
		p.pos++
		p.notNewline(at)
		return item{length: 1, repeatable: true}
	case c == 'g':
		p.pos++
		p.g(at)
		return item{length: unknown, repeatable: true}
	case c == 'k':
		p.pos++
		switch {
		case p.take("{"):
			p.reference("}")
		case p.take("<"):
			p.reference(">")
		case p.take("'"):
			p.reference("'")
		default:
			p.fail(at, `\k needs the name of a group behind it, as \k{name}`)
		}
		return item{length: unknown, repeatable: true}
	case c >= '1' && c <= '9':
		if p.backReference(at) {
			return item{length: unknown, repeatable: true}
		}
	}
	p.character(at)
	return item{length: 1, repeatable: true}
}

func (p *scanner) notNewline(at int) {
	switch {
	case p.match(codePoint) != nil:
	case strings.HasPrefix(p.s[p.pos:], "{") && !curly.MatchString(p.s[p.pos:]):
		p.fail(at, `\N{…} by name is not supported`)
	}
}

// g reads \g1, \g{-1}, \g{name}, \g<name> and \g'name'.
func (p *parser) g(at int) {
	end := ""
	switch {
	case p.take("{"):
		end = "}"
	case p.take("<"):
		end = ">"
	case p.take("'"):
		end = "'"
	}
	if p.numbered(at) {
		if last := &p.refs[len(p.refs)-1]; end != ">" && end != "'" && last.number == 0 {
			p.fail(at, "there is no group 0 to refer to")
		}
		if p.err == nil && !p.take(end) {
			p.fail(at, `a number or name behind \g is not closed`)
		}
		return
	}
	if end == "" {
		p.fail(at, `\g needs a group behind it, as \g{1}`)
		return
	}
	p.reference(end)
}

// mostGroup is the highest number that the library takes for that of a group: what is higher is
// read as another escape.
const mostGroup = 1<<31/10 - 1

// backReference tells \1 from an octal code.
func (p *parser) backReference(at int) bool {
	rest := p.s[p.pos:]
	digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	n := decimal(digits)
	if n > mostGroup || n >= 10 && digits[0] < '8' && n > p.count {
		return false
	}
	p.pos += len(digits)
	p.refs = append(p.refs, reference{at: at, number: n})
	return true
}

// character reads an escape that stands for one character or one of a set, and
// returns the character or -1.
func (p *scanner) character(at int) rune {
	c := p.rune()
	switch {
	case c == 'x' || c == 'o':
		return p.coded(at, c)
	case c == 'c':
		if p.pos >= len(p.s) || p.s[p.pos] < ' ' || p.s[p.pos] > '~' {
			p.fail(at, `\c needs a printable ASCII character behind it`)
			return -1
		}
		p.pos++
		return rune(p.s[p.pos-1]) ^ 64
	case c == 'p' || c == 'P':
		p.property(at)
		return -1
	case c >= '0' && c <= '7':
		p.pos--
		m := p.match(octal)
		n := rune(0)
		for _, d := range m[0] {
			n = n*8 + d - '0'
		}
		return n
	case strings.ContainsRune("LlUuF", c):
		p.fail(at, `\%c is not supported`, c)
	case strings.ContainsRune("aefnrt", c):
		return map[rune]rune{'a': 7, 'e': 27, 'f': 12, 'n': 10, 'r': 13, 't': 9}[c]
	case c < 0x80 && unicode.IsLetter(c):
		p.fail(at, `\%c is no escape that there is`, c)
	}
	return c
}

// coded reads \x{…}, \x4f and \o{…}.
func (p *scanner) coded(at int, kind rune) rune {
	re, base := hexCode, 16
	if kind == 'o' {
		re, base = octCode, 8
	}
	text := ""
	if m := p.match(re); m != nil {
		text = m[1]
	} else if kind == 'o' || strings.HasPrefix(p.s[p.pos:], "{") {
		p.fail(at, `\%c{…} holds no number that ends with a brace`, kind)
		return -1
	} else {
		text = p.match(hexDigits)[0]
	}
	n := 0
	for _, d := range strings.ToLower(text) {
		if n = n*base + strings.IndexRune("0123456789abcdef", d); n > unicode.MaxRune {
			p.fail(at, "there is no character with so high a number")
			return -1
		}
	}
	if n >= 0xd800 && n <= 0xdfff {
		p.fail(at, "half a character pair is no character")
	}
	return rune(n)
}

// shortProperties are the names of up to three letters that are no general category.
const shortProperties = " any l& xan xps xsp xuc xwd ci dep di dia ext hex idc ids loe ri sd vs lc cwl cwt cwu yi lao nko mro vai han "

func (p *scanner) property(at int) {
	text := ""
	if m := p.match(property); m != nil {
		text = m[1]
	} else if p.pos < len(p.s) && p.s[p.pos] != '{' {
		text = string(p.rune())
	}
	plain := strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(text))
	known := len(plain) > 3 || strings.Contains(shortProperties, " "+plain+" ")
	for c := range unicode.Categories {
		known = known || strings.ToLower(c) == plain
	}
	if plain == "" || !known {
		p.fail(at, "%q is no property of characters", text)
	}
}
