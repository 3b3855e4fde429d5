package format

import (
	"fmt"
	"testing"
)

// The normal form of a normal form is itself, and passes its check where the text did.
func TestNormalOnce(t *testing.T) {
	texts := []string{"", "x", "101", "9:00", "9:00:00", "09:00", "24:00", "Europe/Kiev", "US/Eastern", "DE AT DE", "*", "AT  DE", "a@b.example, c@d.example",
		"192.0.2.1", "192.0.2.7/24", "192.0.2.0/255.255.255.0", "2001:db8::1", "::ffff:192.0.2.1", "2026-12-24", "2026-12-24 18:00:00", "+49", "^1$"}
	for name, form := range forms {
		for _, f := range []func(string) string{form.normal, form.same} {
			for _, s := range texts {
				if f == nil {
					continue
				}
				once := f(s)
				if twice := f(once); twice != once {
					t.Errorf("%s: %q, %q, %q", name, s, once, twice)
				}
				if form.check(s) == nil && form.check(once) != nil {
					t.Errorf("%s: %q became %q, which is none", name, s, once)
				}
			}
		}
	}
}

// Where a pattern is wrong is told by its characters, and from 1.
func TestPatternRefusedAtACharacter(t *testing.T) {
	for s, want := range map[string]string{
		"^(1$":     "a bracket is not closed, at character 2",
		"(1":       "a bracket is not closed, at character 1",
		"äöü(1":    "a bracket is not closed, at character 4",
		"+1":       `a star, plus or question mark that is dialled is written \*, \+ or \?`,
		"^[0-9]+$": "<nil>",
	} {
		if got := fmt.Sprint(checkPattern(s)); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
}

func TestDigits(t *testing.T) {
	for s, digits := range map[string]bool{"0": true, "0123456789": true, "": false, "12a": false, "1 2": false, "+49": false, "-1": false, "1.0": false, "\u0661": false} {
		if got := Check("digits", s) == nil; got != digits {
			t.Errorf("%q: %v", s, got)
		}
	}
}
