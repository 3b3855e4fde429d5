package cli

import (
	"bytes"
	"strings"
	"testing"

	"pbxsync/internal/report"
	"pbxsync/internal/wrap"
)

// A secret with blanks is gone before its line is broken.
func TestSecretsBeforeWidth(t *testing.T) {
	p, b := &Program{}, &bytes.Buffer{}
	p.mask.Hide("correct horse battery staple")
	out := report.NewPrinter(&output{to: b, mask: &p.mask}, false).Wrap(p.wrapped(wrap.New(30)))
	out.Linef("the server says %s and so on", "correct horse battery staple")
	if strings.Contains(b.String(), "correct") || strings.Contains(b.String(), "staple") || !strings.Contains(b.String(), "\n    ") {
		t.Error(b.String())
	}
}
