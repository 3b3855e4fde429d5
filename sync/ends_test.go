package sync_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema/file"
	"pbxsync/sync"
	"pbxsync/sync/plan"
)

// objector refuses what it is shown.
type objector struct{ sync.Approving }

func (objector) Approve(context.Context, *sync.Planned) error {
	return errors.New("I would rather not")
}

// An apply that may not write ends in the way that its caller can tell apart, and has written
// nothing.
func TestEndsBeforeAWrite(t *testing.T) {
	closed := make(chan struct{})
	close(closed)
	grow := "extension_groups: {support: {}}\n"
	for _, test := range []struct {
		name, files string
		change      func(*life)
		op          sync.Operator
		end         sync.End
		says        string
	}{
		{"no operator", grow, nil, nil, sync.Refused, "no operator to approve"},
		{"the operator refuses", grow, nil, objector{}, "", "I would rather not"},
		{"a guard refuses", "extensions: {\"101\": {absent: true}}\n", nil, sync.Approving{}, sync.Refused, "apply needs --allow-loss extension/101"},
		{"another run holds it", grow, func(l *life) {
			held, err := l.store.Lock(plan.TenantID{Name: "acme", Prefix: "12037"})
			if err != nil {
				l.Fatal(err)
			}
			l.Cleanup(func() { held.Release(true) })
		}, sync.Approving{}, sync.Locked, "another run holds "},
		{"stopped", grow, func(l *life) { l.engine.Stop = closed }, sync.Approving{}, sync.Interrupted, "interrupted while reading; nothing was written"},
		{"no writer", grow, func(l *life) { l.engine.Writer = nil }, sync.Approving{}, "", "no Writer"},
		{"what only the server knows", "extensions: {\"101\": {type: phone}}\n", nil, sync.Approving{}, "", "type"},
	} {
		t.Run(test.name, func(t *testing.T) {
			sim, endpoint := canned.Serve(t, seed)
			l := newLife(t, endpoint, filepath.Join(t.TempDir(), "records"))
			desired := l.parse([]file.File{{Name: "tenant.yaml", Data: []byte("version: 1\ntenant: {name: acme, prefix: \"12037\"}\n" + test.files)}})
			if test.change != nil {
				test.change(l)
			}
			done, err := l.engine.Apply(t.Context(), desired, options(), test.op)
			var ended *sync.Failure
			if errors.As(err, &ended); err == nil || !strings.Contains(err.Error(), test.says) || (ended == nil) != (test.end == "") || ended != nil && ended.End != test.end {
				t.Errorf("%v, want %q and %q", err, test.end, test.says)
			}
			if done.Summary != nil || sim.Counts().Writes > 0 {
				t.Errorf("%+v, %d writes", done.Summary, sim.Counts().Writes)
			}
		})
	}
}
