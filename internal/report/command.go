package report

import (
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
		if g.Flag == "" {
			return "" // it has to be mended, and no flag lets it pass
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
