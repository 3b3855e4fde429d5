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
		"validte": exitError, "plan --fromat json good": exitError, "plan --format xml good": exitError, "plan --color blue good": exitError,
		"plan --log-level loud good": exitError, "plan --parallelism x good": exitError, "plan --parallelism 0 good": exitError, "plan --rate -1 good": exitError,
		"plan --page-size 0 good": exitError, "plan good good": exitError, "plan --only": exitError, "plan --settle 5 good": exitError, "apply --settle five good": exitError,
		"apply --allow-deletes many good": exitError, "plan --out good/plan.txt good": exitError, "plan --out nowhere/plan.json good": exitError,
		"plan --only extension/999 good": exitInvalid, "plan --only nonsense good": exitInvalid, "plan --only [ good": exitInvalid,
		"plan --allow-fewer nonsense good": exitError, "plan --send-secrets extension/101 good": exitInvalid,
		"plan --live gone.json good": exitError, "plan --live bad.json good": exitInvalid, "plan --live good good": exitInvalid, "plan --live empty.json good": exitInvalid,
		"plan --tenant x good": exitError, "plan --endpoint ftp://x good": exitError, "plan --endpoint : good": exitError, "plan --config gone.yaml --endpoint simulator empty": exitInvalid,
		"plan noseed": exitError, "plan good --base-path x": exitError, "plan --trace good good": exitError, "plan --trace-values good": exitError,
		"apply gone.json": exitError, "apply empty.json": exitInvalid, "apply bad.json": exitInvalid, "apply other.json": exitInvalid, "apply list.json": exitInvalid,
		"show": exitError, "show good": exitInvalid, "show gone.json": exitError, "show empty.json": exitInvalid, "show bad.json": exitInvalid, "show other.json": exitInvalid, "show list.json": exitInvalid, "show text.txt": exitInvalid,
		"undo": exitError, "undo nonsense good": exitError, "undo nonsense gone": exitInvalid, "undo a b c": exitError,
		"settle": exitError, "settle run": exitError, "settle run x good": exitError, "settle run 1 good": exitError, "settle run 1 good --forget": exitError, "settle run 1 good --forget --adopt 5": exitError, "settle run 1 good --adopt x": exitError,
		"explain nonsense": exitInvalid, "explain extension.nonsense": exitInvalid, "explain a b": exitError, "schema x": exitError,
		"completion": exitError, "completion tcsh": exitError, "help nonsense": exitError,
		"import --all": exitError, "import good": exitError, "import --only nonsense out --config gone.yaml": exitError, "import --snapshot good/x/y.json --endpoint simulator": exitError,
		"simulator --seed gone.yaml": exitError, "simulator --seed good": exitInvalid, "simulator --listen nonsense": exitError, "simulator --on-delete maybe": exitError, "simulator --faults gone.yaml": exitError, "simulator --faults good": exitInvalid, "simulator --playback gone.json": exitError, "simulator --playback good": exitError, "simulator --state good": exitError, "simulator --history good": exitError, "simulator x": exitError, "simulator --seed text.txt": exitInvalid,
		"check gone": exitInvalid, "check --record x good": exitError, "check --deep --sample -1 good": exitError, "check --deep --record good good": exitError,
		"runs gone": exitInvalid, "drift --detailed-exitcode good": exitError,
	}
	for _, command := range []string{"validate", "plan", "apply", "drift"} {
		for path, code := range map[string]int{"gone": exitInvalid, "empty": exitInvalid, "bad": exitInvalid, "list": exitInvalid, "text.txt": exitInvalid, "good/pbxsync.yaml": exitInvalid, ".": exitInvalid, "good/tenant.yaml/x": exitInvalid, "-": exitInvalid} {
			cases[command+" "+path] = code
		}
	}
	cases["apply -"] = exitGuard
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
