package file

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pbxsync/schema"
)

// readExample returns the tenant files of an example.
func readExample(t *testing.T, name string) []File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "examples", name, "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no example %s: %v", name, err)
	}
	var files []File
	for _, p := range paths {
		base := filepath.Base(p)
		if base == "pbxsync.yaml" || base == "calls.yaml" || strings.HasPrefix(base, "_") {
			continue
		}
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, File{Name: base, Data: data})
	}
	return files
}

func TestExamplesAreValid(t *testing.T) {
	for _, name := range []string{"minimal", "acme"} {
		t.Run(name, func(t *testing.T) {
			tenant, problems := Parse(schema.Builtin(), readExample(t, name))
			if len(problems) > 0 {
				t.Fatalf("%v", problems)
			}
			t.Logf("%d objects", len(tenant.Objects))
		})
	}
}
