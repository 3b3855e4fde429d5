package ci

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func glob(t *testing.T, patterns ...string) []string {
	t.Helper()
	var out []string
	for _, p := range patterns {
		found, err := filepath.Glob(p)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: no file (%v)", p, err)
		}
		out = append(out, found...)
	}
	return out
}

func judged(t *testing.T, name string, arguments ...string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("no %s here, so it is not asked", name)
	}
	if out, err := exec.Command(path, arguments...).CombinedOutput(); err != nil {
		t.Errorf("%s: %v: %s", name, err, out)
	}
}

// The scripts are sound. Of the workflows a linter is asked by .ci/run.
func TestScripts(t *testing.T) { judged(t, "shellcheck", glob(t, "github/*.sh", "pre-commit/*.sh")...) }

func TestYAML(t *testing.T) {
	files := glob(t, "github/*.yml", "github/*/*.yml", "gitlab/*.yml", "kubernetes/*.yaml", "atlantis/*.yaml", "../.pre-commit-hooks.yaml")
	judged(t, "yamllint", append([]string{"-s", "-d", "{extends: relaxed, rules: {line-length: disable}}"}, files...)...)
}

// A pull request of a fork never sees a credential, and the program is pinned where it is used:
// what runs with credentials never runs on the event that gives a fork's code the secrets.
func TestNoSecretForForks(t *testing.T) {
	for _, path := range glob(t, "github/workflows/*.yml") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		if strings.Contains(text, "pull_request_target") {
			t.Errorf("%s runs on pull_request_target", path)
		}
		if !strings.Contains(text, "\n  pull_request:") {
			continue
		}
		for line := range strings.Lines(text) {
			if strings.Contains(line, "secrets.") && !strings.Contains(line, "!github.event.pull_request.head.repo.fork && secrets.") {
				t.Errorf("%s: a fork can see what stands here: %s", path, strings.TrimSpace(line))
			}
		}
	}
}
