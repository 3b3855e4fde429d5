package console

import (
	"errors"
	"io"
	"syscall"

	"pbxsync/internal/report"
)

// output takes results and remembers whether they could be written: what a run has done
// does not depend on who reads of it.
// Secrets are masked here, since everything that is printed comes by.
type output struct {
	to   io.Writer
	mask *report.Mask
	err  error
}

// Write writes until the first error, and never fails.
func (o *output) Write(b []byte) (int, error) {
	if o.err == nil {
		_, o.err = io.WriteString(o.to, o.mask.Text(string(b)))
	}
	return len(b), nil
}

// lost returns why results could not be written. Whoever closes a pipe has read enough.
func (o *output) lost() error {
	if errors.Is(o.err, syscall.EPIPE) {
		return nil
	}
	return o.err
}
