package diff

import (
	"encoding/json"
	"strings"
	"testing"
)

// A name that nothing has brings what is nearest to it among those that may be meant: the dealer's of the
// dealer's, and the tenant's own of its own.
func TestNearestOfTheRightSide(t *testing.T) {
	sounds := rows{"sound": {
		{"title": "Jazz one", "dealer_id": json.Number("3")},
		{"title": "Jazz two", "client_id": json.Number("12")},
	}}
	for file, hint := range map[string]string{
		`{dealer: Jazz oni}`: `did you mean "Jazz one"?`,
		`{dealer: Jazz twi}`: "look at its name",
		`{live: Jazz twi}`:   `did you mean "Jazz two"?`,
		`{live: Jazz oni}`:   "look at its name",
	} {
		desired, live := declared(t, "extensions: {\"101\": {type: phone, status: active, phone: {hold_music: "+file+"}}}\n"), liveOf(t, sounds)
		problems := append(live.Match(desired), live.Resolve(desired)...)
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Hint, hint) {
			t.Errorf("%s: %v, want %q", file, problems, hint)
		}
	}
}

// What files accept is no longer wanted: a value that differs, and one that cannot be put back.
func TestAcceptedFields(t *testing.T) {
	live := liveOf(t, rows{"extension_group": {{"name": "g", "extra_params": "b"}}})
	desired := declared(t, "accept: [{at: extension_group/g.extra_params, until: 2999-12-31, why: a trial}]\nextension_groups: {g: {extra_params: a}}\n")
	if ps := append(live.Match(desired), live.Resolve(desired)...); len(ps) > 0 {
		t.Fatal(ps)
	}
	r := Compare(desired, live)
	if len(r.Changes) != 1 {
		t.Fatalf("%d changes", len(r.Changes))
	}
	out := r.Accept(desired, live, "2026-01-01")
	if len(out) != 1 || out[0].Field != "extra_params" || out[0].Old != "b" || out[0].New != "a" {
		t.Errorf("%+v", out)
	}
	if _, wanted := desired.Object("extension_group/g").Values["extra_params"]; wanted {
		t.Error("it is wanted still")
	}
}
