package main

import (
	"strings"

	"pbxsync/schema/checks"
)

// checksPage lists what validate looks for beside the rules of files, with examples that are tests.
func checksPage() []byte {
	w := &writer{}
	w.head("Checks that know telephones")
	w.line("%s", checksIntro)
	var rows [][]string
	for _, c := range checks.All() {
		rows = append(rows, []string{"[" + c.ID + "](#" + strings.ToLower(c.ID) + ")", string(c.Severity), plain(c.Title)})
	}
	w.table([]string{"Check", "Severity", "Finds"}, rows)
	for _, c := range checks.All() {
		w.line("## %s", c.ID)
		w.line("")
		w.line("%s (%s).", plain(c.Title), c.Severity)
		w.line("")
		w.line("%s", plain(c.Why))
		w.line("Way out: %s.", plain(strings.Join(strings.Fields(c.WayOut), " ")))
		w.line("")
		w.example("Right", c.Right)
		w.example("Wrong", c.Wrong)
	}
	return w.tidy()
}

func (w *writer) example(what, text string) {
	w.line("%s:", what)
	w.line("")
	w.line("```yaml\n%s```", text)
	w.line("")
}

const checksIntro = "`pbxsync validate` looks for these beside what files may hold at all, `plan` and `apply` do too and leave out notices.\n" +
	"An error is refused as other problems are (exit 3). A tenant can make a check graver or less grave; less needs a reason,\n" +
	"and is told first in the reports of plans, as a rule of review that was weakened:\n" + `
` + "```yaml" + `
checks:
  PBX011: error
  PBX021: off # numbers that are kept for later
  PBX020: {severity: notice, why: "the branch opens in May"}
silence: # one place, and not the whole tenant
  - {warning: PBX001, at: extension/112, why: "the lift's phone"}
` + "```" + `

` + "`pbxsync explain PBX011`" + ` says the same as this page. A check says only what follows from the files: what they do
not state, and what they refer to outside of them, is no finding. Each is one file of data in
[schema/checks/list](../schema/checks/list); the examples are its tests.
`
