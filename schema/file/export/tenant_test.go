package export_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/schema/file/export"
	"pbxsync/sync/observe"
)

// What stands in the files of a live tenant, and what none can say.
func TestTenant(t *testing.T) {
	canned.Cases(t, "testdata", func(t *testing.T, c *canned.Case) {
		o := c.Options(t)
		o.Keep = func(string, []byte) error { return nil }
		w, err := observe.ReadAll(t.Context(), c.Reader(t), o, c.Only(t))
		if err != nil {
			t.Fatal(err)
		}
		for section, sparse := range map[string]bool{"want files": false, "want sparse files": true} {
			e, err := export.Tenant(schema.Builtin(), &w.Live.Tenant, export.Options{Sparse: sparse, Part: w.Part, NoContent: w.NoContent, Missed: w.NotKnown()})
			if err != nil {
				t.Fatal(err)
			}
			c.Wanted(t, section, inWords(e))
		}
	})
}

func inWords(e *export.Exported) string {
	var b strings.Builder
	for _, f := range e.Files {
		fmt.Fprintf(&b, "=== %s\n%s", f.Name, f.Data)
	}
	b.WriteString("===\n")
	for _, p := range e.Left {
		b.WriteString(p.String() + "\n")
	}
	counts := map[string]int{}
	for k, n := range e.Objects {
		counts[k.Word] = n
	}
	for _, word := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintln(&b, word, counts[word])
	}
	fmt.Fprintln(&b, "doubled", e.Doubled, "unnamed", e.Unnamed, "pinned", e.Pinned, "secrets", e.Secrets)
	return b.String()
}
