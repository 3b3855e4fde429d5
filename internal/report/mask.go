package report

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"pbxsync/schema"
)

const (
	masked = "[secret]"
	// Masking what is shorter would mask ordinary text.
	shortestSecret  = 4
	shortestEncoded = 8
)

// Mask knows secrets and takes them out of texts, in each form that a server which
// repeats what it was sent may give them. It may be used at the same time.
type Mask struct {
	mu    sync.RWMutex
	known map[string]bool
	forms []string // longest first
}

// Hide keeps a secret out of every text from now on.
func (m *Mask) Hide(secret string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(secret) < shortestSecret || m.known[secret] {
		return
	}
	if m.known == nil {
		m.known = map[string]bool{}
	}
	m.known[secret] = true
	m.forms = append(m.forms, forms(secret)...)
	slices.SortFunc(m.forms, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	m.forms = slices.Compact(m.forms)
}

// Text returns a text without the secrets, and without the user names and passwords in URLs.
func (m *Mask) Text(s string) string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, f := range m.forms {
		s = strings.ReplaceAll(s, f, masked)
	}
	return schema.HideUserinfo(s)
}

// forms returns how a secret may be written: as it is or as JSON has it, and that once
// more in JSON, in a URL, in HTML, in hexadecimal or in base64.
func forms(secret string) []string {
	out := []string{Clean(secret), unquoted(strconv.QuoteToASCII(secret))}
	for _, s := range []string{secret, inJSON(secret, false), inJSON(secret, true)} {
		hexadecimal := hex.EncodeToString([]byte(s))
		out = append(out, s, inJSON(s, false), inJSON(s, true), url.QueryEscape(s), url.PathEscape(s), hexadecimal, strings.ToUpper(hexadecimal))
		for _, h := range inHTML(s) {
			out = append(out, h, inJSON(h, false), inJSON(h, true))
		}
		for shift := range 3 { // in base64 it depends on how much stands before it
			for _, code := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
				if f := within(code, s, shift); len(f) >= shortestEncoded {
					out = append(out, f)
				}
			}
		}
	}
	return out
}

// inHTML returns a text as servers write it in HTML, which has several words for quotes.
func inHTML(s string) []string {
	out := []string{html.EscapeString(s)}
	for _, apostrophe := range []string{"'", "&#39;", "&#039;", "&#x27;", "&apos;"} {
		out = append(out, strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", apostrophe).Replace(s))
	}
	return out
}

func inJSON(s string, escaped bool) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(escaped)
	_ = e.Encode(s) // a text can always be written
	return unquoted(strings.TrimSuffix(b.String(), "\n"))
}

func unquoted(s string) string { return s[1 : len(s)-1] }

// within returns what of the code of a text depends on the secret alone when shift bytes
// stand before it.
func within(code *base64.Encoding, secret string, shift int) string {
	text := code.EncodeToString(append(make([]byte, shift), secret...))
	first := (shift*8 + 5) / 6
	last := (shift + len(secret)) * 8 / 6
	return text[first:last]
}
