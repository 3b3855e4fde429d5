package observe_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
)

// readWhole reads the tenant of a case, and says what was kept.
func readWhole(t *testing.T, c *canned.Case, r *canned.Reader) (*observe.Import, map[string]int, error) {
	t.Helper()
	kept, mu, o := map[string]int{}, sync.Mutex{}, c.Options(t)
	o.Keep = func(name string, data []byte) error {
		mu.Lock()
		defer mu.Unlock()
		kept[name] = len(data)
		return nil
	}
	w, err := observe.ReadAll(t.Context(), r, o, c.Only(t))
	return w, kept, err
}

// A whole tenant is read as far as its answers reach, and what could not be read is named.
func TestWhole(t *testing.T) {
	canned.Cases(t, "testdata/whole", func(t *testing.T, c *canned.Case) {
		r := c.Reader(t)
		w, kept, err := readWhole(t, c, r)
		if err != nil {
			c.Wanted(t, "want whole", "error "+err.Error())
			return
		}
		c.Wanted(t, "want whole", wholeInWords(w, kept))
		c.Wanted(t, "want snapshot", snapshotInWords(w.Snapshot))
		c.Wanted(t, "want calls", strings.Join(r.Asked, "\n"))
	})
}

// Nothing is taken for a whole tenant of which a call has failed, unless the call is about
// one list or object, which is named.
func TestEachCallOfAWholeFails(t *testing.T) {
	canned.Cases(t, "testdata/whole", func(t *testing.T, c *canned.Case) {
		r := c.Reader(t)
		whole, kept, err := readWhole(t, c, r)
		if err != nil {
			return
		}
		before := map[string]bool{}
		for line := range strings.Lines(wholeInWords(whole, kept)) {
			before[line] = true
		}
		var out strings.Builder
		for i, what := range r.Asked {
			for _, fails := range []error{errors.New("cut off"), canned.Status(403)} {
				again := r.Again()
				again.Fail = func(nth int, _ string) error {
					if nth == i+1 {
						return fails
					}
					return nil
				}
				w, kept, err := readWhole(t, c, again)
				switch {
				case err != nil && (w != nil || !strings.Contains(err.Error(), fails.Error())):
					t.Errorf("%s failed, and the reading says %v", what, err)
				case err == nil && fails != canned.Status(403):
					t.Errorf("%s failed, and there is a whole tenant", what)
				case err != nil && fails == canned.Status(403):
					fmt.Fprintf(&out, "%s\n  error %v\n", what, err)
				case err == nil:
					fmt.Fprintf(&out, "%s\n", what)
					for line := range strings.Lines(wholeInWords(w, kept)) {
						if !before[line] {
							out.WriteString("  " + line)
						}
					}
				}
			}
		}
		c.Wanted(t, "want refused", out.String())
	})
}

func wholeInWords(w *observe.Import, kept map[string]int) string {
	var b strings.Builder
	line := func(what string, args ...any) { fmt.Fprint(&b, what, " ", fmt.Sprintln(args...)) }
	for _, o := range w.Live.Objects {
		in := ""
		if w.Part != nil && !w.Part[o] {
			in = "(not chosen)"
		}
		line("object", o.Address(), o.ID, canned.JSON(o.Values), in)
		if why := w.NoContent[o]; why != "" {
			line("no content", o.Address(), why)
		}
	}
	for _, m := range w.Missed {
		line("missed", m.String())
	}
	for _, m := range w.NotKnown() {
		line("not known", m.Kind.Word, addressOf(m.Parent))
	}
	for _, k := range w.Unread {
		line("unread", k.Word)
	}
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		line("kept", name, kept[name])
	}
	line("skipped", w.Skipped)
	line("unknown", len(w.Unknown) > 0)
	line("calls", counted(w.Calls))
	return b.String()
}

func addressOf(o *schema.Object) string {
	if o == nil {
		return "of the tenant"
	}
	return o.Address()
}

func snapshotInWords(s *observe.Snapshot) string {
	out := fmt.Sprintln(s.Version, canned.JSON(s.Tenant), s.Selector())
	for _, at := range slices.Sorted(maps.Keys(s.Lists)) {
		if len(s.Lists[at]) > 0 {
			out += fmt.Sprintln("list", at, canned.JSON(s.Lists[at]))
		}
	}
	for _, at := range slices.Sorted(maps.Keys(s.Items)) {
		out += fmt.Sprintln("item", at, canned.JSON(s.Items[at]))
	}
	return out + fmt.Sprintln("foreign", canned.JSON(s.Foreign)) + fmt.Sprintln("contents", canned.JSON(s.Contents)) + fmt.Sprintln("refused", canned.JSON(s.Refused))
}
