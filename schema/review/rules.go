package review

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/checks"
	"pbxsync/schema/natural"
	"pbxsync/schema/reserved"
)

// Policies is the word of the rules that stand above the tenants.
const Policies = "policies"

// words are what rules stand under, in the order in which they are told.
var words = []string{reserved.Review, reserved.Accept, reserved.Checks, reserved.Silence, reserved.Unmanaged, reserved.Protected, Policies}

// Rule is one line by which plans are reviewed.
type Rule struct {
	Word  string       `json:"word"`           // under which it stands
	At    string       `json:"at"`             // what it is about: a class of risk, a pattern of addresses, a kind, the id of a policy
	Says  string       `json:"says"`           // in the words of the files: what tells which of two is stricter
	Rest  string       `json:"rest,omitempty"` // the rest of what it says
	Rank  int          `json:"rank,omitempty"` // how strict it is, beside others of its word; 0: as no rule at all
	Place schema.Place `json:"place,omitzero"`
}

// Rules are all by which the plans of a tenant are reviewed.
type Rules struct {
	List     []Rule `json:"rules"`
	Policies bool   `json:"policies"` // whether those are known; the others always are
}

// Of returns the rules that stand in a tenant's files.
func Of(t *schema.Tenant) []Rule {
	var out []Rule
	for _, class := range t.Review {
		out = append(out, Rule{reserved.Review, string(class), reserved.Approve, "", 1, t.Ruled[reserved.Review+"."+string(class)]})
	}
	for _, a := range t.Accept {
		at := a.At
		if a.Field != "" {
			at += "." + a.Field
		}
		out = append(out, Rule{reserved.Accept, at, "until " + a.Until, a.Why, -days(a.Until), a.Place})
	}
	for _, j := range t.Judged {
		out = append(out, Rule{reserved.Checks, j.Check, string(j.Severity), j.Why, rank(j), j.Place})
	}
	for _, s := range t.Silenced {
		if checks.Find(string(s.Warning)) != nil { // the others are only about files
			out = append(out, Rule{reserved.Silence, strings.TrimSpace(string(s.Warning) + " " + s.At), string(schema.Off), s.Why, -1, s.Place})
		}
	}
	for k, p := range t.Unmanaged {
		out = append(out, Rule{reserved.Unmanaged, k.Word, string(p), "", slices.Index(laxest, p) - 1, t.Ruled[reserved.Unmanaged+"."+k.Word]})
	}
	for _, p := range t.Protected {
		out = append(out, Rule{reserved.Protected, p.Pattern, "true", "", 1, p.Place})
	}
	slices.SortStableFunc(out, compare)
	return out
}

// rank is how much graver a check is in a tenant than elsewhere.
func rank(j schema.Judged) int {
	order := schema.Severities()
	return slices.Index(order, checks.Find(j.Check).Severity) - slices.Index(order, j.Severity)
}

// laxest are the policies of strays, the laxest first; the second holds where nothing is said.
var laxest = []schema.Policy{schema.Ignore, schema.Show, schema.Differ}

// days ranks the days of the calendar.
func days(day string) int {
	n, err := strconv.Atoi(strings.ReplaceAll(day, "-", ""))
	if err != nil {
		return 1 // no day that a file can name
	}
	return n
}

func compare(a, b Rule) int {
	return cmp.Or(cmp.Compare(slices.Index(words, a.Word), slices.Index(words, b.Word)), natural.Compare(a.At, b.At), cmp.Compare(a.Rank, b.Rank))
}
