package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Place is where something stands in a file. Line and Column start at 1, and
// columns count characters. The zero Place is nowhere.
type Place struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// String returns FILE:LINE:COL, or as much of it as is known.
func (p Place) String() string {
	switch {
	case p.File == "":
		return ""
	case p.Line == 0:
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Problem is one thing that is wrong with the input: where, what, and the way out.
type Problem struct {
	Place   Place   `json:"place"`
	Address string  `json:"address,omitempty"`
	Message string  `json:"message"`
	Hint    string  `json:"hint,omitempty"`
	Asked   bool    `json:"asked_by_apply,omitempty"` // only what writes is hindered by it
	Warning Warning `json:"warning,omitempty"`        // what it warns of; none: it is an error
	Check   string  `json:"check,omitempty"`          // the id of the check that found it; none: the rules of files did
	Notice  bool    `json:"notice,omitempty"`         // a warning that is only worth knowing
}

// Warning is the stable name of what a problem warns of. Files silence it by this name.
type Warning string

// The warnings that there are.
const (
	WarnAlike      Warning = "look-alike"       // YAML readers take a value for something else
	WarnPrefix     Warning = "foreign-prefix"   // a text begins as a full name does
	WarnURL        Warning = "weak-url"         // others can read or take what is sent there
	WarnProtects   Warning = "protects-nothing" // a line of protected: that no object has
	WarnTenantName Warning = "tenant-name"      // the server calls the tenant otherwise
	WarnNumber     Warning = "number-gone"      // a number of an object that the plan deletes
	WarnLeftOut    Warning = "left-out"         // import cannot write it down
	WarnLimit      Warning = "limit-read-twice" // a limit can be counted in two ways, and one is exceeded
	WarnRespelled  Warning = "respelled"        // the server keeps another form of a value
	WarnNever      Warning = "never-holds"      // a condition that no day fulfils
	WarnPattern    Warning = "dead-pattern"     // a pattern that is kept and that the server cannot use
	WarnAccepts    Warning = "accepts-nothing"  // a line of accept: that no object has
	WarnNames      Warning = "names-alike"      // two objects whose names look the same
	WarnCalls      Warning = "calls"            // what is expected of calls and not met, or makes no sense
	WarnCheck      Warning = "check"            // what a check found; its id is the name
)

// Warnings returns the names of all warnings but those of checks.
func Warnings() []string {
	var out []string
	for _, w := range []Warning{WarnAlike, WarnPrefix, WarnURL, WarnProtects, WarnTenantName, WarnNumber, WarnLeftOut, WarnLimit, WarnRespelled, WarnNever, WarnPattern, WarnAccepts, WarnNames, WarnCalls} {
		out = append(out, string(w))
	}
	return out
}

// Name returns by what a warning is silenced: the id of the check that found it, or its own name.
func (p Problem) Name() string { return cmp.Or(p.Check, string(p.Warning)) }

// String returns the problem as one line.
func (p Problem) String() string {
	var b strings.Builder
	if at := p.Place.String(); at != "" {
		b.WriteString(at + ": ")
	}
	switch {
	case p.Notice:
		b.WriteString("notice: ")
	case p.Warning != "":
		b.WriteString("warning: ")
	}
	if p.Address != "" {
		b.WriteString(p.Address + ": ")
	}
	b.WriteString(p.Message)
	if p.Hint != "" {
		b.WriteString("; " + p.Hint)
	}
	if p.Check != "" && p.Warning == "" {
		b.WriteString(" [" + p.Check + "]")
	}
	return b.String()
}

// Problems is a list of problems and, unless all are warnings, an error.
type Problems []Problem

// Error returns every problem on a line of its own.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Errors returns the problems that are not mere warnings.
func (ps Problems) Errors() Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return p.Warning != "" })
}

// Warnings returns those that are mere warnings.
func (ps Problems) Warnings() Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return p.Warning == "" })
}

// Told returns the problems without mere notices.
func (ps Problems) Told() Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return p.Notice })
}

// Asked returns what hinders an apply alone: a reading command reports it.
func (ps Problems) Asked() Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return !p.Asked })
}

// Reading returns the problems without those that hinder an apply alone.
func (ps Problems) Reading() Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return p.Asked })
}

// Err returns nil if there are only warnings.
func (ps Problems) Err() error {
	if errs := ps.Errors(); len(errs) > 0 {
		return errs
	}
	return nil
}

// Sort orders the problems by place, and drops repetitions.
func (ps Problems) Sort() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Line, b.Place.Line),
			cmp.Compare(a.Place.Column, b.Place.Column), strings.Compare(a.Message, b.Message))
	})
	return slices.Compact(ps)
}
