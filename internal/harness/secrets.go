package harness

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
)

// Encodings are the forms in which a secret could be found in a text.
func Encodings(s string) map[string]string {
	quoted, _ := json.Marshal(s) // a text can always be written
	return map[string]string{
		"as it is":   s,
		"JSON":       strings.Trim(string(quoted), `"`),
		"URL":        url.QueryEscape(s),
		"base64":     strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(s)), "="),
		"base64 URL": base64.RawURLEncoding.EncodeToString([]byte(s)),
		"hex":        hex.EncodeToString([]byte(s)),
	}
}
