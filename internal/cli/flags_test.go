package cli

import (
	"strings"
	"testing"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/exit"
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

// TestApprovalsHaveNoVariable: nothing in the environment may approve anything, or choose what
// a run does. What only commands that lead to a write take is such a word, unless a reason
// stands here.
func TestApprovalsHaveNoVariable(t *testing.T) {
	fine := map[string]string{
		"skip-content": "reads less, and leaves what it did not read alone",
		"reread":       "reads more or less, and approves nothing",
		"settle":       "how long to wait, which approves nothing",
		"secrets-dir":  "where secrets lie, which a machine says once",
		"notify":       "who is told, by an address that holds a credential",
		"link":         "what the message ends with",
		"metrics":      "where figures are written",
	}
	commands := map[string]*ucli.Command{}
	for _, c := range (&Program{Catalogue: schema.Builtin()}).Commands() {
		commands[c.Name] = c
	}
	read := flagsOf(commands, "validate", "runs", "show", "check")
	seen := 0
	for name, f := range flagsOf(commands, "plan", "apply", "drift", "undo", "settle") {
		vars := f.(ucli.DocGenerationFlag).GetEnvVars()
		if read[name] != nil {
			continue
		}
		seen++
		if _, ok := fine[name]; !ok && len(vars) > 0 {
			t.Errorf("--%s can be given by %v", name, vars)
		} else if ok && len(vars) == 0 {
			t.Errorf("--%s has no variable: delete it here", name)
		}
		delete(fine, name)
	}
	if seen < 15 || len(fine) > 0 {
		t.Errorf("%d words looked at; no flags any more: %v", seen, fine)
	}
}

// flagsOf returns the flags of some commands by their names.
func flagsOf(all map[string]*ucli.Command, names ...string) map[string]ucli.Flag {
	out := map[string]ucli.Flag{}
	for _, name := range names {
		for _, f := range all[name].Flags {
			out[f.Names()[0]] = f
		}
	}
	return out
}

func TestExitCodesAreOneTable(t *testing.T) {
	seen := map[int]bool{}
	for _, c := range exit.Codes() {
		if seen[c.Code] || c.Text == "" || c.Code != exit.Fine && c.Name == "" {
			t.Errorf("exit code %d is given twice or not explained", c.Code)
		}
		seen[c.Code] = true
	}
}
