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

// move is a row in which not every case comes out right any more or, where there is an
// expression, whose figure says what that matches.
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

// goTool runs the go command in the module, with the usual sizes of tests. The overlay
// holds for what these tests build too.
func goTool(overlay string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = module
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "PBXSYNC_EVIDENCE_") })
	cmd.Env = append(cmd.Env, "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -overlay="+overlay))
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
				if out, err := goTool(overlay, "build", "./"+filepath.Dir(m.edits[0].file)); err != nil {
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
	out, err := goTool(overlay, "test", "-json", "-count=1", "-timeout=4m", "-run", m.tests, m.pkg)
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

// moved puts on record which rows came out red, and reports whether those that the mutant
// has to move did.
func (m mutant) moved(t *testing.T, out []byte) bool {
	red, notes := evidence.RedRows(out)
	evidence.AddRed(t, evidence.Red{Mutant: m.name, Rows: red})
	for _, row := range red {
		t.Logf("row %s: %+v", row, notes[row])
	}
	ok := true
	for _, want := range m.moves {
		figure := regexp.MustCompile(want.figure)
		moves := func(n evidence.Note) bool {
			return want.figure == "" && n.Right < n.Tried || want.figure != "" && figure.MatchString(n.Figure)
		}
		if !slices.Contains(red, want.row) || !slices.ContainsFunc(notes[want.row], moves) {
			t.Errorf("row %s does not say %q; red: %q, %+v", want.row, want.figure, red, notes[want.row])
			ok = false
		}
	}
	return ok
}

// still are the rows that no seeded bug can move, and why.
var still = map[string]string{
	"23": "fuzzing counts executions, and stands below the rows",
	"24": "it is made of the mutants themselves",
	"25": "there is no real tenant to try it on",
}

// TestEveryRowIsMoved shows that each row of the page, and each that a test puts on
// record, has a mutant which has to move it.
func TestEveryRowIsMoved(t *testing.T) {
	moved := map[string]bool{}
	for _, m := range mutants(t) {
		for _, move := range m.moves {
			moved[move.row] = true
		}
	}
	rows := recorded(t)
	if len(rows) < 30 {
		t.Fatalf("only %d rows were found", len(rows))
	}
	for _, row := range rows {
		if moved[row] == (still[row] != "") {
			t.Errorf("row %q: mutants move it: %v, and it can be moved: %v; correct testdata/mutants.txt", row, moved[row], still[row] == "")
		}
	}
}

// recorded returns the rows of the page's table, and those that the tests name.
func recorded(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(module, "internal/reliability/rows.json"))
	if err != nil {
		t.Fatal(err)
	}
	var table struct{ Faults, Figures []struct{ Row string } }
	if err := json.Unmarshal(data, &table); err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, r := range append(table.Faults, table.Figures...) {
		rows = append(rows, r.Row)
	}
	named := regexp.MustCompile(`evidence\.Note\{Row: "([^"]+)"|\breport\(t, "([^"]+)"`)
	for _, pattern := range []string{"*/*_test.go", "*/*/*_test.go"} {
		files, err := filepath.Glob(filepath.Join(module, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range named.FindAllStringSubmatch(string(text), -1) {
				rows = append(rows, m[1]+m[2])
			}
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}
