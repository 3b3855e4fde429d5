package sync_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	gosync "sync"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync"
	"pbxsync/sync/call"
)

// watched is a Reader that knows what it was asked for, and that can show what somebody has
// changed meanwhile.
type watched struct {
	call.Reader
	mu     gosync.Mutex
	asked  []string
	change func(path string, row map[string]any) // nil: nobody changes anything
}

func (w *watched) note(path string) func(string, map[string]any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, path)
	return w.change
}

func (w *watched) Get(ctx context.Context, path string) (any, error) {
	change := w.note(path)
	v, err := w.Reader.Get(ctx, path)
	if row, ok := v.(map[string]any); ok && change != nil {
		change(path, row)
	}
	return v, err
}

func (w *watched) List(ctx context.Context, path string, how schema.Listing) ([]map[string]any, int, int, error) {
	change := w.note(path)
	rows, pages, extra, err := w.Reader.List(ctx, path, how)
	for _, row := range rows {
		if change != nil {
			change(path, row)
		}
	}
	return rows, pages, extra, err
}

// atTheEnd calls a function before the tenant is read again.
type atTheEnd struct {
	sync.Approving
	do func()
}

func (a atTheEnd) Notice(n sync.Notice) {
	if _, ends := n.(sync.Proving); ends {
		a.do()
	}
}

// phonesOf writes as many phones, as they are live and as files want them.
func phonesOf(n int, change map[int]string) (seed, files string) {
	seed = "tenants:\n  - settings: {id: 12, name: acme, prefix: \"12037\", extension_len: 3}\n    limit: {extension_limit: 100}\n    extension:\n"
	files = "version: 1\ntenant: {name: acme, prefix: \"12037\"}\nextensions:\n"
	for i := range n {
		seed += fmt.Sprintf("      - {id: %d, name: \"%d\", type: phone, status: active, label: A, phone: {hangup_timeout: 20}}\n", 500+i, 101+i)
		text := "{label: A, phone: {hangup_timeout: 20}}"
		if other := change[i]; other != "" {
			text = other
		}
		files += fmt.Sprintf("  \"%d\": %s\n", 101+i, text)
	}
	return seed, files
}

// What nobody touched is not asked for again: of thirty phones one. Where a row has changed, what
// is below it is asked for too, and so is everything where something was taken away, or where that
// is wanted.
func TestSecondReading(t *testing.T) {
	label := map[int]string{3: "{label: B, phone: {hangup_timeout: 20}}"}
	moved := func(path string, row map[string]any) {
		if _, row503 := row["label"]; row503 && fmt.Sprint(row["id"]) == "507" {
			row["label"] = "by operator"
		}
		if strings.HasPrefix(path, "/extension/507/") {
			row["hangup_timeout"] = 55
		}
	}
	for _, test := range []struct {
		name   string
		wanted map[int]string
		change func(string, map[string]any)
		all    bool
		again  int // phones that are asked for in the end
		says   string
	}{
		{"one label", label, nil, false, 1, ""},
		{"one phone", map[int]string{3: "{label: A, phone: {hangup_timeout: 30}}"}, nil, false, 1, ""},
		{"all is wanted", label, nil, true, 30, ""},
		{"a delete", map[int]string{3: "{absent: true}"}, nil, false, 29, ""},
		{"somebody changes a row", label, moved, false, 2, "label is by operator, and A is wanted; update extension/108/phone: tenant.yaml:11:29: hangup_timeout is 55, and 20 is wanted"},
	} {
		t.Run(test.name, func(t *testing.T) {
			seed, files := phonesOf(30, test.wanted)
			_, endpoint := canned.Serve(t, seed)
			l := newLife(t, endpoint, filepath.Join(t.TempDir(), "records"))
			w := &watched{Reader: l.engine.Reader}
			l.engine.Reader = w
			o := options()
			o.RereadAll, o.Allow.Loss = test.all, []string{"extension/104"}
			var before int
			op := atTheEnd{do: func() { before, w.change = len(w.asked), test.change }}
			_, err := l.engine.Apply(t.Context(), l.parse([]file.File{{Name: "tenant.yaml", Data: []byte(files)}}), o, op)
			if test.says == "" && err != nil || test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)) {
				t.Errorf("%v, want %q", err, test.says)
			}
			again := slices.DeleteFunc(w.asked[before:], func(path string) bool { return !strings.HasPrefix(path, "/extension/") })
			if before < 31 || len(again) != test.again {
				t.Errorf("%d calls, then %d: %v; want %d", before, len(again), again, test.again)
			}
		})
	}
}
