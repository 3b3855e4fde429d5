package pcre

import (
	"regexp"
	"strings"
)

var (
	curly     = regexp.MustCompile(`^\{([0-9]+)(,([0-9]*))?\}`)
	name      = regexp.MustCompile(`^[\pL_][\pL\p{Nd}_]*`)
	numbered  = regexp.MustCompile(`^([+-]?)([0-9]+)`)
	version   = regexp.MustCompile(`^VERSION>?=[0-9]{1,2}\.?[0-9]{0,2}\)`)
	recursed  = regexp.MustCompile(`^R(?:&([\pL_][\pL\p{Nd}_]*)|([0-9]*))\)`)
	option    = regexp.MustCompile(`^[imnsxJU^-]*[:)]`)
	callout   = regexp.MustCompile(`^[0-9]*\)`)
	startVerb = regexp.MustCompile(`^\(\*(?:UTF|UCP|NOTEMPTY|NOTEMPTY_ATSTART|NO_AUTO_POSSESS|NO_DOTSTAR_ANCHOR|NO_JIT|NO_START_OPT|LIMIT_(?:HEAP|MATCH|DEPTH|RECURSION)=[0-9]+|CR|LF|CRLF|ANY|ANYCRLF|NUL|BSR_ANYCRLF|BSR_UNICODE)\)`)
	verb      = regexp.MustCompile(`^\*(?:(ACCEPT)(?::[^)]*)?|(?:FAIL|F|COMMIT|PRUNE|SKIP|THEN)(?::[^)]*)?|(?:MARK)?:[^)]+)\)`)
	assertion = regexp.MustCompile(`^\*(?:n?pl[ab]|nl[ab]|napl[ab]|(?:non_atomic_)?positive_look(?:ahead|behind)|negative_look(?:ahead|behind)):`)
	wordGroup = regexp.MustCompile(`^\*(pla|positive_lookahead|nla|negative_lookahead|plb|positive_lookbehind|nlb|negative_lookbehind|napla|non_atomic_positive_lookahead|naplb|non_atomic_positive_lookbehind|atomic|sr|script_run|asr|atomic_script_run):`)
)

func (p *parser) leadingVerbs() {
	for m := startVerb.FindString(p.s[p.pos:]); m != ""; m = startVerb.FindString(p.s[p.pos:]) {
		p.pos += len(m)
	}
}

// match moves on over a match, and returns it.
func (p *scanner) match(re *regexp.Regexp) []string {
	if p.err != nil {
		return nil
	}
	m := re.FindStringSubmatch(p.s[p.pos:])
	if m != nil {
		p.pos += len(m[0])
	}
	return m
}

// group reads what begins with a round bracket, which is taken already.
func (p *parser) group(depth int) item {
	at := p.pos - 1
	if m := p.match(verb); m != nil {
		return item{repeatable: m[1] != ""}
	}
	if m := p.match(wordGroup); m != nil {
		return p.wordGroup(at, depth, m[1])
	}
	if p.take("*") {
		p.fail(at, "(* begins no verb that there is; a star that is dialled is written \\*")
		return item{}
	}
	if !p.take("?") {
		if !p.flags.noCapture {
			p.count++
		}
		return p.inside(at, depth, false, false)
	}
	switch {
	case p.take(":"), p.take(">"):
		return p.inside(at, depth, false, false)
	case p.take("|"):
		return p.branchReset(at, depth)
	case p.take("="), p.take("!"), p.take("*"):
		return p.inside(at, depth, true, false)
	case p.take("<="), p.take("<!"), p.take("<*"):
		return p.inside(at, depth, true, true)
	case p.take("P="):
		p.reference(")")
		return item{length: unknown, repeatable: true}
	case p.take("P>"), p.take("&"):
		p.reference(")")
		return item{length: unknown, repeatable: true}
	case p.take("P<"), p.take("<"):
		p.named(">")
		return p.inside(at, depth, false, false)
	case p.take("'"):
		p.named("'")
		return p.inside(at, depth, false, false)
	case p.take("R)"):
		return item{length: unknown, repeatable: true}
	case p.take("C"):
		return p.callout(at)
	case p.take("("):
		return p.conditional(at, depth)
	case numbered.MatchString(p.s[p.pos:]):
		p.numbered(at)
		if p.err == nil && !p.take(")") {
			p.fail(p.pos, "a reference to a group has no closing bracket")
		}
		return item{length: unknown, repeatable: true}
	}
	return p.options(at, depth)
}

