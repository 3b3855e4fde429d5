package main

import (
	"fmt"

	"pbxsync/schema"
	"pbxsync/schema/risk"
	"pbxsync/sync/plan"
)

// risksPage lists what a change can do to people: the table is what plans are weighed by.
func risksPage(c *schema.Catalogue) []byte {
	w := &writer{}
	w.head("Risks of changes")
	w.line("%s", risksIntro)
	var rows [][]string
	for _, class := range risk.Classes() {
		rows = append(rows, []string{code(string(class)), class.Meaning()})
	}
	w.table([]string{"Class", "What it means"}, rows)
	w.line("%s", risksAsked)
	w.line("## Directions")
	w.line("")
	w.line("%s", risksDirections)
	rows = nil
	for _, m := range risk.Ways() {
		rows = append(rows, []string{code(string(m.Way)), m.Text})
	}
	w.table([]string{"Word", "The change"}, rows)
	w.line("## Which changes")
	w.line("")
	rows = nil
	for _, k := range c.Kinds {
		if k.Managed() {
			rows = append(rows, riskRows(k)...)
		}
	}
	w.table([]string{"Kind", "Field", "Direction", "Class"}, rows)
	w.line("What goes with a deleted object counts with it: its children with the classes of their own delete, and %s", risksLost)
	return w.tidy()
}

// riskRows are the rules of one kind, in the order of its file.
func riskRows(k *schema.Kind) [][]string {
	var rows [][]string
	row := func(field string, rs risk.Rules) {
		for _, r := range rs.List {
			rows = append(rows, []string{code(k.Word), field, r.String(), code(string(r.Class))})
		}
	}
	row("the object itself", k.Risks)
	if keeps := k.Risks.Keeps; keeps != nil {
		rows = append(rows, []string{code(k.Word), code(keeps.Field), fmt.Sprintf("none is %s any more: %s", keeps.Is, keeps.Else), code(plan.LockOut)})
	}
	if k.Loses != "" || len(k.Unread.Parts) > 0 {
		rows = append(rows, []string{code(k.Word), "the object itself", "deleted or replaced, with what only it has", code(string(risk.Loses))})
	}
	for _, f := range k.Fields {
		row(code(f.Name), f.Risks)
	}
	return rows
}

const risksIntro = `What a change can do to people is data of its kind: ` + "`x-risk`" + ` in its file says which change of a field, in
which direction, is of which class. Plans have the classes at each change and each field, the worst first.
`

const risksAsked = "A class is refused (exit 6) where somebody asks for it, until it is approved by its name:\n" + `
` + "```sh" + `
pbxsync plan --fail-on cuts,opens
pbxsync apply --fail-on cuts,opens --approve opens
` + "```" + `

The files can ask for it too, beside ` + "`tenant:`" + `, and a saved plan keeps what they asked for:

` + "```yaml" + `
review: {cuts: approve, opens: approve}
` + "```" + `

A plan after which nobody could sign in is always refused, until ` + "`--approve lock-out`" + ` says that just this is meant.
` + "`drift --fail-on`" + ` looks the other way round: at what happened in the tenant, and at what appeared there.
`

const risksDirections = `What is new cuts nothing off and loses nothing, since nobody had it: of a new object only the other three classes
count, and only the directions that its first value can have. What is made again has the old object as what was.
`

const risksLost = "what rings nowhere meanwhile is `cuts`."
