package alike

import (
	"strings"
	"testing"
)

func TestWhy(t *testing.T) {
	for _, tt := range []struct{ a, b, want string }{
		{"shop", "Shop", "capital"}, {"Sales", "Sales ", "blanks"}, {"Sales", "Sales\u200b", "ZERO WIDTH SPACE"},
		{"Sales", "S\u0430les", "CYRILLIC SMALL LETTER A"}, {"B\u00fcro", "Bu\u0308ro", "accents"},
		{"A B", "A\u00a0B", "NO-BREAK SPACE"}, {"Sales", "Salesx", ""}, {"Sales", "Sales", ""}, {"Büro", "Buro", ""},
	} {
		for _, why := range []string{Why(tt.a, tt.b), Why(tt.b, tt.a)} {
			if (why == "") != (tt.want == "") || !strings.Contains(why, tt.want) {
				t.Errorf("%q and %q: %q", tt.a, tt.b, why)
			}
		}
	}
}
