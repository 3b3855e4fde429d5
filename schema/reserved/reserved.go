// Package reserved has the words of tenant files that are neither kinds nor fields: those
// who read files, who write them and who publish their schema say the same.
package reserved

// The words at the top of a file.
const (
	Version   = "version"
	Tenant    = "tenant"
	Defaults  = "defaults"
	Prune     = "prune"
	Unmanaged = "unmanaged"
	Protected = "protected" // also at an object
	Silence   = "silence"
	Review    = "review"
	Accept    = "accept"
	Checks    = "checks"
)

// The words of tenant:.
const (
	Name   = "name"
	Prefix = "prefix"
)

// The words at an object.
const (
	ID         = "id"
	Absent     = "absent"
	OnCreate   = "on_create"
	Previously = "previously"
	Replaces   = "replaces"
	Awaited    = "awaited"
	Unchecked  = "unchecked" // at an item of a list
)

// Severity is the word of an entry of checks:, beside why.
const Severity = "severity"

// Approve is what review: says of a class of risk.
const Approve = "approve"

// The words of an entry of silence: or accept:.
const (
	Warning = "warning"
	At      = "at"
	Why     = "why"
	Until   = "until"
)
