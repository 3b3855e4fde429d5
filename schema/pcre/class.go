package pcre

import (
	"slices"
	"strings"
)

var posix = strings.Fields("alpha lower upper alnum ascii blank cntrl digit graph print punct space word xdigit")

// class reads one in square brackets, of which the first is taken.
func (p *scanner) class() {
	at := p.pos - 1
	if p.take("[:<:]]") || p.take("[:>:]]") {
		return
	}
	if kind, _, ok := p.posixAt(at); ok {
		p.fail(at, "[%s…%s] stands in a class of its own: [[%s…%s]]", kind, kind, kind, kind)
		return
	}
	p.take("^")
	literal := false
	last, rangeFrom := rune(-1), rune(-1)
	for first := true; p.more(); first = false {
		switch {
		case literal && p.take(`\E`):
			literal, first = false, false
			continue
		case !literal && p.take(`\E`):
			continue
		case !literal && p.take(`\Q`):
			literal = true
			continue
		case !literal && p.flags.extendedMore && (p.take(" ") || p.take("\t")):
			continue
		case !literal && !first && p.take("]"):
			return
		}
		set := false
		here, c := p.pos, rune(0)
		if literal {
			c = p.rune()
		} else {
			c, set = p.member()
		}
		if p.err != nil {
			return
		}
		if rangeFrom >= 0 {
			switch {
			case set:
				p.fail(here, "a range in a class ends with a set")
			case c < rangeFrom:
				p.fail(here, "a range in a class is out of order")
			}
			last, rangeFrom = -1, -1
			continue
		}
		last = c
		switch {
		case literal || !strings.HasPrefix(p.s[p.pos:], "-") || strings.HasPrefix(p.s[p.pos:], "-]") || p.pos+1 >= len(p.s):
		case set:
			p.fail(p.pos, "a range in a class begins with a set")
		default:
			p.pos++
			rangeFrom = last
		}
	}
	if p.err == nil {
		p.fail(len(p.s), "a square bracket is not closed")
	}
}

// posixAt finds [:name:] and its like at a square bracket.
func (p *scanner) posixAt(at int) (kind, name string, ok bool) {
	rest := p.s[at:]
	if len(rest) < 4 || strings.IndexByte(":.=", rest[1]) < 0 {
		return "", "", false
	}
	kind = rest[1:2]
	for i := 2; i+1 < len(rest); i++ {
		switch {
		case rest[i] == '\\' && (rest[i+1] == ']' || rest[i+1] == '\\'):
			i++
		case rest[i] == '[' && rest[i+1:i+2] == kind, rest[i] == ']':
			return "", "", false
		case rest[i:i+1] == kind && rest[i+1] == ']':
			return kind, rest[2:i], true
		}
	}
	return "", "", false
}

// member reads one character of a class, or a set of them.
func (p *scanner) member() (c rune, set bool) {
	at := p.pos
	if p.s[p.pos] == '[' {
		if kind, name, ok := p.posixAt(p.pos); ok {
			p.pos += len(name) + 4
			if kind != ":" || !slices.Contains(posix, strings.TrimPrefix(name, "^")) {
				p.fail(at, "[%s%s%s] is no class of characters", kind, name, kind)
			}
			return -1, true
		}
	}
	if !p.take(`\`) {
		return p.rune(), false
	}
	if p.pos >= len(p.s) {
		p.fail(p.pos, "the pattern ends with a backslash")
		return -1, false
	}
	switch e := p.s[p.pos]; {
	case e == 'b':
		p.pos++
		return 8, false
	case strings.IndexByte("dDwWsSvVhH", e) >= 0:
		p.pos++
		return -1, true
	case e == 'p' || e == 'P':
		p.character(at)
		return -1, true
	case e == 'N' && codePoint.MatchString(p.s[p.pos+1:]):
		p.pos++
		p.match(codePoint)
		return -1, false
	case e == 'g':
		p.pos++
		return rune(e), false
	case strings.IndexByte("NBRXAzZGKCk", e) >= 0:
		p.fail(at, `\%c has no meaning in a class`, e)
		return -1, false
	}
	return p.character(at), false
}
