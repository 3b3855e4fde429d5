package review_test

import (
	"fmt"
	"strings"
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/review"
)

func rules(t *testing.T, text string, more ...review.Rule) *review.Rules {
	t.Helper()
	files := "version: 1\ntenant: {name: acme}\n" + text + "\nextensions:\n  \"101\": {}\n"
	tenant, problems := file.Parse(schema.Builtin(), []file.File{{Name: "t.yaml", Data: []byte(files)}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return &review.Rules{List: append(review.Of(tenant), more...), Policies: true}
}

// Each rule is told from what it was: which way it went, and where it stands.
func TestCompare(t *testing.T) {
	policy := func(says, rest string, rank int) review.Rule {
		return review.Rule{Word: review.Policies, At: "p", Says: says, Rest: rest, Rank: rank}
	}
	day := func(day string) string {
		return "accept: [{at: extension/101.label, until: " + day + ", why: a trial}]"
	}
	for _, tt := range []struct {
		name, was, is string
		before, now   []review.Rule
		want          string
	}{
		{"same", "review: {cuts: approve}", "review: {cuts: approve}", nil, nil, ""},
		{"moved", "review: {cuts: approve}", "# a line\nreview: {cuts: approve}", nil, nil, ""},
		{"review dropped", "review: {cuts: approve}", "", nil, nil, "weakened review: cuts: was approve, is gone"},
		{"review added", "", "review: {cuts: approve}", nil, nil, "tightened review: cuts: new: approve t.yaml:3:10"},
		{"accept added", "", day("2026-12-31"), nil, nil, "weakened accept: extension/101.label: new: until 2026-12-31: a trial t.yaml:3:15"},
		{"accept prolonged", day("2026-12-31"), day("2027-01-01"), nil, nil, "weakened accept: extension/101.label: was until 2026-12-31, is until 2027-01-01 t.yaml:3:15"},
		{"accept shortened", day("2026-12-31"), day("2026-12-30"), nil, nil, "tightened accept: extension/101.label: was until 2026-12-31, is until 2026-12-30 t.yaml:3:15"},
		{"accept dropped", day("2026-12-31"), "", nil, nil, "tightened accept: extension/101.label: was until 2026-12-31: a trial, is gone"},
		{"accept for another reason", day("2026-12-31"), strings.Replace(day("2026-12-31"), "a trial", "x", 1), nil, nil, "changed accept: extension/101.label: was until 2026-12-31: a trial, is until 2026-12-31: x t.yaml:3:15"},
		{"accept twice", day("2026-12-31"), strings.Replace(day("2026-12-31"), "}]", "}, {at: extension/101.label, until: 2030-01-01, why: hidden}]", 1), nil, nil,
			"weakened accept: extension/101.label: was until 2026-12-31: a trial, is until 2030-01-01: hidden t.yaml:3:75"},
		{"accept all of it", day("2026-12-31"), "accept: [{at: extension/101, until: 2026-12-31, why: a trial}]", nil, nil,
			"weakened accept: extension/101: new: until 2026-12-31: a trial t.yaml:3:15\ntightened accept: extension/101.label: was until 2026-12-31: a trial, is gone"},
		{"check silenced", "", "checks: {PBX001: {severity: off, why: a lift}}", nil, nil, "weakened checks: PBX001: new: off: a lift t.yaml:3:10"},
		{"check lowered", "checks: {PBX011: error}", "checks: {PBX011: {severity: notice, why: x}}", nil, nil, "weakened checks: PBX011: was error, is notice: x t.yaml:3:10"},
		{"check raised", "", "checks: {PBX011: error}", nil, nil, "tightened checks: PBX011: new: error t.yaml:3:10"},
		{"check silenced in one place", "", "silence: [{warning: PBX001, at: extension/112, why: a lift}]", nil, nil, "weakened silence: PBX001 extension/112: new: off: a lift t.yaml:3:11"},
		{"warning silenced", "", "silence: [{warning: look-alike, why: x}]", nil, nil, ""},
		{"unmanaged laxer", "unmanaged: {extension: differ}", "unmanaged: {extension: show}", nil, nil, "weakened unmanaged: extension: was differ, is show t.yaml:3:13"},
		{"unmanaged dropped", "unmanaged: {extension: differ}", "", nil, nil, "weakened unmanaged: extension: was differ, is gone"},
		{"unmanaged ignored", "", "unmanaged: {extension: ignore}", nil, nil, "weakened unmanaged: extension: new: ignore t.yaml:3:13"},
		{"unmanaged no more ignored", "unmanaged: {extension: ignore}", "", nil, nil, "tightened unmanaged: extension: was ignore, is gone"},
		{"unmanaged as without", "", "unmanaged: {extension: show}", nil, nil, ""},
		{"protection dropped", "protected: [extension/101]", "", nil, nil, "weakened protected: extension/101: was true, is gone"},
		{"protection added", "", "protected: ['extension/*']", nil, nil, "tightened protected: extension/*: new: true t.yaml:3:13"},
		{"policy dropped", "", "", []review.Rule{policy("warn", "x", 1)}, nil, "weakened policies: p: was warn: x, is gone"},
		{"severity lowered", "", "", []review.Rule{policy("refuse", "x", 3)}, []review.Rule{policy("approve", "x", 2)}, "weakened policies: p: was refuse, is approve"},
		{"severity raised", "", "", []review.Rule{policy("warn", "x", 1)}, []review.Rule{policy("approve", "x", 2)}, "tightened policies: p: was warn, is approve"},
		{"raised to say nothing", "", "", []review.Rule{policy("warn", "x", 1)}, []review.Rule{policy("refuse", "false", 3)}, "changed policies: p: was warn: x, is refuse: false"},
		{"the worst first", "review: {cuts: approve, opens: approve}", "review: {costs: approve, opens: approve}\nprotected: [extension/101]", nil, nil,
			"weakened review: cuts: was approve, is gone\ntightened review: costs: new: approve t.yaml:3:10\ntightened protected: extension/101: new: true t.yaml:4:13"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var lines []string
			for _, c := range review.Compare(rules(t, tt.was, tt.before...), rules(t, tt.is, tt.now...)) {
				lines = append(lines, strings.TrimSpace(fmt.Sprint(c.Effect, " ", c, " ", c.Place)))
			}
			if got := strings.Join(lines, "\n"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Of what is not known nothing is claimed.
func TestUnknown(t *testing.T) {
	some := rules(t, "review: {cuts: approve}", review.Rule{Word: review.Policies, At: "p", Says: "warn", Rank: 1})
	none := rules(t, "")
	if got := review.Compare(nil, none); len(got) > 0 || len(review.Compare(some, nil)) > 0 {
		t.Errorf("%v", got)
	}
	if got := review.Compare(some, none); len(got) != 2 {
		t.Errorf("%v", got)
	}
	none.Policies = false
	if got := review.Compare(some, none); len(got) != 1 || got[0].Word != "review" {
		t.Errorf("%v", got)
	}
	some.Policies, none.Policies = false, true
	if got := review.Compare(some, none); len(got) != 1 {
		t.Errorf("%v", got)
	}
}
