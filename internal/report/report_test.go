package report

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"pbxsync/schema/wording"
)

// TestCleanMakesTextHarmless: nothing that a server or a file says can move the
// cursor, colour the screen or turn the writing direction.
func TestCleanMakesTextHarmless(t *testing.T) {
	for in, want := range map[string]string{
		"Alice Archer":       "Alice Archer",
		"Zoë 電話 😀":           "Zoë 電話 😀",
		"\x1b[31mred":        `\x1b[31mred`,
		"a\u202eb":           `a\u202eb`,
		"bell\a":             `bell\a`,
		"zero\u200bwidth":    `zero\u200bwidth`,
		"\u009b31m":          `\u009b31m`,
		"two\nlines":         `two\nlines`,
		"tab\tand\rreturn":   `tab\tand\rreturn`,
		string([]byte{0xff}): `\ufffd`,
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMask(t *testing.T) {
	var m Mask
	m.Hide("hunter2-hunter2")
	m.Hide("abc") // too short: it would mask ordinary words
	if got, want := m.Text("400: password hunter2-hunter2 is too weak, abc"), "400: password [secret] is too weak, abc"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	const secret = "K4nary \"\\<é&+/ü="
	m.Hide(secret)
	body, _ := json.Marshal(map[string]string{"password": secret})
	twice, _ := json.Marshal(string(body))
	for _, text := range []string{string(body), string(twice), url.QueryEscape(secret), url.PathEscape(secret), fmt.Sprintf("%x %X", secret, secret), fmt.Sprintf("%+q", secret),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.URLEncoding.EncodeToString([]byte("x" + secret)), base64.StdEncoding.EncodeToString([]byte("id:" + secret + ":"))} {
		got := m.Text(text)
		if !strings.Contains(got, "[secret]") || len(got) > 40 {
			t.Errorf("%s gives %s", text, got)
		}
	}
}

func TestColourIsOurs(t *testing.T) {
	var b bytes.Buffer
	NewPrinter(&b, true).styled(red, "%s", "\x1b[0m")
	if got := b.String(); !strings.HasPrefix(got, "\x1b[31m") || strings.Count(got, "\x1b") != 2 {
		t.Errorf("got %q", got)
	}
}

// FuzzRender: no control or format character leaves, as text or as JSON.
func FuzzRender(f *testing.F) {
	f.Add("\x1b[2J\u202e\U000e0001")
	f.Add("\u009b31m\x7f\u0085")
	f.Fuzz(func(t *testing.T, s string) {
		var text, doc bytes.Buffer
		NewPrinter(&text, false).Linef("%s", wording.Value(s))
		if err := JSON(&doc, s); err != nil {
			t.Fatal(err)
		}
		for _, out := range []string{text.String(), doc.String()} {
			for _, r := range out {
				if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
					t.Fatalf("%q gives %q with %U", s, out, r)
				}
			}
		}
		var back string
		if err := json.Unmarshal(doc.Bytes(), &back); err != nil || back != string([]rune(s)) {
			t.Fatalf("%q came back as %q (%v)", s, back, err)
		}
	})
}

func TestLines(t *testing.T) {
	c := &Coverage{Compared: 1204, Fields: 3310, Unread: []string{"sounds"}, Unknown: []string{"queues", "menu_rules"}}
	if got, want := c.Line(), "compared 1,204 of 3,310 fields; kinds not read: sounds; not known to this version: queues, menu rules"; got != want {
		t.Errorf("got %q", got)
	}
	calls := &Calls{Reads: 1, Writes: 12345}
	calls.Extra = 2
	if got, want := calls.Line(), "1 read and 12,345 writes; apart from these 2 to see whether a list goes on"; got != want {
		t.Errorf("got %q", got)
	}
}
