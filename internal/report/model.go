package report

import (
	"fmt"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/wording"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// Version is the version of the JSON that the program prints.
const Version = "1.0"

// Report is what plan and drift found, from which every form is made.
type Report struct {
	Version  string            `json:"format_version"`
	Left     []string          `json:"cannot_come_back,omitempty"` // of a run that is undone
	Plan     *plan.Value       `json:"plan,omitempty"`
	Base     *Base             `json:"base,omitempty"`
	Sides    []Sided           `json:"sides,omitempty"` // who moved since the base
	Stuck    []Stuck           `json:"cannot_be_put_back,omitempty"`
	Strays   []Stray           `json:"strays,omitempty"`
	Awaiting []Awaiting        `json:"awaiting,omitempty"`
	Coverage *Coverage         `json:"coverage,omitempty"`
	Calls    *Calls            `json:"calls,omitempty"`
	Losses   []Loss            `json:"losses,omitempty"`          // what goes with deleted objects, as it is at this moment
	Lost     []string          `json:"losses_in_words,omitempty"` // the same, one line for those that lose alike
	Guards   []string          `json:"guards,omitempty"`
	Pending  []observe.Pending `json:"pending,omitempty"`            // secrets: only a person knows whether they have to be sent
	Policies []plan.Finding    `json:"policies,omitempty"`           // rules that the plan breaks
	Notes    []string          `json:"notes,omitempty"`              // what is left undone on purpose, and why
	Asks     schema.Problems   `json:"apply_will_ask_for,omitempty"` // what nothing but writing needs
	Problems schema.Problems   `json:"problems,omitempty"`
	Warnings schema.Problems   `json:"warnings,omitempty"`
	Moved    []plan.Staleness  `json:"moved,omitempty"` // what made a saved plan stale
	Error    string            `json:"error,omitempty"`
}

// Stray is a live object that no file declares.
type Stray struct {
	Address string        `json:"address"`
	Policy  schema.Policy `json:"policy"`
	Stays   bool          `json:"stays,omitempty"` // the API cannot delete it
}

// Stuck is a difference that no call can end.
type Stuck struct {
	Address string       `json:"address"`
	Field   string       `json:"field"`
	Old     any          `json:"old"`
	New     any          `json:"new"`
	Why     string       `json:"why"`
	Place   schema.Place `json:"place,omitzero"`
}

// Hidden is a field that the server does not show.
type Hidden struct {
	Field   string `json:"field"` // with its kind, as extension.label
	Objects int    `json:"objects"`
}

// Awaiting is an object that is not in the tenant yet, or a field that waits for one.
type Awaiting struct {
	Address string       `json:"address"`
	Field   string       `json:"field,omitempty"`
	For     string       `json:"for,omitempty"`
	Place   schema.Place `json:"place,omitzero"`
}

// Loss is what goes with a deleted object and is no object itself.
type Loss struct {
	Address string   `json:"address"`
	Kind    string   `json:"kind,omitempty"` // none for what this version does not read
	Text    string   `json:"text"`
	Count   int      `json:"count"`
	Unknown string   `json:"unknown,omitempty"` // why nobody could count them
	Rows    []string `json:"rows,omitempty"`    // of what goes on at it
	Unread  []string `json:"unread,omitempty"`  // what it has and this version cannot read
	Users   []string `json:"users,omitempty"`   // what may refer to it and is not read
	Closed  []string `json:"closed,omitempty"`  // what may refer to it and cannot be read, and why
}

// Coverage says what was looked at, and what was not.
type Coverage struct {
	Compared int      `json:"compared"`
	Fields   int      `json:"fields"`
	Strays   int      `json:"strays"`
	Skipped  int      `json:"contents_skipped,omitempty"` // files whose content was not compared
	Hidden   []Hidden `json:"not_shown,omitempty"`
	Unread   []string `json:"kinds_not_read"`
	Unknown  []string `json:"not_known_to_this_version"`
}

// Calls are the calls of a plan: reads made, writes to make, and what is counted apart.
type Calls struct {
	observe.Calls
	Reads  int `json:"reads"`
	Writes int `json:"writes"`
}

// Of makes the report of a state and its plan, nil where there is none.
func Of(s *observe.State, p *plan.Plan) *Report {
	r := &Report{Version: Version, Problems: s.Problems.Errors().Reading(), Asks: s.Problems.Errors().Asked()}
	for _, stray := range s.Diff.Strays {
		r.Strays = append(r.Strays, Stray{stray.Object.Address(), stray.Policy, stray.Stays})
	}
	for _, a := range s.Diff.Awaiting {
		r.Awaiting = append(r.Awaiting, Awaiting{a.Address, a.Field, a.For, a.Place})
	}
	r.Coverage = &Coverage{Compared: s.Diff.Coverage.Compared, Fields: s.Diff.Coverage.Fields, Strays: len(r.Strays), Skipped: len(s.Skipped), Unread: []string{}, Unknown: append([]string{}, s.Unknown...)}
	for _, h := range s.Diff.Hidden {
		r.Coverage.Hidden = append(r.Coverage.Hidden, Hidden{h.Kind.Word + "." + h.Field.Name, h.Objects})
	}
	for _, st := range s.Diff.Stuck {
		r.Stuck = append(r.Stuck, Stuck(st))
	}
	for _, k := range s.Unread {
		r.Coverage.Unread = append(r.Coverage.Unread, k.YAML())
	}
	guards := s.Guards
	if p != nil {
		r.Plan, guards = &p.Value, append(slices.Clone(guards), p.Guards...)
	}
	for _, g := range guards {
		r.Guards = append(r.Guards, g.Error())
	}
	for _, l := range s.Losses {
		loss := Loss{Address: l.Address(), Kind: l.Word(), Text: l.String(), Count: len(l.Rows), Unknown: l.Unknown, Unread: l.Parts, Users: l.Users, Closed: l.Closed}
		if l.Running() {
			loss.Rows = l.Rows
		}
		r.Losses = append(r.Losses, loss)
	}
	for _, g := range plan.GroupLosses(s.Losses) {
		r.Lost = append(r.Lost, g.Who()+" "+g.Text)
	}
	r.Notes, r.Pending = s.Notes, s.Pending
	r.Calls = &Calls{Calls: s.Calls, Reads: s.Calls.Reads()}
	if p != nil {
		r.Calls.Writes = len(p.Steps)
	}
	return r
}

// Differs reports whether there is a difference: a change, or a stray that the
// files count as one.
func (r *Report) Differs() bool {
	for _, s := range r.Strays {
		if s.Policy == schema.Differ {
			return true
		}
	}
	return len(r.Stuck)+len(r.Asks)+len(r.Pending) > 0 || r.Plan != nil && len(r.Plan.Changes) > 0
}

// Line returns the coverage as the last line of every plan.
func (c *Coverage) Line() string {
	line := fmt.Sprintf("compared %s of %s fields", wording.Thousands(c.Compared), wording.Thousands(c.Fields))
	if c.Strays > 0 {
		line += "; " + count(c.Strays, "object") + " that no file declares"
	}
	if c.Skipped > 0 {
		line += "; content of " + count(c.Skipped, "file") + " not compared (--skip-content)"
	}
	if len(c.Hidden) > 0 {
		line += "; the server does not show: " + hiddenText(c.Hidden)
	}
	if len(c.Unread) > 0 {
		line += "; kinds not read: " + strings.Join(c.Unread, ", ")
	}
	if len(c.Unknown) > 0 {
		line += "; not known to this version: " + strings.ReplaceAll(strings.Join(c.Unknown, ", "), "_", " ")
	}
	return line
}

// hiddenText names the fields that answers lack, and at how many objects.
func hiddenText(list []Hidden) string {
	parts := make([]string, len(list))
	for i, h := range list {
		parts[i] = fmt.Sprintf("%s (%s)", h.Field, count(h.Objects, "object"))
	}
	return strings.Join(parts, ", ")
}

// Line returns the calls in words.
func (c *Calls) Line() string {
	line := fmt.Sprintf("%s and %s", count(c.Reads, "read"), count(c.Writes, "write"))
	if c.Downloads > 0 {
		line += fmt.Sprintf(", %s of the reads for %s bytes of content", wording.Thousands(c.Downloads), wording.Thousands(int(c.Bytes)))
	}
	var apart []string
	for _, a := range []struct {
		n    int
		what string
	}{{c.Tenant, "for the tenant itself"}, {c.Limits, "for the limits"}, {c.Extra, "to see whether a list goes on"}, {c.Losses, "to see what would be lost"}, {c.Second, "to read lists a second time"}, {c.Checks, "to look again right before writing"}, {c.Settling, "to find out what became of calls without an answer"}, {c.Ended, "to end what was left behind"}, {c.Again, "to read again"}, {c.Token, "for the token"}} {
		if a.n > 0 {
			apart = append(apart, fmt.Sprintf("%d %s", a.n, a.what))
		}
	}
	if len(apart) > 0 {
		line += "; apart from these " + strings.Join(apart, ", ")
	}
	return line
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return wording.Thousands(n) + " " + what + "s"
}

// beside counts the differences that the plan cannot end.
func (r *Report) beside() string {
	text := ""
	if n := len(r.Stuck); n > 0 {
		text += "; " + count(n, "difference") + " that cannot be put back"
	}
	if n := len(r.Pending); n > 0 {
		text += "; " + count(n, "secret") + " to be decided"
	}
	return text
}

// summary counts the changes by action.
func summary(p *plan.Value) string {
	var parts []string
	for _, a := range []diff.Action{diff.Create, diff.Update, diff.Rename, diff.Replace, diff.Delete} {
		if n := p.Count(a); n > 0 {
			parts = append(parts, fmt.Sprintf("%d to %s", n, a))
		}
	}
	if len(parts) == 0 {
		return "nothing to do"
	}
	return strings.Join(parts, ", ")
}
