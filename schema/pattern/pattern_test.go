package pattern

import (
	"fmt"
	"math/rand"
	"regexp"
	"strings"
	"testing"
)

func parsed(t *testing.T, text string) *Pattern {
	t.Helper()
	p, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %s", text, err)
	}
	return p
}

func TestCover(t *testing.T) {
	for _, tt := range []struct {
		last   string
		before []string
		want   Verdict
		text   string
	}{
		{`^112$`, []string{`^.+$`}, Covered, ""},
		{`^112$`, []string{`^11[0-1]$`}, Free, "112"},
		{`^11[02]$`, []string{`^112$`}, Free, "110"},
		{`^11[02]$`, []string{`^112$`, `^110$`}, Covered, ""},
		{`^00[1-9]\d{5}$`, []string{`^0`}, Covered, ""},
		{`^0`, []string{`^00`}, Free, "0"},
		{`5`, []string{`^5`}, Free, "05"},
		{`^5`, []string{`5`}, Covered, ""},
		{`^(?:00|\+)49(\d+)$`, []string{`^(?:00|\+)(\d{3,})$`}, Covered, ""},
		{`^(?:00|\+)49(\d+)$`, []string{`^(?:00|\+)(\d{5,})$`}, Free, "+490"},
		{`^\d{3}$`, []string{`^[0-8]\d\d$`, `^9\d\d$`}, Covered, ""},
		{`(?i)^abc$`, []string{`^[A-Ca-c]{3}$`}, Covered, ""},
		{`^$`, []string{`^.+$`}, Free, ""},
		{`.*`, []string{`^[0-9+*#]+$`}, Free, ""},
		{`^[a-z]+$`, []string{`^[0-9]+$`}, Free, "a"},
	} {
		var before []*Pattern
		for _, b := range tt.before {
			before = append(before, parsed(t, b))
		}
		if got, text := Cover(parsed(t, tt.last), before); got != tt.want || text != tt.text {
			t.Errorf("%s behind %s: %v %q, want %v %q", tt.last, tt.before, got, text, tt.want, tt.text)
		}
	}
}

// What is not regular, or what PCRE reads otherwise, is not decided.
func TestUndecided(t *testing.T) {
	for _, text := range []string{`^(?=1)`, `^(?!112)\d+$`, `^(\d)\1$`, `^\d++$`, `(?>1)`, `\b1`, `^\d{,3}$`, `(?x) 1`, `(?U)1`, `\h`, `(*ANYCRLF)1`, `(?m)^1`} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%s is decided", text)
		}
	}
}

// The verdicts on random patterns are held against the texts that they take one by one.
func TestCoverAgainstTexts(t *testing.T) {
	const cases, longest = 1000, 5
	r := rand.New(rand.NewSource(1))
	var texts []string
	var grow func(text string)
	grow = func(text string) {
		texts = append(texts, text)
		if len(text) < longest {
			for _, c := range "01+" {
				grow(text + string(c))
			}
		}
	}
	grow("")
	covered := 0
	for range cases {
		last, before := random(r), []string{random(r), random(r)}
		verdict, text := Cover(parsed(t, last), []*Pattern{parsed(t, before[0]), parsed(t, before[1])})
		one, others := regexp.MustCompile(last), regexp.MustCompile(before[0]+"|"+before[1])
		is := func(text string) bool { return one.MatchString(text) && !others.MatchString(text) }
		switch verdict {
		case Free:
			if !is(text) {
				t.Fatalf("%s behind %s: %q is no witness", last, before, text)
			}
		case Covered:
			covered++
			for _, text := range texts {
				if is(text) {
					t.Fatalf("%s behind %s: %q is free", last, before, text)
				}
			}
		}
	}
	t.Logf("%d cases, %d covered", cases, covered)
	if covered < cases/20 {
		t.Error("too few are covered")
	}
}

func random(r *rand.Rand) string {
	var b strings.Builder
	if r.Intn(2) == 0 {
		b.WriteByte('^')
	}
	for range 1 + r.Intn(3) {
		b.WriteString([]string{"0", "1", "[01]", ".", `\d`, "(0|11)", "(?:1|)"}[r.Intn(7)] + []string{"", "", "*", "+", "?", "{2}"}[r.Intn(6)])
	}
	if r.Intn(2) == 0 {
		b.WriteByte('$')
	}
	return b.String()
}

func TestReplace(t *testing.T) {
	for _, tt := range [][4]string{
		{`^0(\d+)$`, `49\1`, "030", "4930"}, {`^(1)(2)$`, `\2\1\0`, "12", "2112"}, {`^1`, `a\\b\9`, "1", `a\b`}, {`^1`, `\`, "1", `\`},
	} {
		if got := parsed(t, tt[0]).Replace(tt[2], tt[1]); got != tt[3] {
			t.Errorf("%s: %q, want %q", tt, got, tt[3])
		}
	}
	if got := fmt.Sprint(HighestGroup(`\1\3x`), HighestGroup(`1\\2`), HighestGroup(``), HighestGroup(`\0`)); got != "3 -1 -1 0" {
		t.Error(got)
	}
}
