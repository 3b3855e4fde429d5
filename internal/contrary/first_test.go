package contrary

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/evidence"
)

// properties are what holds in every world, in this order: each begins with what the one
// before has left.
var properties = []struct {
	name string
	hold func(*world) string // what went wrong, "" for nothing
}{
	{"an import reads, and writes nothing", func(w *world) string { return w.reads("import", w.dir) }},
	{"its plan is empty", func(w *world) string { return w.reads("plan", "--detailed-exitcode", w.dir) }},
	{"its drift is none", func(w *world) string { return w.reads("drift", w.dir) }},
	{"every field that is shown is in the files or named", (*world).counted},
	{"an empty tenant becomes an equal one", (*world).cloned},
	{"a second apply writes nothing", (*world).again},
	{"a field that is changed by hand is named, and put back or said to stay", (*world).edited},
	{"what no call can set back is said, and stops nothing else", (*world).stuck},
	{"an object that is added by hand is a stray and is left alone", (*world).added},
	{"an object that is deleted by hand is made again or asked for", (*world).deleted},
	{"an object of each kind that is added to the files is all that the plan makes", (*world).grown},
	{"undo takes the run back, and says what stays", (*world).undone},
}

// reads runs a command that may neither fail nor write.
func (w *world) reads(args ...string) string {
	w.s.Forget()
	code, out := w.run(args...)
	if writes := w.s.Writes(); len(writes) > 0 || code != 0 {
		return fmt.Sprintf("%v: exit %d, writes %v\n%s", args, code, writes, out)
	}
	return ""
}

// cloned makes the tenant again where there is none of it. A dialect may refuse that with
// words that it states, and then nothing is written.
func (w *world) cloned() string {
	w.clone = filepath.Join(w.root, "clone")
	if err := os.CopyFS(w.clone, os.DirFS(w.dir)); err != nil {
		return err.Error()
	}
	files, _ := filepath.Glob(filepath.Join(w.clone, "*.yaml"))
	for _, f := range files {
		data, _ := os.ReadFile(f)
		data = bytes.ReplaceAll(data, []byte(`"12037"`), []byte(`"12038"`))
		data = bytes.ReplaceAll(data, []byte("name: acme"), []byte("name: second"))
		if err := os.WriteFile(f, withPasswords(data), 0o600); err != nil {
			return err.Error()
		}
	}
	before := w.s.State(w.first)
	w.s.Become(w.other)
	defer w.s.Become(w.first)
	w.s.Forget()
	code, out := w.run("apply", "--auto-approve", w.clone)
	if strings.Contains(out, "ids hold only in the tenant that they came from; delete ") {
		if code != 3 || len(w.s.Writes()) > 0 {
			return fmt.Sprintf("apply with ids of another tenant: exit %d, writes %v\n%s", code, w.s.Writes(), out)
		}
		w.withoutIDs()
		code, out = w.run("apply", "--auto-approve", w.clone) // one round of mending is enough
	}
	if w.asks != "" {
		if code != 3 || !strings.Contains(out, w.asks) || len(w.s.Writes()) > 0 {
			return fmt.Sprintf("apply into the second: exit %d, writes %v, not %q\n%s", code, w.s.Writes(), w.asks, out)
		}
		return ""
	}
	if code != 0 {
		return fmt.Sprintf("apply into the second: exit %d, refused %v\n%s", code, w.s.Refused(), out[max(0, len(out)-3000):])
	}
	if diff := w.unnamed(differences(before, w.s.State(w.other))); len(diff) > 0 {
		return "the clone differs: " + strings.Join(diff, "; ")
	}
	return ""
}

// ids are those of doubled and nameless objects in imported files, with the name that they share.
var ids = regexp.MustCompile(`(\n +(?:name|title): .*)?\n +id: [0-9]+|((?:name|title): [^,]+, )?id: [0-9]+(?:, )?`)

// withoutIDs deletes what holds in the first tenant only, as the program says. The objects
// are made under the names that the files gave them.
func (w *world) withoutIDs() {
	files, _ := filepath.Glob(filepath.Join(w.clone, "*.yaml"))
	for _, f := range files {
		data, _ := os.ReadFile(f)
		_ = os.WriteFile(f, ids.ReplaceAll(data, nil), 0o600)
	}
	for key := range w.s.State(w.first) {
		if strings.HasSuffix(key, " .name") || strings.HasSuffix(key, " .title") {
			w.named[key] = true
		}
	}
}

// unnamed leaves out the differences in what an import named as left out.
func (w *world) unnamed(diff []string) []string {
	return slices.DeleteFunc(diff, func(d string) bool {
		key, _, _ := strings.Cut(d, `: "`)
		return w.named[key]
	})
}

// again applies the files of the clone once more.
func (w *world) again() string {
	if w.asks != "" {
		return ""
	}
	w.s.Become(w.other)
	defer w.s.Become(w.first)
	return w.reads("apply", "--auto-approve", w.clone)
}

// TestFirstContact takes over tenants that somebody clicked together, over each dialect.
func TestFirstContact(t *testing.T) {
	worlds, right, edits, stays, asked, ided, open := 0, 0, 0, 0, 0, 0, 0
	var sum count
	all := dialects
	for _, d := range mixed(evidence.Size(evidence.Quick(1, 4), 40)) {
		all = append(all, known{Dialect: d})
	}
	for i, d := range all {
		if i%evidence.Quick(3, 1) != 0 {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			size := evidence.Size(1, 12)
			if i >= len(dialects) {
				size = evidence.Size(1, 3)
			}
			for n := range size {
				worlds++
				w := newWorld(t, d.Dialect, evidence.Seed()+uint64(100*i+n))
				if (i+n)%2 == 1 {
					w.s.Disturb(w.first, w.seed)
				}
				if w.asks = d.asks; w.holds(n) {
					right++
				}
				sum.add(w.count)
				if w.asks != "" {
					open++
				}
				edits, stays, asked, ided = edits+w.edits, stays+w.stays, asked+w.asked, ided+w.ided
			}
		})
	}
	t.Logf("%d dialects, %d worlds (%d of them cannot be made again without an answer, and nothing is), %d properties, %v; %d fields changed by hand, %d of them cannot be put back; %d deleted objects asked for (%d of them known by id); %d worlds with a difference",
		len(all), worlds, open, len(properties), sum, edits, stays, asked, ided, worlds-right)
}

// holds tries the properties until one does not hold.
func (w *world) holds(n int) bool {
	for _, p := range properties {
		if wrong := p.hold(w); wrong != "" {
			w.t.Errorf("world %d: %s: %s", n, p.name, wrong)
			return false
		}
	}
	return true
}
