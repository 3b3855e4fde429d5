package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
)

// File is one YAML file: the name that messages show, and its bytes.
type File struct {
	Name string
	Data []byte
}

// Limits bound what a file may hold, so that no input costs more than moments.
const (
	MaxFileSize = 4 << 20
	maxDepth    = 32
	maxEntries  = 50_000
	maxScalar   = 64 << 10
)

// parse reads one file into a YAML tree and reports what no file may hold.
func parse(f File) (*yaml.Node, schema.Problems) {
	s := &source{name: f.Name, data: f.Data}
	if s.checkBytes(); len(s.problems) > 0 {
		return nil, s.problems
	}
	root := s.document()
	if root != nil {
		s.check(root, 0)
	}
	var long longTexts
	long.add(root)
	return root, long.cut(s.problems)
}

// Tree reads one file into a YAML tree with the places of the file, for those who change the
// file by position.
func Tree(f File) (*yaml.Node, schema.Problems) { return parse(f) }

// ParseMap reads a small YAML file of settings, not a tenant file, into plain values.
func ParseMap(f File) (map[string]any, error) {
	root, problems := parse(f)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	m, ok := settingOf(f.Name, root).Plain().(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: the file has to hold keys and values", f.Name)
	}
	return m, nil
}

type source struct {
	name     string
	data     []byte
	problems schema.Problems
}

func (s *source) at(line, column int) schema.Place {
	return schema.Place{File: s.name, Line: line, Column: column}
}

func (s *source) report(p schema.Place, hint, message string, args ...any) {
	s.problems = append(s.problems, schema.Problem{Place: p, Message: fmt.Sprintf(message, args...), Hint: hint})
}

// offset returns the place of a byte.
func (s *source) offset(i int) schema.Place {
	before := s.data[:i]
	start := bytes.LastIndexByte(before, '\n') + 1
	return s.at(1+bytes.Count(before, []byte("\n")), 1+utf8.RuneCount(before[start:]))
}

func (s *source) checkBytes() {
	switch {
	case len(s.data) > MaxFileSize:
		s.report(s.at(0, 0), "split the tenant into several files", "the file is over the limit of %d MiB", MaxFileSize>>20)
		return
	case bytes.HasPrefix(s.data, []byte{0xff, 0xfe}) || bytes.HasPrefix(s.data, []byte{0xfe, 0xff}):
		s.report(s.at(1, 1), "save it as UTF-8", "the file is UTF-16")
		return
	}
	for i := 0; i < len(s.data); {
		if b := s.data[i]; b >= 0x20 && b < 0x7f || b == '\n' || b == '\t' || b == '\r' {
			i++
			continue
		}
		r, n := utf8.DecodeRune(s.data[i:])
		if r == utf8.RuneError && n == 1 {
			s.report(s.offset(i), "save the file as UTF-8", "byte 0x%02x is not valid UTF-8", s.data[i])
			return
		}
		if forbidden(r) {
			s.report(s.offset(i), "delete it", "control character %U is not allowed", r)
			return
		}
		i += n
	}
}

func forbidden(r rune) bool {
	return r < 0x20 && r != '\n' && r != '\t' && r != '\r' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029
}

// document returns the root of the only document, or nil.
func (s *source) document() *yaml.Node {
	data, moved := s.fromJSON()
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		s.report(s.at(1, 1), "write version: 1 and tenant: NAME, or delete the file", "the file is empty")
		return nil
	} else if err != nil {
		s.syntax(err)
		return nil
	}
	if err := dec.Decode(&second); err == nil {
		s.report(s.at(second.Line, second.Column), "one file holds one document", "a second YAML document starts here")
		return nil
	} else if !errors.Is(err, io.EOF) {
		s.syntax(err)
		return nil
	}
	unshift(doc.Content[0], moved)
	return doc.Content[0]
}

var (
	yamlLine      = regexp.MustCompile(`^yaml: line (\d+): `)
	unknownAnchor = regexp.MustCompile(`unknown anchor '([^']*)'`)
	barePattern   = regexp.MustCompile(`(?m)^[^#\n"']*?[:-][ \t]+(\*[^\s,]*|\[[^\]\n]*\][^\s,\]}#][^\n]*|[{][0-9,]*[}][^\s,\]}#][^\n]*|[?%@` + "`" + `|>&!][^\s]+[^\n]*)`)
)

const quotePattern = "patterns belong in single quotes: %s"

