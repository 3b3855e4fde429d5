package proof

import (
	"regexp"
	"testing"

	"pbxsync/schema"
)

const movedBefore = head + `extension_groups: {g: {}, other: {}}
extensions:
  "101": {type: ivr, status: active, label: Alice}
  "102": {type: ivr, status: active}
agents: {local: {L: {extension: "101"}}}
variables: {A: "1", B: "1"}
`

const movedAfter = head + `extension_groups: {g: {extra_params: x}, new: {}}
extensions: {"101": {label: Carol}, "103": {type: ivr, status: active}}
agents: {local: {L: {absent: true}}}
variables: {A: "2", B: "1"}
`

var someID = regexp.MustCompile(`id \d+`)

// What moved since a plan was saved is said in these words; what moved elsewhere is not.
func TestSavedPlanSaysWhatMoved(t *testing.T) { onBoth(t, savedPlanSaysWhatMoved) }

func savedPlanSaysWhatMoved(t *testing.T, start func(*testing.T) *box) {
	for _, tt := range []struct {
		name string
		do   func(b *box)
		want []string
	}{
		{"nothing", func(*box) {}, nil},
		{"others made, changed and deleted", func(b *box) {
			b.insert("extension", map[string]any{"name": "199", "type": "ivr", "status": "active"})
			b.theirs("extension", "102", "label", "theirs")
			b.remove("extension_group", "other")
		}, nil},
		{"a value", func(b *box) { b.theirs("extension", "101", "label", "Mallory") },
			[]string{`extension/101.label: it was "Alice" when the plan was made, it is "Mallory" now`}},
		{"as the plan wants it", func(b *box) { b.theirs("extension", "101", "label", "Carol") },
			[]string{`extension/101.label: it was "Alice" when the plan was made, it is "Carol" now`}},
		{"gone", func(b *box) { b.remove("local_agent", "L") },
			[]string{"local_agent/L: it was there when the plan was made, it is gone now"}},
		{"gone, and to be changed", func(b *box) { b.remove("extension_group", "g") },
			[]string{"extension_group/g: it was there when the plan was made (id 1005), it is gone or has another name now"}},
		{"another of the same name", func(b *box) {
			b.remove("extension_group", "g")
			b.insert("extension_group", map[string]any{"name": "g"})
		}, []string{"extension_group/g: it had id 1005 when the plan was made, another object (id 1010) has its name now"}},
		{"made by somebody, as wanted", func(b *box) { b.insert("extension_group", map[string]any{"name": "new"}) },
			[]string{"extension_group/new: it was not there when the plan was made, it is there now, as the plan wants it"}},
		{"made by somebody, otherwise", func(b *box) {
			b.insert("extension", map[string]any{"name": "103", "type": "ivr", "status": "blocked"})
		}, []string{"extension/103: the plan was to create it, now it would update it", `extension/103.status: it was to be made with "active", it is "blocked" now`}},
		{"what one call carries too", func(b *box) {
			b.elsewhere(&schema.Object{Kind: b.cat.Kind("variable"), Key: "B"}, b.cat.Kind("variable").Field("value"), "9")
		},
			[]string{`variable/B.value: it was "1" when the plan was made, it is "9" now`}},
		{"a child that would go too", func(b *box) {
			for _, it := range b.snapshot().of(b.cat.Kind("local_agent")) {
				b.insert("agent_event", map[string]any{"parent": it.id, "event_type": "agent-login", "method": "GET", "url": "https://x.example"})
			}
		}, []string{"local_agent/L/agent_event/agent-login GET https:%2F%2Fx.example: it was not there when the plan was made, and would go with local_agent/L now"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := start(t)
			b.options.Parallelism = 1 // ids in the order of the plan
			b.apply(movedBefore)
			_, p := b.plan(movedAfter)
			tt.do(b)
			got := b.movedLines(p)
			if len(got) != len(tt.want) {
				t.Fatalf("%d lines: %q", len(got), got)
			}
			for i := range got {
				if b.sim == nil { // the ids are the server's own
					got[i], tt.want[i] = someID.ReplaceAllString(got[i], "id N"), someID.ReplaceAllString(tt.want[i], "id N")
				}
				if got[i] != tt.want[i] {
					t.Errorf("%s\nwanted\n%s", got[i], tt.want[i])
				}
			}
		})
	}
}