func (p *parser) wordGroup(at, depth int, word string) item {
	behind := strings.HasSuffix(word, "lb") || strings.HasSuffix(word, "lookbehind")
	ahead := strings.HasSuffix(word, "la") || strings.HasSuffix(word, "lookahead")
	return p.inside(at, depth, behind || ahead, behind)
}

// inside reads up to the closing bracket.
func (p *parser) inside(at, depth int, assertion, behind bool) item {
	before := p.flags
	length, each := p.alternatives(depth + 1)
	p.flags = before
	if p.err == nil && !p.take(")") {
		p.fail(at, "a bracket is not closed")
	}
	if behind {
		for _, l := range each {
			if l == variable {
				p.fail(at, "a look-behind has no fixed length")
			}
		}
	}
	if assertion {
		return item{repeatable: true, assertion: true}
	}
	return item{length: length, repeatable: true}
}

// branchReset numbers the groups of each alternative from the same number.
func (p *parser) branchReset(at, depth int) item {
	before, start, most := p.flags, p.count, p.count
	length := unknown
	for p.err == nil {
		p.count = start
		length = same(length, p.sequence(depth+1))
		most = max(most, p.count)
		if !p.take("|") {
			break
		}
	}
	p.count, p.flags = most, before
	if p.err == nil && !p.take(")") {
		p.fail(at, "a bracket is not closed")
	}
	return item{length: length, repeatable: true}
}

// named takes the name of a new group.
func (p *parser) named(end string) {
	at := p.pos
	m := p.match(name)
	switch {
	case m == nil || !p.take(end):
		p.fail(at, "a group needs a name of letters, digits and _, with %s behind it", end)
		return
	case len([]rune(m[0])) > 32:
		p.fail(at, "the name of a group has more than 32 letters")
	}
	p.count++
	for _, n := range p.names[m[0]] {
		if n != p.count && !p.flags.dupNames {
			p.fail(at, "two groups have the name %q", m[0])
		}
	}
	p.names[m[0]] = append(p.names[m[0]], p.count)
}

// reference takes the name of a group that there has to be.
func (p *parser) reference(end string) {
	at := p.pos
	m := p.match(name)
	if m == nil || !p.take(end) {
		p.fail(at, "the name of a group is due here, with %s behind it", end)
		return
	}
	p.refs = append(p.refs, reference{at: at, name: m[0]})
}

// numbered takes the number of a group, which may count from here.
func (p *parser) numbered(at int) bool {
	m := p.match(numbered)
	if m == nil {
		return false
	}
	n := decimal(m[2])
	switch {
	case m[1] != "" && n == 0:
		p.fail(at, "a relative reference to a group may not be 0")
	case m[1] == "-":
		if n = p.count - n + 1; n < 1 {
			n = -1
		}
	case m[1] == "+":
		n += p.count
	}
	p.refs = append(p.refs, reference{at: at, number: n})
	return true
}

func (p *scanner) callout(at int) item {
	if m := p.match(callout); m != nil {
		if decimal(strings.TrimSuffix(m[0], ")")) > 255 {
			p.fail(at, "the number of a callout is over 255")
		}
		return item{}
	}
	for _, q := range "`'\"^%#${" {
		if !p.take(string(q)) {
			continue
		}
		end := string(q)
		if q == '{' {
			end = "}"
		}
		for {
			if _, ok := p.until(end); !ok {
				p.fail(at, "a callout has no closing delimiter")
				return item{}
			}
			if !p.take(end) {
				break
			}
		}
		if !p.take(")") {
			p.fail(p.pos, "a callout has no closing bracket")
		}
		return item{}
	}
	p.fail(at, "a callout has no closing bracket")
	return item{}
}

