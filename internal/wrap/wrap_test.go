package wrap

import (
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
	"pgregory.net/rapid"
)

func TestLines(t *testing.T) {
	w := New(30)
	w.Keep("interval/Office hours of all the branches")
	w.Keep("interval/Office hours")
	w.Keep("my files/tenant.yaml")
	for line, want := range map[string]string{
		"short":                               "short",
		"just as long as the width is..":      "just as long as the width is..",
		"a line of more cells than there are": "a line of more cells than\n    there are",
		"  indented, and it goes on below":    "  indented, and it goes on\n      below",
		"  1 + extension/101   (not in the tenant)   my files/tenant.yaml:4:3":              "  1 + extension/101   (not in\n      the tenant)\n      my files/tenant.yaml:4:3",
		"these: interval/Office hours, interval/Office hours of all the branches":           "these: interval/Office hours,\n    interval/Office hours of all the branches",
		"the (interval/Office hours) is":                                                    "the (interval/Office hours) is",
		"a word-that-is-longer-than-the-whole-line is":                                      "a\n    word-that-is-longer-than-the-whole-line\n    is",
		"全角の文字は 二つ分の幅 を取る。":                                                                 "全角の文字は 二つ分の幅\n    を取る。",
		"e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301e\u0301 here fits": "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301e\u0301 here fits",
	} {
		if got := w.Line(line); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", line, got, want)
		}
	}
	for _, width := range []int{-1, 0, 5} {
		if got := New(width).Line(strings.Repeat("word ", 100)); strings.Contains(got, "\n") {
			t.Errorf("width %d: lines are broken", width)
		}
	}
}

// Whatever stands in a line: nothing but blanks changes, what is kept stays in one piece, and
// only a single word is wider than the terminal.
func TestAnyLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(20, 90).Draw(t, "width")
		w := New(width)
		keys := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,8}( [a-zäß語]{1,9}){1,3}`), 0, 3).Draw(t, "keys")
		var parts []string
		for _, k := range keys {
			w.Keep("kind/" + k)
			parts = append(parts, "kind/"+k)
		}
		words := rapid.SliceOf(rapid.OneOf(rapid.StringMatching(`[!-~äß語]{1,30}`), rapid.SampledFrom(append(parts, "x")))).Draw(t, "words")
		line := strings.Repeat(" ", rapid.IntRange(0, 8).Draw(t, "indent")) + strings.Join(words, strings.Repeat(" ", rapid.IntRange(1, 3).Draw(t, "blanks")))
		got := w.Line(line)
		if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(line), " ") {
			t.Fatalf("%q became %q", line, got)
		}
		for _, p := range parts {
			if strings.Count(got, p) < strings.Count(line, p) {
				t.Fatalf("%q is broken in %q", p, got)
			}
		}
		for _, l := range strings.Split(got, "\n") {
			if c := (&runewidth.Condition{}).StringWidth(l); c > width && w.word(strings.TrimLeft(l, " ")) != strings.TrimLeft(l, " ") {
				t.Fatalf("%q has %d cells of %d", l, c, width)
			}
		}
	})
}
