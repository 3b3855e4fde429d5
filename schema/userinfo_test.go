package schema

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestHideUserinfo(t *testing.T) {
	for in, want := range map[string]string{
		"":                                 "",
		"no URL, mail a@b.example":         "no URL, mail a@b.example",
		"http://a.example/x?to=b@c":        "http://a.example/x?to=b@c",
		"http://u:p@a.example/":            "http://(secret)@a.example/",
		"see https://u@a.example, b@c":     "see https://(secret)@a.example, b@c",
		"http://u:p@q@a.example":           "http://(secret)@a.example",
		"http://u:p@a, ftp://v:q@b":        "http://(secret)@a, ftp://(secret)@b",
		"http:%2F%2Fu:p@a.example%2Fb@c":   "http:%2F%2F(secret)@a.example%2Fb@c",
		`"http:\/\/u:p@a.example\/x"`:      `"http:\/\/(secret)@a.example\/x"`,
		"http://(secret)@a.example":        "http://(secret)@a.example",
		"sip:101@a.example":                "sip:101@a.example",
		"GET http://a.example http://b@c.": "GET http://a.example http://(secret)@c.",
	} {
		if got := HideUserinfo(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestNoURLKeepsItsUser tries URLs that parse and others: what stands before the host is in
// no form of a value that is printed or recorded.
func TestNoURLKeepsItsUser(t *testing.T) {
	f := Builtin().Kind("phone_event").Field("url")
	rapid.Check(t, func(t *rapid.T) {
		user := "kanari" + rapid.StringMatching(`[a-z:@%;"' ]{0,8}`).Draw(t, "between") + "vogel"
		url := rapid.SampledFrom([]string{"http://", "HTTPS://", "//", "", "odd+scheme://"}).Draw(t, "scheme") + user + "@host.example" +
			rapid.SampledFrom([]string{"", ":8080", "/a@b", "/a//b@c", "?q=@", "#@"}).Draw(t, "rest")
		for _, v := range []any{f.Live(url, "12037"), f.Recorded(url)} {
			s := v.(string)
			if strings.Contains(s, "kanari") || strings.Contains(s, "vogel") || !strings.Contains(s, "@host.example") || !Hidden(v) {
				t.Fatalf("%q became %q", url, s)
			}
		}
		if twice := f.Recorded(f.Recorded(url)); twice != f.Recorded(url) {
			t.Fatalf("%q became %q", url, twice)
		}
	})
}