// conditional reads (?(condition)yes|no), of which "(?(" is taken.
func (p *parser) conditional(at, depth int) item {
	most := 2
	switch {
	case strings.HasPrefix(p.s[p.pos:], "?") || strings.HasPrefix(p.s[p.pos:], "*"):
		p.condition(at, depth)
	case p.take("DEFINE)"):
		most = 1
	case p.match(version) != nil:
	default:
		p.groupCondition(at)
	}
	before := p.flags
	length, each := p.alternatives(depth + 1)
	p.flags = before
	if p.err == nil && !p.take(")") {
		p.fail(at, "a bracket is not closed")
	}
	if len(each) > most {
		p.fail(at, "a condition has more than %d branches", most)
	}
	if most == 1 {
		length = 0
	}
	return item{length: length, repeatable: true}
}

// condition reads a look-ahead or look-behind that is one.
func (p *parser) condition(at, depth int) {
	if strings.HasPrefix(p.s[p.pos:], "?C") {
		p.pos += 2
		p.callout(at)
		if !p.take("(") {
			p.fail(p.pos, "a condition is due behind this callout")
		}
	}
	if strings.HasPrefix(p.s[p.pos:], "*") && !assertion.MatchString(p.s[p.pos:]) {
		p.fail(p.pos, "a condition is a group, or a look-ahead or look-behind")
	}
	for _, a := range []string{"?=", "?!", "?*", "?<=", "?<!", "?<*", "*"} {
		if strings.HasPrefix(p.s[p.pos:], a) {
			p.group(depth)
			return
		}
	}
	p.fail(at, "a condition is a group, or a look-ahead or look-behind")
}

func (p *parser) groupCondition(at int) {
	if m := recursed.FindStringSubmatch(p.s[p.pos:]); m != nil {
		switch {
		case m[1] != "":
			p.refs = append(p.refs, reference{at: at, name: m[1]})
		case m[2] != "":
			p.refs = append(p.refs, reference{at: at, number: decimal(m[2])})
		}
		p.pos += len(m[0])
		return
	}
	switch {
	case p.take("<"):
		p.reference(">)")
	case p.take("'"):
		p.reference("')")
	case p.numbered(at):
		if p.refs != nil && p.refs[len(p.refs)-1].number == 0 {
			p.fail(at, "there is no group 0")
		}
		if p.err == nil && !p.take(")") {
			p.fail(p.pos, "a condition has no closing bracket")
		}
	default:
		p.reference(")")
	}
}

// options reads (?i), (?x-i:…) and their like.
func (p *parser) options(at, depth int) item {
	before, m := p.flags, p.match(option)
	if m == nil {
		p.fail(p.pos, "what follows (? is known to no pattern")
		return item{}
	}
	set, end := m[0][:len(m[0])-1], m[0][len(m[0])-1:]
	on := true
	for i, c := range set {
		switch c {
		case '^':
			if i > 0 {
				p.fail(at, "^ is not the first of the options")
			}
			p.flags = flags{dupNames: p.flags.dupNames}
		case '-':
			if !on || strings.HasPrefix(set, "^") {
				p.fail(at, "a hyphen in the options is one too many")
			}
			on = false
		case 'x':
			p.flags.extended = on
		case 'n':
			p.flags.noCapture = on
		case 'J':
			p.flags.dupNames = on
		}
	}
	p.flags.extendedMore = strings.Contains(strings.Split(set, "-")[0], "xx") || p.flags.extendedMore && p.flags.extended
	if end == ")" {
		return item{}
	}
	inner := p.flags
	out := func() item { p.flags = inner; return p.inside(at, depth, false, false) }()
	p.flags = before
	return out
}
