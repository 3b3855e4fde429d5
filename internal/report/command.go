package report

import (
	"regexp"
	"strconv"
	"strings"

	"pbxsync/schema/wording"
)

// ApplyCommand is the command that carries a plan out, with the approvals that it needs; "" where
// there is nothing to do, or no flag lets it pass.
func (r *Report) ApplyCommand() string {
	if len(r.Changes) == 0 || r.Applied != nil || r.Command != "plan" || len(r.Errors) > 0 {
		return ""
	}
	parts := append([]string{"pbxsync apply"}, r.Flags...)
	for _, g := range r.Guards {
		if g.Flag == "" || len(g.Values) == 0 {
			return "" // it has to be mended, or a person says which side wins, and no flag for this alone lets it pass
		}
		for _, v := range g.Values {
			parts = append(parts, g.Flag+" "+wording.ShellWord(v))
		}
	}
	if r.Path != "" && r.Path != "." {
		parts = append(parts, wording.ShellWord(r.Path))
	}
	return strings.Join(parts, " ")
}

// plainInFlow is a text that stands for itself between YAML's braces: it begins with a letter, as
// addresses do, and has nothing that means something there.
var plainInFlow = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_/.%+-]*( [A-Za-z0-9_/.%+]+)*$`)

// inFlow writes a text as a value between YAML's braces. The escapes of Go are among those of YAML.
func inFlow(text string) string {
	if plainInFlow.MatchString(text) {
		return text
	}
	return strconv.Quote(strings.ToValidUTF8(text, "\ufffd"))
}
