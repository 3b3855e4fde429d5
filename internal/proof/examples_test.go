package proof

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

// example reads the tenant files and the seed of an example.
func example(t *testing.T, name string) (files []file.File, seed string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("../../examples", name, "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%v", err)
	}
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		switch base := filepath.Base(p); {
		case base == "_seed.yaml":
			seed = string(data)
		case base != "pbxsync.yaml" && base != "calls.yaml" && !strings.HasPrefix(base, "_"):
			files = append(files, file.File{Name: base, Data: data})
		}
	}
	return files, seed
}

// Every example: apply, then plan is empty, and a second run on another server
// with another way of reading makes the same plan, byte for byte.
func TestExamples(t *testing.T) {
	dirs, err := filepath.Glob("../../examples/*/pbxsync.yaml")
	if err != nil || len(dirs) < 2 {
		t.Fatalf("%v %v", dirs, err)
	}
	for _, dir := range dirs {
		name := filepath.Base(filepath.Dir(dir))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files, seed := example(t, name)
			parse := func(b *box) *schema.Tenant {
				tenant, problems := file.Parse(b.cat, files)
				problems = append(problems, tenant.Contents(disk(filepath.Dir(dir)))...)
				if len(problems) > 0 {
					t.Fatal(problems)
				}
				return tenant
			}
			var first []byte
			for i, m := range modes {
				b := newBox(t, m.o, seed)
				b.options.Parallelism, b.options.Folder = 1+7*i, disk(filepath.Dir(dir))
				s, p, err := b.look(parse(b))
				if err != nil {
					t.Fatal(err)
				}
				b.promised(s, p)
				b.again(p)
				data := b.bytes(p)
				if first == nil {
					first = data
				}
				if !bytes.Equal(first, data) {
					t.Errorf("another plan in another run:\n%s", lineDiff(string(first), string(data)))
				}
				b.turn = m.turn
				before := b.snapshot()
				b.carryOut(p)
				left, empty, err := b.look(parse(b))
				if err != nil || len(empty.Steps)+len(left.Diff.Changes) > 0 {
					t.Errorf("plan after apply: %v\n%s", err, steps(empty))
				}
				after := b.snapshot()
				b.holds(parse(b), after)
				b.untouched(s, p, before, after)
			}
			t.Logf("%d bytes of plan", len(first))
		})
	}
}

// The same files in another order of files give the same steps.
func TestOrderOfFiles(t *testing.T) {
	files, seed := example(t, "acme")
	var want string
	for i := range files {
		b := newBox(t, simulator.Options{}, seed)
		turned := append(append([]file.File{}, files[i:]...), files[:i]...)
		tenant, problems := file.Parse(b.cat, turned)
		problems = append(problems, tenant.Contents(disk("../../examples/acme"))...)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		_, p, err := b.look(tenant)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(b.bytes(p)); want == "" {
			want = got
		} else if got != want {
			t.Fatalf("files from %s on: another plan:\n%s", files[i].Name, lineDiff(want, got))
		}
	}
}
