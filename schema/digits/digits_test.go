package digits

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestPlain(t *testing.T) {
	for s, want := range map[string]string{
		"+49 30 1234": "+49301234", "(030) 23125": "03023125", "030/23125-12": "0302312512", "030.231.25": "03023125",
		"+1 (212) 555-0100": "+12125550100", " 101 ": "101", "0049\u00a030 1": "0049301", "*21*101#": "*21*101#",
		"102.0": "", "1.5": "", "4.93023125E+12": "", "49e3": "", "+49 (0)30 1234": "", "+49 (030) 1234": "", "0049(0) 30": "",
		"030 23125 ext. 12": "", "030 23125;12": "", "030 23125, 12": "", "12 / 13": "", "1/2/3": "", "x101": "",
		"１０１": "", "+": "", "": "", "--": "", "49+30": "", "030 23125 Durchwahl 12": "", "1\u200b2": "",
	} {
		plain, why := Plain(s)
		if plain != want || (plain == "") == (why == "") {
			t.Errorf("%q: %q, %q", s, plain, why)
		}
	}
}

// What is proposed has the same digits and signs in the same order, and only separators
// are missing from it.
func TestNoDigitIsMadeUp(t *testing.T) {
	const seed = 25
	r := rand.New(rand.NewPCG(seed, seed))
	parts := strings.Split("0 1 2 30 49 101 00 + ( ) (0) - . / ; , e E x ext. .0 * # & \u00a0 \u200b ٣ ３ /", " ")
	parts = append(parts, " ", " ", "7", "8", "9")
	proposed := 0
	for range 100_000 {
		var b strings.Builder
		for range 1 + r.IntN(9) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		s := b.String()
		plain, why := Plain(s)
		if (plain == "") == (why == "") {
			t.Fatalf("%q: %q, %q", s, plain, why)
		}
		if plain == "" {
			continue
		}
		proposed++
		rest := plain
		for _, c := range s {
			switch {
			case rest != "" && rune(rest[0]) == c:
				rest = rest[1:]
			case !separates(c):
				t.Fatalf("%q became %q: %q is gone", s, plain, c)
			}
		}
		if rest != "" || strings.Contains(s, "(0)") && strings.TrimLeft(s[:strings.Index(s, "(0)")], " \u00a0(") != "" {
			t.Fatalf("%q became %q", s, plain)
		}
		if again, _ := Plain(plain); again != plain {
			t.Fatalf("%q, and of that %q", plain, again)
		}
	}
	if proposed < 10_000 {
		t.Errorf("%d proposals", proposed)
	}
}
