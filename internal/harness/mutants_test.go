package harness

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pbxsync/internal/evidence"
)

const module = "../.."

// mutant is a bug of the engine, and the tests that have to catch it.
type mutant struct {
	name, pkg, tests string
	edits            []replacement
	moves            []move
}

// move is a figure of a row that has to come out otherwise, as the expression says.
type move struct{ row, figure string }

// replacement is one text that stands in the place of another.
type replacement struct{ file, old, new string }

// mutants reads testdata/mutants.txt.
func mutants(t *testing.T) []mutant {
	t.Helper()
	data, err := os.ReadFile("testdata/mutants.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []mutant
	for _, text := range strings.Split(string(data), "\n# ")[1:] {
		lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
		m := mutant{name: lines[0]}
		m.pkg, m.tests, _ = strings.Cut(lines[1], " ")
		for _, line := range lines[2:] {
			switch head, rest, bar := strings.Cut(line, "|"); {
			case bar && head == "=":
				row, figure, _ := strings.Cut(rest, "|")
				m.moves = append(m.moves, move{row, figure})
			case bar && head == "-":
				m.edits[len(m.edits)-1].old += "\n" + rest
			case bar && head == "+":
				m.edits[len(m.edits)-1].new += "\n" + rest
			default:
				m.edits = append(m.edits, replacement{file: line})
			}
		}
		for i := range m.edits {
			m.edits[i].old, m.edits[i].new = strings.TrimPrefix(m.edits[i].old, "\n"), strings.TrimPrefix(m.edits[i].new, "\n")
		}
		out = append(out, m)
	}
	return out
}

// overlay writes the changed files, and the file that tells Go to take them.
func (m mutant) overlay(t *testing.T) string {
	t.Helper()
	dir, replace := t.TempDir(), map[string]string{}
	for i, e := range m.edits {
		path, err := filepath.Abs(filepath.Join(module, e.file))
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(cmp.Or(replace[path], path)) // a file may be changed in two places
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(data), e.old); n != 1 || e.old == "" || e.old == e.new {
			t.Fatalf("%s: its text is in %s %d times; correct testdata/mutants.txt", m.name, e.file, n)
		}
		replace[path] = filepath.Join(dir, fmt.Sprint(i, ".go"))
		if err := os.WriteFile(replace[path], []byte(strings.Replace(string(data), e.old, e.new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// goTool runs the go command in the module, with the usual sizes of tests.
func goTool(args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = module
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "PBXSYNC_EVIDENCE_") })
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestMutants shows that the text of each mutant is still there, and that a few can be
// compiled. In a full run each one is built, and its tests have to fail; the rows of the
// page that are wrong with it are put on record.
func TestMutants(t *testing.T) {
	all := mutants(t)
	if len(all) < 20 {
		t.Errorf("%d mutants; 20 are due", len(all))
	}
	caught := 0
	for i, m := range all {
		t.Run(m.name, func(t *testing.T) {
			overlay := m.overlay(t)
			switch {
			case evidence.Full():
				if m.caught(t, overlay) {
					caught++
				}
			case i%15 == 0:
				if out, err := goTool("build", "-overlay", overlay, "./"+filepath.Dir(m.edits[0].file)); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			}
		})
	}
	if evidence.Full() {
		evidence.Add(t, evidence.Note{Row: "24", Tried: len(all), Right: caught, Figure: fmt.Sprintf("%d/%d mutants caught", caught, len(all))})
	}
}

func (m mutant) caught(t *testing.T, overlay string) bool {
	start := time.Now()
	out, err := goTool("test", "-json", "-overlay", overlay, "-count=1", "-timeout=60s", "-run", m.tests, m.pkg)
	took := time.Since(start).Round(time.Second)
	switch {
	case strings.Contains(out, `"FailedBuild"`):
		t.Errorf("it cannot be compiled:\n%s", out)
	case err == nil:
		t.Errorf("%s %s does not catch it (%v)", m.pkg, m.tests, took)
	default:
		t.Logf("caught by %s %s (%v)", m.pkg, m.tests, took)
		return m.moved(t, []byte(out))
	}
	return false
}

// moved puts on record which rows came out red, and reports whether the figures that the
// mutant has to move did.
func (m mutant) moved(t *testing.T, out []byte) bool {
	red, figures := evidence.RedRows(out)
	evidence.AddRed(t, evidence.Red{Mutant: m.name, Rows: red})
	ok := true
	for _, want := range m.moves {
		figure := regexp.MustCompile(want.figure)
		if !slices.Contains(red, want.row) || !slices.ContainsFunc(figures[want.row], figure.MatchString) {
			t.Errorf("row %s does not say %q; red: %q, %q", want.row, want.figure, red, figures[want.row])
			ok = false
		}
	}
	return ok
}
