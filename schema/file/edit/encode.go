package edit

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// Masked tells characters that the encoder would write otherwise than people
// should read them: signs beyond the basic plane, which it writes as numbers,
// and invisible ones, which it would leave invisible.
func Masked(r rune) bool {
	return r > 0xffff || unicode.In(r, unicode.Cf, unicode.Co) || r == 0xa0
}

const maskBegin, maskEnd = "\ue000", "\ue001"

var mask = regexp.MustCompile(maskBegin + `([0-9a-f]+)` + maskEnd)

// Encode writes a new tree as YAML, indented by some columns.
func Encode(n *yaml.Node, indent int) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(indent)
	if err := e.Encode(maskNode(n)); err != nil {
		return nil, err
	}
	if err := e.Close(); err != nil {
		return nil, err
	}
	return mask.ReplaceAllFunc(b.Bytes(), func(m []byte) []byte {
		x, _ := strconv.ParseUint(string(mask.FindSubmatch(m)[1]), 16, 32)
		r := rune(x)
		switch {
		case r > 0xffff && unicode.IsGraphic(r):
			return []byte(string(r))
		case r > 0xffff:
			return fmt.Appendf(nil, `\U%08X`, r)
		}
		return fmt.Appendf(nil, `\u%04X`, r)
	}), nil
}

// maskNode copies a tree with words in place of the characters that are masked.
func maskNode(n *yaml.Node) *yaml.Node {
	c := *n
	if n.Kind == yaml.ScalarNode {
		if strings.ContainsFunc(n.Value, Masked) {
			c.Value, c.Style = maskText(n.Value), yaml.DoubleQuotedStyle
		} else if c.Tag == "!!str" && strings.Contains(c.Value, "\n") {
			c.Style = yaml.DoubleQuotedStyle
		}
		return &c
	}
	if len(n.Content) == 0 {
		c.Style = yaml.FlowStyle
	}
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, x := range n.Content {
		c.Content[i] = maskNode(x)
	}
	return &c
}

func maskText(s string) string {
	var b strings.Builder
	for _, r := range s {
		if Masked(r) {
			fmt.Fprintf(&b, "%s%x%s", maskBegin, r, maskEnd)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
