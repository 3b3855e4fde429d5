package console

import (
	"bytes"
	"strings"
	"testing"
)

// A secret with blanks is gone before its line is broken.
func TestSecretsBeforeWidth(t *testing.T) {
	b := &bytes.Buffer{}
	c := New(Streams{Stdout: b, Stderr: b, Width: 30})
	c.Mask.Hide("correct horse battery staple")
	c.Out.Linef("the server says %s and so on", "correct horse battery staple")
	if strings.Contains(b.String(), "correct") || strings.Contains(b.String(), "staple") || !strings.Contains(b.String(), "\n    ") {
		t.Error(b.String())
	}
}
