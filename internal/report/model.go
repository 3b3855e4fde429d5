package report

import (
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/risk"
	"pbxsync/schema/route"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// The versions of the JSON that the program prints: of a report, and of what other commands say.
const (
	Version     = "2.0"
	ListVersion = "1.0"
)

// Report is what a command found and did, from which every form is made. Its JSON
// holds what Terraform's tooling reads, and more.
type Report struct {
	Code    string             `json:"code"` // the word of the exit code
	Version string             `json:"format_version"`
	Command string             `json:"command,omitempty"`
	Path    string             `json:"path,omitempty"`  // of the files, as it was given
	Flags   []string           `json:"flags,omitempty"` // that apply needs too, to do what was planned with them
	Tenant  *plan.TenantID     `json:"tenant,omitempty"`
	Rules   *Rules             `json:"rules,omitempty"` // what the files change of their own review; nil: nothing, or that is not known
	Verdict Verdict            `json:"verdict"`
	Risks   map[risk.Class]int `json:"risks"` // changes, by class of risk
	Guards  []Guard            `json:"guards,omitempty"`
	Errors  schema.Problems    `json:"errors,omitempty"`

	Answers []*route.Turned `json:"answers,omitempty"` // to calls, which turn: in a drift, from those of the files
	Changes []Change        `json:"resource_changes"`
	Steps   []Step          `json:"steps"`

	Left     []string          `json:"cannot_come_back,omitempty"` // of a run that is undone
	Base     *Base             `json:"base,omitempty"`
	Sides    []Sided           `json:"sides,omitempty"` // who moved since the base
	Stuck    []Stuck           `json:"cannot_be_put_back,omitempty"`
	Accepted []Accepted        `json:"accepted,omitempty"` // what the files let be until a day
	Strays   []Stray           `json:"strays,omitempty"`
	Awaiting []Awaiting        `json:"awaiting,omitempty"`
	Losses   []Loss            `json:"losses,omitempty"`             // what goes with deleted objects, as it is at this moment
	Lost     []string          `json:"losses_in_words,omitempty"`    // the same, one line for those that lose alike
	Pending  []observe.Pending `json:"pending,omitempty"`            // secrets: only a person knows whether they have to be sent
	Policies []plan.Finding    `json:"policies,omitempty"`           // rules that the plan breaks
	Notes    []string          `json:"notes,omitempty"`              // what is left undone on purpose, and why
	Asks     schema.Problems   `json:"apply_will_ask_for,omitempty"` // what nothing but writing needs
	Warnings schema.Problems   `json:"warnings,omitempty"`
	Moved    []plan.Staleness  `json:"moved,omitempty"` // what made a saved plan stale

	Objects  []string  `json:"objects,omitempty"` // addresses of all that the files declare
	Files    int       `json:"files,omitempty"`
	Applied  *Applied  `json:"applied,omitempty"`
	Coverage *Coverage `json:"coverage,omitempty"`
	Calls    *Calls    `json:"calls,omitempty"`

	ran      []Event        // what happened while the plan was carried out
	missing  []Sided        // declared objects that are not there and that no call can make
	declared map[string]int // objects, by kind
	perKind  map[string]int // how many of Objects there are of each; nil: not counted yet

	Made string `json:"-"` // when, for forms that tell it: the document is the same for the same tenant
}

// Verdict is what a report comes to: one of a few words for programs, and a sentence.
type Verdict struct {
	Word     string `json:"word"`
	Sentence string `json:"sentence"`
}

// Guard is a refusal: its name, and the flag with the value that lets it pass, where one does.
type Guard struct {
	ID       string   `json:"id,omitempty"`
	Flag     string   `json:"flag,omitempty"`
	Values   []string `json:"values,omitempty"` // of the flag, once for each
	Sentence string   `json:"sentence"`
}

// Applied says how far an apply has come.
type Applied struct {
	Done    int    `json:"done"`
	Failed  int    `json:"failed"`
	Skipped int    `json:"skipped"`
	Retries int    `json:"retries"`
	Proven  string `json:"proven,omitempty"` // what reading the tenant again has shown, in words
}

// Stray is a live object that no file declares.
type Stray struct {
	Address string        `json:"address"`
	Policy  schema.Policy `json:"policy"`
	Stays   bool          `json:"stays,omitempty"` // the API cannot delete it
}

// Accepted is a difference that the files let be until a day: of a field, or of a whole object.
type Accepted struct {
	Action  diff.Action  `json:"action"` // what would end it
	Address string       `json:"address"`
	Field   string       `json:"field,omitempty"`
	Old     any          `json:"old,omitempty"` // in the tenant
	New     any          `json:"new,omitempty"` // in the files
	Until   string       `json:"until"`
	Why     string       `json:"why"`
	Place   schema.Place `json:"place,omitzero"` // of the entry that accepts it
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

// New returns an empty report of a command.
func New(command string) *Report {
	return &Report{Version: Version, Command: command, Risks: map[risk.Class]int{}, Changes: []Change{}, Steps: []Step{}}
}

// Differs reports whether there is a difference: a change, or a stray that the
// files count as one.
func (r *Report) Differs() bool {
	for _, s := range r.Strays {
		if s.Policy == schema.Differ {
			return true
		}
	}
	if slices.ContainsFunc(r.Sides, func(x Sided) bool { return x.left() }) {
		return true
	}
	return len(r.Stuck)+len(r.Asks)+len(r.Pending)+len(r.Changes) > 0
}

// Count returns how many changes have the action. What is new with its parent is a part of it.
func (r *Report) Count(a diff.Action) int {
	n := 0
	for i := range r.Changes {
		if r.Changes[i].Action == a && r.Changes[i].Within == "" {
			n++
		}
	}
	return n
}
