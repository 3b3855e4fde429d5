package observe_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
)

// told describes a state, a line for each thing that it says.
func told(s *observe.State) string {
	var b canned.Words
	line := b.Line
	for _, ch := range s.Diff.Changes {
		line(string(ch.Action), inWords(ch))
	}
	for _, st := range s.Diff.Strays {
		line("stray", st.Object.Address())
	}
	for _, g := range s.Guards {
		line("guard", g.Message+";", g.Hint)
	}
	for _, p := range s.Problems {
		line("problem", marks(p), p.String())
	}
	for _, l := range s.Losses {
		line("loses", l.Address(), l.String())
	}
	for _, name := range slices.Sorted(maps.Keys(s.Limits)) {
		line("limit", name, s.Limits[name])
	}
	for _, p := range s.Protected {
		line("protected", p.Pattern, p.Place)
	}
	for _, p := range s.Pending {
		line("pending", canned.JSON(p))
	}
	if s.Vouched != nil {
		line("vouched", canned.JSON(s.Vouched))
	}
	for _, m := range s.Respelled {
		line("respelled", canned.JSON(m))
	}
	for _, o := range s.Skipped {
		line("skipped", o.Address())
	}
	for _, n := range s.Notes {
		line("note", n)
	}
	line("read", strings.Join(readKinds(s), " "))
	line("calls", counted(s.Calls))
	return b.String()
}

// readKinds are the kinds that were read: told in the place of those that were not, so that
// a case says the same when a kind is added to the catalogue.
func readKinds(s *observe.State) []string {
	var out []string
	for k, whole := range s.Live.Lists {
		if whole && !slices.Contains(s.Unread, k) {
			out = append(out, k.Word)
		}
	}
	slices.Sort(out)
	return out
}

// marks are what a problem is for programs.
func marks(p schema.Problem) string {
	out := string(p.Warning)
	if p.Asked {
		out += "asked"
	}
	return "[" + out + "]"
}

// counted are the calls that are not 0.
func counted(c observe.Calls) string {
	var all map[string]int
	if err := json.Unmarshal([]byte(canned.JSON(c)), &all); err != nil {
		return err.Error()
	}
	maps.DeleteFunc(all, func(_ string, n int) bool { return n == 0 })
	return canned.JSON(all)
}

// inWords is a change in one line.
func inWords(ch *diff.Change) string {
	parts := []string{ch.Address()}
	if ch.Live != nil && ch.Live.Address() != ch.Address() {
		parts = append(parts, "from "+ch.Live.KnownAs())
	}
	for _, f := range ch.Fields {
		parts = append(parts, fmt.Sprintf("%s: %s -> %s", f.Name, canned.JSON(f.Old), canned.JSON(f.New)))
		if f.OldName != "" {
			parts = append(parts, "that is "+f.OldName)
		}
	}
	if d := ch.Desired; d != nil && len(d.Resend) > 0 {
		parts = append(parts, "sends "+canned.JSON(d.Resend))
	}
	if len(ch.Gone) > 0 {
		parts = append(parts, "with "+strings.Join(ch.Gone, ", "))
	}
	return strings.Join(parts, "; ")
}
