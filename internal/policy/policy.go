package policy

import (
	"cmp"
	"slices"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/review"
	"pbxsync/sync/plan"
)

var severities = []string{string(plan.Refuse), string(plan.Approve), string(plan.Warn)}

// Each says what an expression is asked about.
type Each string

// What a policy may be asked about.
const (
	EachChange Each = "change" // every change of the plan
	EachObject Each = "object" // every object of the tenant as it will be
	WholePlan  Each = "plan"   // the plan and the tenant, once
)

var eachWords = []string{string(EachChange), string(EachObject), string(WholePlan)}

// Policy is one rule.
type Policy struct {
	ID       string
	Place    schema.Place
	Severity plan.Severity
	Each     Each
	Kinds    []string // words of kinds that it is about; none: all

	denies  string // the expression, and
	tells   string // the message, as they are written
	deny    *expression
	message *message
}

// ranks say how strict a severity is.
var ranks = map[plan.Severity]int{plan.Warn: 1, plan.Approve: 2, plan.Refuse: 3}

// Rules returns the policies as lines that can be compared with those of another day.
func (s Set) Rules() []review.Rule {
	var out []review.Rule
	for _, p := range s {
		about := string(p.Each)
		if len(p.Kinds) > 0 {
			about += " of " + strings.Join(slices.Sorted(slices.Values(p.Kinds)), ", ")
		}
		rest := "each " + about + " where " + p.denies + ", telling " + p.tells
		out = append(out, review.Rule{Word: review.Policies, At: p.ID, Says: string(p.Severity), Rest: rest, Rank: ranks[p.Severity], Place: p.Place})
	}
	return out
}

// Set are the policies that hold for a tenant, in the order of their ids.
type Set []*Policy

// sorted puts the worst finding first, and then goes by policy and address.
func sorted(list []plan.Finding) []plan.Finding {
	slices.SortStableFunc(list, func(a, b plan.Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(severities, string(a.Severity)), slices.Index(severities, string(b.Severity))), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Address, b.Address))
	})
	return list
}
