package plan

import "pbxsync/schema"

// Severity says what happens where a plan breaks a rule of whoever runs the program.
type Severity string

// The severities, worst first.
const (
	Refuse  Severity = "refuse"  // the plan is not carried out, whoever approves it
	Approve Severity = "approve" // it is carried out once the rule was approved by its id
	Warn    Severity = "warn"    // it is said
)

// Finding is a rule that a plan breaks, or that could not be asked about it.
type Finding struct {
	ID       string       `json:"id"`
	Severity Severity     `json:"severity"`
	Address  string       `json:"address,omitempty"` // of the change or the object; none: the plan as a whole
	Message  string       `json:"message"`
	Place    schema.Place `json:"place,omitzero"` // of the rule
}
