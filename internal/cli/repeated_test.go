package cli

import (
	"maps"
	"slices"
	"strings"
	"testing"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/schema"
	"pbxsync/sync"
)

// The command to copy has every flag that decides what apply does: each that plan and apply have
// in common, but those of the server, of output, and of what is refused.
func TestFlagsAreRepeated(t *testing.T) {
	one := []string{"x"}
	o := &wanted{only: one, sendSecrets: one, trustVersions: one, skipContent: true, createTenant: "x", deleteTenant: "x", base: "x", revertDrift: true, rules: ruled{by: "x"},
		allow: sync.Allowed{Deletes: 1, Updates: 1, Loss: one, Hangup: one, Fewer: one, Rules: one, Risks: one}}
	got := strings.Join(o.repeated(), " ") + " "
	commands := map[string]*ucli.Command{}
	for _, c := range (&Program{Catalogue: schema.Builtin()}).Commands() {
		commands[c.Name] = c
	}
	plan, apply := flagsOf(commands, "plan"), flagsOf(commands, "apply")
	beside := flagsOf(map[string]*ucli.Command{"x": {Flags: slices.Concat(engineFlags(), tellingFlags(), []ucli.Flag{failOnFlag()})}}, "x")
	n := 0
	for name := range maps.Keys(plan) {
		if apply[name] == nil || beside[name] != nil {
			continue
		}
		n++
		if !strings.Contains(got, "--"+name+" ") {
			t.Errorf("--%s is not repeated", name)
		}
	}
	if n < 10 {
		t.Errorf("only %d flags were looked at", n)
	}
}
