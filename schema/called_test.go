package schema

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// TestAnswersAreReached looks for words that have an answer of their own and never get it, since
// a kind or a later one answers first, and for answers that name a section which is none.
func TestAnswersAreReached(t *testing.T) {
	c := Builtin()
	data, err := fs.ReadFile(kindFiles, "kinds/words.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		words, answer, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if strings.HasPrefix(line, "#") || words == "" {
			continue
		}
		if answer == "" {
			t.Errorf("%q has no answer", line)
		}
		for _, w := range strings.Fields(words) {
			if loud := strings.ToUpper(strings.ReplaceAll(w, "_", "-")); c.Answer(loud) != answer {
				t.Errorf("%s is not answered as %s is", loud, w)
			}
			if len(c.Called(w)) > 0 || c.Later(w) || c.Kind(w) != nil && len(c.Kind(w).Section) > 0 || c.BySection(w) != nil || c.Answer(w) != answer {
				t.Errorf("%s is answered elsewhere, or twice", w)
			}
		}
		for _, w := range strings.Fields(answer) {
			if name, found := strings.CutSuffix(w, ":"); found && c.BySection(name) == nil && !slices.Contains(c.Kind("extension").Entries(), name) {
				t.Errorf("the answer to %s names %s, which is no section", words, w)
			}
		}
	}
}
