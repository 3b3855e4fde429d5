package ci

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/canned"
)

// command is a command line of pbxsync that stands in a file.
type command struct{ file, text string }

// program begins a command of pbxsync in a file; args: is how a container is given one.
var (
	program = regexp.MustCompile(`(?:^|[\s|;(])pbxsync ("?\$?[A-Za-z_]+"?( [^#]*)?)$`)
	args    = regexp.MustCompile(`^\s*args: \[(.*)\]$`)
	status  = regexp.MustCompile(`\s*\|\| status=\$\?$|\s*> plan\.json; conftest .*$`)
)

// commands are those of all files of the folder, but what this package is written in.
func commands(t *testing.T) []command {
	t.Helper()
	var out []command
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".md") {
			return err
		}
		data, err := os.ReadFile(path)
		text := strings.ReplaceAll(string(data), "\\\n", " ")
		for line := range strings.Lines(text) {
			line = strings.TrimRight(strings.TrimPrefix(strings.TrimSpace(line), "#   "), "\n ")
			if m := args.FindStringSubmatch(line); m != nil {
				out = append(out, command{path, "pbxsync " + strings.ReplaceAll(m[1], ",", "")})
				continue
			}
			if strings.HasPrefix(line, "name: ") || strings.HasPrefix(line, "description: ") || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "echo") || strings.Contains(line, "go build") {
				continue
			}
			if m := program.FindStringSubmatch(line); m != nil {
				out = append(out, command{path, "pbxsync " + strings.TrimSpace(status.ReplaceAllString(m[1], ""))})
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Every command in the files is run as it stands: the variables of the forges are those of a
// repository with one tenant, and the server is the simulator beside its files.
func TestCommandsRun(t *testing.T) {
	all := commands(t)
	var of []string
	for _, c := range all {
		of = append(of, c.file)
	}
	for _, want := range []string{"github/run.sh", "github/workflows/drift.yml", "gitlab/plan.yml", "gitlab/apply.yml", "gitlab/drift.yml", "kubernetes/drift.yaml", "atlantis/repos.yaml", "conftest/pbxsync.rego", "pre-commit/validate.sh"} {
		if !slices.Contains(of, want) {
			t.Errorf("no command was found in %s", want)
		}
	}
	r := newRepository(t)
	for i, c := range all {
		t.Run(fmt.Sprintf("%s_%d", strings.ReplaceAll(c.file, "/", "_"), i), func(t *testing.T) {
			if strings.Contains(c.text, "--snapshot") {
				t.Skip("a snapshot is read from a server, and the simulator beside files is none; import --snapshot has scripts of its own")
			}
			for _, planned := range r.inputs(c.text) {
				r.bash(t, 0, planned)
			}
			r.bash(t, -1, c.text)
		})
	}
}

// repository is a repository of git with a tenant, as a forge checks it out.
type repository struct {
	dir, bin string
	env      []string
}

func newRepository(t *testing.T) *repository {
	t.Helper()
	for _, name := range []string{"git", "bash"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("no %s here, so the commands are not run", name)
		}
	}
	r := &repository{dir: t.TempDir(), bin: t.TempDir()}
	build := exec.Command("go", "build", "-o", filepath.Join(r.bin, "pbxsync"), "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	tenant := filepath.Join(r.dir, "tenants", "acme")
	if err := canned.Example(tenant, "../examples/minimal"); err != nil {
		t.Fatal(err)
	}
	r.env = []string{"PATH=" + r.bin + ":" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org",
		"TENANT=acme", "INPUT_COMMAND=plan", "INPUT_PATH=tenants/acme", "INPUT_ARGUMENTS=", "INPUT_REPORTS=reports", "reports=reports", "folder=tenants/acme",
		"CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main", "BASE_BRANCH_NAME=main", "PLANFILE=plan", "rules=--rules main"}
	r.bash(t, 0, "git init -q -b main . && git add -A && git commit -q -m first && git update-ref refs/remotes/origin/main main && mkdir reports metrics && ln -s $PWD/tenants tenants-of")
	return r
}

// inputs are the commands that make what a command takes.
func (r *repository) inputs(text string) []string {
	for _, name := range []string{"plan.json", "$PLANFILE.json"} {
		if strings.Contains(text, "apply") && strings.Contains(text, name) {
			return []string{"pbxsync plan --out plan.json tenants/acme"}
		}
	}
	return nil
}

// bash runs a line where a pipeline would. It has to end with a code; any that is no mistake in
// the line itself for -1: 0, 2 for a difference.
func (r *repository) bash(t *testing.T, code int, line string, env ...string) string {
	t.Helper()
	line = strings.NewReplacer("/metrics/", "metrics/", "/tenants/", "tenants/", `"$INPUT_COMMAND"`, "plan", `"${flags[@]}"`, "").Replace(line)
	if strings.HasSuffix(line, "--out \"$PLANFILE.json\" .") {
		line = "cd tenants/acme && " + line
	}
	cmd := exec.Command("bash", "-euo", "pipefail", "-c", line)
	cmd.Dir, cmd.Env = r.dir, append(slices.Clone(r.env), env...)
	out, err := cmd.CombinedOutput()
	got := cmd.ProcessState.ExitCode()
	if got != code && !(code == -1 && (got == 0 || got == 2)) {
		t.Fatalf("%s: exit %d (%v), want %d: %s", line, got, err, code, out)
	}
	return string(out)
}
