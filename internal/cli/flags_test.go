package cli

import (
	"slices"
	"strings"
	"testing"

	"pbxsync/schema"
)

// TestFlagsAfterThePath: the library would swallow them without a word.
func TestFlagsAfterThePath(t *testing.T) {
	p := &Program{Catalogue: schema.Builtin()}
	for in, want := range map[string]string{
		"plan dir --detailed-exitcode":            "plan --detailed-exitcode -- dir",
		"plan --out p.json dir":                   "plan --out p.json -- dir",
		"plan dir --out p.json --only a --only b": "plan --out p.json --only a --only b -- dir",
		"plan dir --out=p.json":                   "plan --out=p.json -- dir",
		"plan -":                                  "plan -- -",
		"apply - --auto-approve --state-dir s":    "apply --auto-approve --state-dir s -- -",
		"plan -- --odd-folder":                    "plan -- --odd-folder",
		"--help":                                  "--help",
		"nonsense --flag":                         "nonsense --flag",
	} {
		got, err := reorder(p.app(), strings.Fields(in))
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q becomes %q (%v), want %q", in, strings.Join(got, " "), err, want)
		}
	}
	if _, err := reorder(p.app(), []string{"plan", "dir", "--out"}); err == nil {
		t.Error("a flag without its value is taken")
	}
}

// TestApprovalsHaveNoVariable: nothing in the environment may approve anything.
func TestApprovalsHaveNoVariable(t *testing.T) {
	approvals := []string{"auto-approve", "allow-deletes", "allow-updates", "allow-loss", "allow-fewer", "only", "detailed-exitcode", "out", "trust-version"}
	p := &Program{Catalogue: schema.Builtin()}
	for _, c := range p.Commands() {
		for _, f := range c.Flags {
			name := f.Names()[0]
			d, ok := f.(interface{ GetEnvVars() []string })
			if !ok || !slices.Contains(approvals, name) {
				continue
			}
			if vars := d.GetEnvVars(); len(vars) > 0 {
				t.Errorf("%s --%s can be given by %v", c.Name, name, vars)
			}
		}
	}
}

func TestExitCodesAreOneTable(t *testing.T) {
	seen := map[int]bool{}
	for _, c := range exitCodes {
		if seen[c.Code] || c.Text == "" || c.Code != exitFine && c.Name == "" {
			t.Errorf("exit code %d is given twice or not explained", c.Code)
		}
		seen[c.Code] = true
	}
}
