package report

import (
	"slices"
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/review"
)

// Who gets a message instead of a report is told first what files change of their own review.
func TestShortTellsRulesFirst(t *testing.T) {
	r := &Report{
		Rules:  OfRules("main", false, schema.Place{}, []review.RuleChange{{Effect: review.Weakened, Word: "review", At: "cuts", Was: "approve"}}),
		Guards: []Guard{{Sentence: "cuts: 1 change"}},
	}
	if got, want := r.Short(), []string{"weakened: review: cuts: was approve, is gone", "cuts: 1 change"}; !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
}
