package secretfile

import (
	"fmt"
	"strings"
	"unicode"
)

// Whole refuses what nobody means by a secret. It is one rule, wherever a secret comes from:
// one that is sent with a line end opens nothing, and its owner learns of it too late.
func Whole(secret, from string) error {
	switch line := strings.TrimRight(secret, "\r\n"); {
	case strings.TrimSpace(secret) == "":
		return fmt.Errorf("%s is empty or blank; put the secret there, or name another place", from)
	case line != secret:
		return fmt.Errorf("%s ends with a line end, which would be part of the secret; take it out (in YAML write it on one line, in a shell use printf '%%s')", from)
	case strings.ContainsFunc(secret, unicode.IsControl):
		return fmt.Errorf("%s holds a line break or control character; take it out", from)
	}
	return nil
}

// WithoutEnd takes off the line end of a file that holds a secret and nothing else: it ends
// the file's only line, and is no part of the secret.
func WithoutEnd(data []byte) string {
	return strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
}
