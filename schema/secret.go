package schema

import (
	"fmt"
	"strings"
)

// Secret is a text that cannot be printed: whatever formats, logs or writes it gets
// [secret] instead. It hides behind a function, so that a look into a struct which
// holds one in an unexported field shows nothing either.
type Secret struct{ reveal func() string }

const hidden = "[secret]"

// NewSecret hides a text.
func NewSecret(text string) Secret { return Secret{func() string { return text }} }

// Reveal returns the text, for who has to send it.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// String is [secret].
func (Secret) String() string { return hidden }

// GoString is [secret].
func (Secret) GoString() string { return hidden }

// Format writes [secret], whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalText is [secret], in JSON and in logs too.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// A URL may hold a user name and a password. Files may not say them, and a server that
// does gives away a secret: the program keeps them out of what it prints and records.

// hiddenUser stands for the user information of a URL.
const hiddenUser = "(secret)"

// HideUserinfo takes the user information out of the URLs in a text, also of those that
// stand in an address.
func HideUserinfo(s string) string {
	var b strings.Builder
	for {
		at, sign := authority(s)
		if at < 0 {
			break
		}
		b.WriteString(s[:at])
		s = s[at:]
		end := strings.IndexAny(s, "/?#\\ \t\r\n\"'<>|")
		if end < 0 {
			end = len(s)
		}
		if i := strings.Index(s[:end], "%2F"); sign != "://" && i >= 0 {
			end = i
		}
		if i := strings.LastIndex(s[:end], "@"); i >= 0 {
			b.WriteString(hiddenUser)
			s = s[i:]
		}
	}
	return b.String() + s
}

// authority returns where the authority of the first URL in a text begins, and the sign
// before it.
func authority(s string) (at int, sign string) {
	at = -1
	for _, form := range []string{"://", ":%2F%2F", ":%2f%2f", `:\/\/`} {
		if i := strings.Index(s, form); i >= 0 && (at < 0 || i+len(form) < at) {
			at, sign = i+len(form), form
		}
	}
	return at, sign
}

// hideUser is for a text that is a URL as a whole, whatever else it holds.
func hideUser(s string) string {
	scheme, _, found := strings.Cut(s, "//")
	at := len(scheme) + len("//")
	if !found || strings.ContainsAny(scheme, "@/?#") {
		at = 0 // it has none
	}
	end := len(s)
	if i := strings.IndexAny(s[at:], "/?#"); i >= 0 {
		end = at + i
	}
	if i := strings.LastIndex(s[at:end], "@"); i >= 0 {
		return s[:at] + hiddenUser + s[at+i:]
	}
	return s
}

// Recorded returns a value as it may be written down.
func (f *Field) Recorded(v any) any {
	switch v := v.(type) {
	case string:
		if f.Format == "uri" {
			return hideUser(v)
		}
		return HideUserinfo(v)
	case []any:
		item := &Field{}
		if f.Items != nil {
			item = f.Items
		}
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = item.Recorded(x)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, x := range v {
			sub := f.Sub(name)
			if sub == nil {
				sub = &Field{}
			}
			out[name] = sub.Recorded(x)
		}
		return out
	}
	return v
}

// Hidden reports whether something was taken out of a value before it was written down, so
// that it cannot be sent.
func Hidden(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, hiddenUser+"@")
	case []any:
		for _, x := range v {
			if Hidden(x) {
				return true
			}
		}
	case map[string]any:
		for _, x := range v {
			if Hidden(x) {
				return true
			}
		}
	}
	return false
}
