package cli

import (
	"testing"

	"pbxsync/internal/exit"
	"pbxsync/internal/survey"
)

func TestWhatWasNotAnsweredIsNotRead(t *testing.T) {
	for _, d := range []*deepJob{nil, {}, {said: &survey.Report{}}} {
		if err := d.whole(); err != nil {
			t.Error(err)
		}
	}
	if code := exit.Of((&deepJob{said: &survey.Report{Unanswered: 2}}).whole()); code != exit.Error {
		t.Errorf("exit %d", code)
	}
}

// What differs only in its place is one line.
func TestFindingsOfAKind(t *testing.T) {
	got := groups([]survey.Finding{
		{What: survey.Null, Where: "a.x", Text: "null in 1 of 1"},
		{What: survey.Word, Where: "a.y", Text: "a word", Such: "trunk"},
		{What: survey.Null, Where: "b.x", Text: "null in 1 of 1"},
	})
	if len(got) != 2 || got[0].text() != "2 places: null in 1 of 1: a.x, b.x" || got[1].text() != `a.y: a word, such as "trunk"` {
		t.Errorf("%q, %q", got[0].text(), got[1].text())
	}
}
