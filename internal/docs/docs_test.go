package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/internal/exit"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

// TestMain keeps what the machine has set out of the program's flags.
func TestMain(m *testing.M) {
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "PBXSYNC_") {
			os.Unsetenv(name)
		}
	}
	os.Exit(m.Run())
}

// root is the module's folder, seen from this package.
const root = "../.."

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestPagesAreFresh(t *testing.T) {
	pages, err := generate(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		if old, err := os.ReadFile(filepath.Join(root, p.path)); err != nil || !bytes.Equal(old, p.text) {
			t.Errorf("%s is stale; run: go run ./internal/docs", p.path)
		}
	}
}

// TestPagesAreTheSameTwice keeps the order of maps out of the pages.
func TestPagesAreTheSameTwice(t *testing.T) {
	first, err := generate(root)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := generate(root)
		if err != nil {
			t.Fatal(err)
		}
		for i := range first {
			if !bytes.Equal(first[i].text, again[i].text) {
				t.Fatalf("%s comes out differently each time", first[i].path)
			}
		}
	}
}

func TestReadmeBeginsWithTheTwoCommands(t *testing.T) {
	head, _, _ := strings.Cut(read(t, "README.md"), "\n## A real server")
	for _, want := range []string{"git clone … && cd pbxsync\n", "\ngo run . apply --auto-approve examples/acme ", "\ngo test ./...\n"} {
		if !strings.Contains(head, want) {
			t.Errorf("the set-up in README.md lacks %q", want)
		}
	}
}

// TestReadmeHasTheExitCodes compares the README's table with the program's.
func TestReadmeHasTheExitCodes(t *testing.T) {
	var want []string
	for _, e := range exit.Codes() {
		want = append(want, fmt.Sprintf("| %d | %s |", e.Code, e.Text))
	}
	_, part, _ := strings.Cut(read(t, "README.md"), "### Exit codes\n")
	part, _, _ = strings.Cut(part, "\n#")
	got := regexp.MustCompile(`(?m)^\| [0-9]+ \|.*$`).FindAllString(part, -1)
	if !slices.Equal(got, want) {
		t.Errorf("README.md has the exit codes\n%s\nthe program has\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestReadmeNamesEveryCommandAndNoUnknownFlag(t *testing.T) {
	readme := read(t, "README.md")
	known := map[string]bool{"--help": true, "--version": true}
	commands := program(schema.Builtin()).Commands()
	for _, c := range commands {
		if !regexp.MustCompile("(?m)^\\| `" + c.Name + "[ `]").MatchString(readme) {
			t.Errorf("the table of commands in README.md lacks %s", c.Name)
		}
		for _, f := range flagsOf(commands, c.Name) {
			known[f.name] = true
		}
	}
	text, _, _ := strings.Cut(readme, "## What this version does not do")
	for _, name := range regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(text, -1) {
		if !known[name] {
			t.Errorf("README.md names %s, which no command has", name)
		}
	}
}

// missing is what the program says of words that it knows and refuses.
const missing = " is not supported in this version"

// TestReadmeSaysWhatIsMissing asks the program for each command and flag that the
// README calls missing.
func TestReadmeSaysWhatIsMissing(t *testing.T) {
	_, part, found := strings.Cut(read(t, "README.md"), "## What this version does not do")
	part, _, _ = strings.Cut(part, "\n## ")
	line := func(start string) []string {
		_, rest, ok := strings.Cut(part, "\n- "+start)
		if !ok || !found {
			t.Fatalf("README.md has no line %q", start)
		}
		rest, _, _ = strings.Cut(rest, ".")
		return regexp.MustCompile("`([^`]+)`").FindAllString(rest, -1)
	}
	c := schema.Builtin()
	refused := func(args ...string) {
		t.Helper()
		out, code := ask(c, args...)
		if want := args[min(1, len(args)-1)] + missing; code != 3 || !strings.Contains(out, want) {
			t.Errorf("%s ends with %d:\n%s", args, code, out)
		}
	}
	for _, name := range line("Commands:") {
		refused(strings.Trim(name, "`"))
	}
}

// TestReadmeTenantFilesAreValid reads the tenant files in the README.
func TestReadmeTenantFilesAreValid(t *testing.T) {
	found := 0
	for _, block := range blocks(read(t, "README.md"), "```yaml\n") {
		if !strings.Contains(block, "\nversion: 1\n") {
			continue
		}
		found++
		if _, problems := file.Parse(schema.Builtin(), []file.File{{Name: "README.md", Data: []byte(block)}}); len(problems) > 0 {
			t.Error(problems)
		}
	}
	if found == 0 {
		t.Error("README.md shows no tenant file")
	}
}

// blocks returns the texts between a start and the end of a fenced block.
func blocks(text, start string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(text, start)
		if !ok {
			return out
		}
		block, after, _ := strings.Cut(rest, "```")
		out, text = append(out, block), after
	}
}

// TestReadmeShowsTrueOutput follows the README in a copy of the examples. Each
// line that the README shows has to be printed; … stands for what is left out.
func TestReadmeShowsTrueOutput(t *testing.T) {
	readme := read(t, "README.md")
	dir := t.TempDir()
	if err := canned.Example(filepath.Join(dir, "examples", "acme"), filepath.Join(root, "examples", "acme")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	c := schema.Builtin()
	step := func(name string, want int, args ...string) {
		t.Helper()
		out, code := ask(c, args...)
		if code != want {
			t.Fatalf("%s ended with %d:\n%s", name, code, out)
		}
		block := blocks(readme, "<!-- checked: "+name+" -->\n```text\n")
		if len(block) != 1 {
			t.Fatalf("README.md has %d blocks %q", len(block), name)
		}
		for line := range strings.Lines(block[0]) {
			if line != "…\n" && !strings.Contains("\n"+out, "\n"+line) {
				t.Errorf("%s: README.md shows a line that the program does not print:\n%s", name, line)
			}
		}
	}
	step("first apply", 0, "apply", "--auto-approve", "examples/acme")
	step("second apply", 0, "apply", "--auto-approve", "examples/acme")
	numbers := filepath.Join("examples", "acme", "numbers.yaml")
	data, err := os.ReadFile(numbers)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(numbers, bytes.Replace(data, []byte(`"100"`), []byte(`"1000"`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	step("mistake", 3, "plan", "examples/acme")
}

// TestLinksLeadSomewhere follows the links between the pages.
func TestLinksLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	found := 0
	for _, page := range []string{"README.md", "CHANGELOG.md", "docs/map.md", "docs/decisions.md", "docs/kinds.md", "docs/keywords.md", "docs/cli.md", "docs/operations.md"} {
		for _, m := range link.FindAllStringSubmatch(read(t, page), -1) {
			found++
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d links were followed", found)
	}
}