// syntax turns an error of the YAML library into a problem with a place. A bare
// pattern is what mostly stands behind one.
func (s *source) syntax(err error) {
	text := err.Error()
	line := 1
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = strings.TrimPrefix(text, m[0])
		if strings.HasPrefix(text, "did not find expected") && !strings.Contains(text, "alphabetic") {
			line++ // the library counts these lines from 0
		}
	}
	if !strings.Contains(text, "expected ',' or") && s.slip(text, line) {
		return
	}
	if m := barePattern.FindSubmatchIndex(s.data); m != nil {
		value := strings.TrimSpace(string(s.data[m[2]:m[3]]))
		hint := fmt.Sprintf(quotePattern, "'"+strings.ReplaceAll(value, "'", "''")+"'")
		if strings.HasPrefix(value, "*") {
			hint = fmt.Sprintf(quotePattern, `'\`+value+"'") + `, where \* is a star that is dialled`
		}
		if unknownAnchor.MatchString(text) {
			s.report(s.offset(m[2]), hint, "%s is read as a YAML alias, and aliases are not supported", value)
			return
		}
		s.report(s.offset(m[2]), hint, "%s cannot stand without quotes", value)
		return
	}
	if s.slip(text, line) {
		return
	}
	s.report(s.at(line, 1), "look at this line and the one above it: indentation, a missing space after a colon, an open quote", "not valid YAML: %s", strings.TrimPrefix(text, "yaml: "))
}

// slip knows the errors that stand for a common slip.
func (s *source) slip(text string, line int) bool {
	hint := ""
	switch {
	case strings.Contains(text, "invalid Unicode character escape code"):
		hint = `\u with D8 to DF is half a character; write both halves one after the other, or the character itself`
	case strings.Contains(text, "unknown escape character"):
		hint = `a backslash begins an escape in double quotes; patterns belong in single quotes: '^\d+$'`
	case strings.Contains(text, "cannot start any token") && bytes.HasPrefix(s.line(line), []byte("\t")):
		hint = "a tab indents this line; indent with spaces"
	case strings.Contains(text, "expected ',' or"):
		hint = "close the bracket here or above; patterns belong in single quotes: '^[0-9]{3}$'"
	default:
		return false
	}
	s.report(s.at(line, 1), hint, "not valid YAML: %s", strings.TrimPrefix(text, "yaml: "))
	return true
}

// line returns one line of the file.
func (s *source) line(n int) []byte {
	lines := bytes.SplitN(s.data, []byte("\n"), n+1)
	if n < 1 || n > len(lines) {
		return nil
	}
	return lines[n-1]
}

// check walks the tree for what no file may hold. It goes on after a problem.
func (s *source) check(n *yaml.Node, depth int) {
	p := s.at(n.Line, n.Column)
	if depth > maxDepth {
		s.report(p, "", "nested deeper than %d levels", maxDepth)
		return
	}
	if n.Kind == yaml.AliasNode {
		s.report(p, "write the value again, or use defaults:; patterns belong in single quotes: '\\*"+n.Value+"'", "alias *%s is not supported", n.Value)
		return
	}
	if n.Anchor != "" {
		s.report(p, "write the value again where it is needed, or use defaults:", "anchor &%s is not supported", n.Anchor)
	}
	if n.Style&yaml.TaggedStyle != 0 {
		s.report(p, "delete the tag; text goes in quotes", "tag %s is not supported", n.Tag)
	}
	if len(n.Value) > maxScalar {
		s.report(p, "", "the value has %d bytes, limit %d", len(n.Value), maxScalar)
	}
	s.checkEscapes(n, p)
	if n.Kind == yaml.MappingNode {
		s.checkKeys(n)
	}
	if n.Kind == yaml.SequenceNode && len(n.Content) > maxEntries {
		s.report(p, "", "the list has %d entries, limit %d", len(n.Content), maxEntries)
		return
	}
	for _, c := range n.Content {
		s.check(c, depth+1)
	}
}

// checkEscapes finds control characters that came in as "\x1b".
func (s *source) checkEscapes(n *yaml.Node, p schema.Place) {
	if n.Style != yaml.DoubleQuotedStyle {
		return
	}
	for _, r := range n.Value {
		if forbidden(r) {
			s.report(p, "delete it", "control character %U is not allowed", r)
			return
		}
	}
}

func (s *source) checkKeys(n *yaml.Node) {
	if count := len(n.Content) / 2; count > maxEntries {
		s.report(s.at(n.Line, n.Column), "split the tenant into several files", "%d entries here, limit %d", count, maxEntries)
		return
	}
	lines := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		at := s.at(k.Line, k.Column)
		switch line, dup := lines[k.Value]; {
		case k.Kind != yaml.ScalarNode:
			s.report(at, "patterns and special characters belong in single quotes", "a key has to be text")
		case k.Tag == "!!merge":
			s.report(at, "use defaults:, or write the values again", "merge key << is not supported")
		case dup:
			s.report(at, "delete one of the two", "%q was already given in line %d", k.Value, line)
		default:
			lines[k.Value] = k.Line
		}
	}
}
