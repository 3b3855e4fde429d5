package checks

import (
	"cmp"
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/wording"
)

//go:embed list/*.yaml
var list embed.FS

// Check is one thing that is looked for.
type Check struct {
	ID       string `yaml:"-"`
	Title    string
	Severity schema.Severity
	Why      string
	WayOut   string `yaml:"way-out"`
	Finds    string // the finder
	Over     []string
	When     conditions
	Says     string
	At       string            // field whose place is told; "": the object's
	Uses     map[string]string // what else the finder looks at: kind.field, by what it is to it
	Right    string
	Wrong    string
	Today    string // the day of the examples
}

// All returns every check, by id.
func All() []*Check { return all() }

var all = sync.OnceValue(func() []*Check {
	files, err := list.ReadDir("list")
	if err != nil {
		panic(err) // it is our own
	}
	var out []*Check
	for _, f := range files {
		text, _ := list.ReadFile("list/" + f.Name())
		c := &Check{ID: strings.TrimSuffix(f.Name(), path.Ext(f.Name()))}
		if err := yaml.Unmarshal(text, c); err != nil {
			panic(fmt.Sprintf("%s: %s", f.Name(), err)) // a test reads all of them
		}
		out = append(out, c)
	}
	return out
})

// Find returns the check with the id, or nil.
func Find(id string) *Check {
	i := slices.IndexFunc(all(), func(c *Check) bool { return c.ID == strings.ToUpper(id) })
	if i < 0 {
		return nil
	}
	return all()[i]
}

// IDs returns the ids of all checks, in order.
func IDs() []string {
	var out []string
	for _, c := range all() {
		out = append(out, c.ID)
	}
	return out
}

// IsID reports whether a word is meant as the id of a check.
func IsID(word string) bool {
	const family = "PBX"
	return len(word) > len(family) && strings.EqualFold(word[:len(family)], family) && strings.Trim(word[len(family):], "0123456789") == ""
}

// Explain says what a check is for.
func Explain(id string) (string, error) {
	c := Find(id)
	if c == nil {
		return "", schema.Problems{{Message: fmt.Sprintf("no check %q", id), Hint: cmp.Or(wording.DidYouMean(strings.ToUpper(id), IDs()), "pbxsync explain checks lists them")}}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\nSeverity:  %s\n\n%s\nWay out:   %s\n\nRight:\n%s\nWrong:\n%s", c.ID, c.Title, c.Severity, c.Why, strings.TrimSpace(c.WayOut), indent(c.Right), indent(c.Wrong))
	fmt.Fprintf(&b, "\nIn files:  checks: {%s: {severity: off, why: \"the reason\"}}\n", c.ID)
	return b.String(), nil
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("  " + line)
	}
	return b.String()
}

// Kinds returns what the check looks at: kinds, and fields as kind.field.
func (c *Check) Kinds() []string {
	var out []string
	for _, kind := range c.Over {
		out = append(out, kind)
		for _, one := range c.When {
			out = append(out, kind+"."+one.path)
		}
		for _, m := range gap.FindAllStringSubmatch(c.Says, -1) {
			out = append(out, kind+"."+m[1])
		}
		if c.At != "" {
			out = append(out, kind+"."+c.At)
		}
	}
	for _, use := range c.Uses {
		if strings.Contains(use, ".") && !strings.HasPrefix(use, "^") {
			out = append(out, use)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
