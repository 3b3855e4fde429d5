package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/exit"
	"pbxsync/schema"
)

// unsaid is what no message may hold: forms of Go, and what an operating system says of a call.
var unsaid = regexp.MustCompile(`%!|map\[|<nil>|panic|goroutine|\bruntime error|&\{|0x[0-9a-f]{6}|\b(open|stat|lstat|openat|read|mkdir) [^ ]+: |flag provided but|strconv\.|(^|[^.\w])(json|yaml): `)

// wayOut is how messages say what to do: behind a semicolon, or in a question.
var wayOut = regexp.MustCompile(`; |did you mean|such as|\?$`)

// Every command is given what it cannot take: it ends with the right code, says so in words with
// the way out, and never stumbles.
func TestWrongInput(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range map[string]string{
		"good/tenant.yaml":    "version: 1\ntenant: {name: acme, prefix: \"12037\"}\nextension_groups: {sales: {}}\n",
		"good/pbxsync.yaml":   "endpoint: simulator\nseed: _seed.yaml\n",
		"good/_seed.yaml":     "tenants:\n  - settings: {id: 12, name: acme, prefix: \"12037\", extension_len: 3}\n",
		"noseed/tenant.yaml":  "version: 1\ntenant: acme\n",
		"noseed/pbxsync.yaml": "endpoint: simulator\n",
		"bad/tenant.yaml":     "version: 1\ntenant: [\n",
		"list/tenant.yaml":    "- a\n- b\n",
		"text.txt":            "no yaml: [\n",
		"empty.json":          "",
		"bad.json":            "{\"header\": 5, \"plan\": []}",
		"other.json":          "{\"plan\": {\"version\": \"9\"}}",
		"list.json":           "[1, 2]",
		"empty/.keep":         "",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cases := map[string]int{
		"validte": exit.Error, "plan --fromat json good": exit.Error, "plan --format xml good": exit.Error, "plan --color blue good": exit.Error,
		"plan --log-level loud good": exit.Error, "plan --parallelism x good": exit.Error, "plan --parallelism 0 good": exit.Error, "plan --rate -1 good": exit.Error,
		"plan --page-size 0 good": exit.Error, "plan good good": exit.Error, "plan --only": exit.Error, "plan --settle 5 good": exit.Error, "apply --settle five good": exit.Error,
		"apply --allow-deletes many good": exit.Error, "plan --out good/plan.txt good": exit.Error, "plan --out nowhere/plan.json good": exit.Error,
		"plan --only extension/999 good": exit.Invalid, "plan --only nonsense good": exit.Invalid, "plan --only [ good": exit.Invalid,
		"plan --allow-fewer nonsense good": exit.Error, "plan --send-secrets extension/101 good": exit.Invalid,
		"plan --live gone.json good": exit.Error, "plan --live bad.json good": exit.Invalid, "plan --live good good": exit.Invalid, "plan --live empty.json good": exit.Invalid,
		"plan --tenant x good": exit.Error, "plan --endpoint ftp://x good": exit.Error, "plan --endpoint : good": exit.Error, "plan --config gone.yaml --endpoint simulator empty": exit.Invalid,
		"plan noseed": exit.Error, "plan good --base-path x": exit.Error, "plan --trace good good": exit.Error, "plan --trace-values good": exit.Error,
		"apply gone.json": exit.Error, "apply empty.json": exit.Invalid, "apply bad.json": exit.Invalid, "apply other.json": exit.Invalid, "apply list.json": exit.Invalid,
		"show": exit.Error, "show good": exit.Invalid, "show gone.json": exit.Error, "show empty.json": exit.Invalid, "show bad.json": exit.Invalid, "show other.json": exit.Invalid, "show list.json": exit.Invalid, "show text.txt": exit.Invalid,
		"undo": exit.Error, "undo nonsense good": exit.Error, "undo nonsense gone": exit.Invalid, "undo a b c": exit.Error,
		"settle": exit.Error, "settle run": exit.Error, "settle run x good": exit.Error, "settle run 1 good": exit.Error, "settle run 1 good --forget": exit.Error, "settle run 1 good --forget --adopt 5": exit.Error, "settle run 1 good --adopt x": exit.Error,
		"explain nonsense": exit.Invalid, "explain extension.nonsense": exit.Invalid, "explain a b": exit.Error, "schema x": exit.Error,
		"completion": exit.Error, "completion tcsh": exit.Error, "help nonsense": exit.Error,
		"import --all": exit.Error, "import good": exit.Error, "import --only nonsense out --config gone.yaml": exit.Error, "import --snapshot good/x/y.json --endpoint simulator": exit.Error,
		"simulator --seed gone.yaml": exit.Error, "simulator --seed good": exit.Invalid, "simulator --listen nonsense": exit.Error, "simulator --on-delete maybe": exit.Error, "simulator --faults gone.yaml": exit.Error, "simulator --faults good": exit.Invalid, "simulator --playback gone.json": exit.Error, "simulator --playback good": exit.Error, "simulator --state good": exit.Error, "simulator --history good": exit.Error, "simulator x": exit.Error, "simulator --seed text.txt": exit.Invalid,
		"check gone": exit.Invalid, "check --record x good": exit.Error, "check --deep --sample -1 good": exit.Error, "check --deep --record good good": exit.Error,
		"runs gone": exit.Invalid, "drift --detailed-exitcode good": exit.Error,
	}
	for _, command := range []string{"validate", "plan", "apply", "drift"} {
		for path, code := range map[string]int{"gone": exit.Invalid, "empty": exit.Invalid, "bad": exit.Invalid, "list": exit.Invalid, "text.txt": exit.Invalid, "good/pbxsync.yaml": exit.Invalid, ".": exit.Invalid, "good/tenant.yaml/x": exit.Invalid, "-": exit.Invalid} {
			cases[command+" "+path] = code
		}
	}
	cases["apply -"] = exit.Guard
	lines := make([]string, 0, len(cases))
	for line := range cases {
		lines = append(lines, line)
	}
	slices.Sort(lines)
	for _, line := range lines {
		code, said := wrong(t, line)
		switch {
		case code != cases[line]:
			t.Errorf("%s: exit code %d, want %d: %s", line, code, cases[line], said)
		case unsaid.MatchString(said):
			t.Errorf("%s: says %q: %s", line, unsaid.FindString(said), said)
		case !wayOut.MatchString(strings.TrimSpace(said)):
			t.Errorf("%s: no way out: %s", line, said)
		}
	}
}

func wrong(t *testing.T, line string) (code int, said string) {
	t.Helper()
	var out, errs bytes.Buffer
	p := &Program{Args: strings.Fields(line), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Getenv: func(string) string { return "" },
		ConfigDir: func() (string, error) { return filepath.Join(t.TempDir(), "config"), nil }, Catalogue: schema.Builtin()}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	return p.Run(ctx), errs.String()
}
