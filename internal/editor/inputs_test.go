package editor

import (
	"bytes"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

const (
	root   = "../.."
	module = "pbxsync"
)

// input is a tenant file. The name of an example is a file: URL, so that an editor opens it
// where it lies and finds the schema by the first line.
type input struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// modeline names the schema; that of an input which lies nowhere leads nowhere.
var modeline = regexp.MustCompile(`(?m)^# yaml-language-server: .*$`)

// inputs are the examples, the tenant files of the README and of the scripts, and what the tests of schema parse.
func inputs(t *testing.T) []input {
	t.Helper()
	list := examples(t)
	for _, in := range slices.Concat(documented(t), scripts(t), parsed(t)) {
		in.Text = modeline.ReplaceAllString(in.Text, "#")
		list = append(list, in)
	}
	return list
}

func examples(t *testing.T) []input {
	t.Helper()
	var list []input
	for _, path := range glob(t, filepath.Join(root, "examples", "[am]*", "*.yaml")) { // beside them lie policies
		if data := read(t, path); isTenant(path, data) {
			list = append(list, input{fileURL(t, path), string(data)})
		}
	}
	return list
}

// documented are the tenant files that the README shows.
func documented(t *testing.T) []input {
	t.Helper()
	var list []input
	for _, part := range strings.Split(string(read(t, filepath.Join(root, "README.md"))), "```yaml\n")[1:] {
		if text, _, _ := strings.Cut(part, "```"); isTenant("README.yaml", []byte(text)) {
			list = append(list, input{"README.md", text})
		}
	}
	return list
}

func scripts(t *testing.T) []input {
	t.Helper()
	var list []input
	for _, path := range glob(t, filepath.Join(root, "testdata", "script", "*.txtar")) {
		for _, f := range txtar.Parse(read(t, path)).Files {
			if isTenant(f.Name, f.Data) {
				list = append(list, input{filepath.Base(path) + "/" + f.Name, string(f.Data)})
			}
		}
	}
	return list
}

// isTenant tells tenant files from the profiles, seeds, secrets and expected output beside them.
func isTenant(name string, data []byte) bool {
	base := path.Base(filepath.ToSlash(name))
	return slices.Contains([]string{".yaml", ".yml"}, path.Ext(base)) && !strings.ContainsAny(base[:1], "._") &&
		base != "pbxsync.yaml" && base != "calls.yaml" &&
		slices.ContainsFunc(bytes.Split(data, []byte("\n")), func(line []byte) bool { return bytes.HasPrefix(line, []byte("version:")) })
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(paths), err)
	}
	return paths
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func fileURL(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(abs)}).String()
}

// parsed are the texts that the tests of schema/file parse. They keep them where they are told to.
func parsed(t *testing.T) []input {
	t.Helper()
	for _, path := range glob(t, filepath.Join(root, "schema", "file", "*_test.go")) {
		read(t, path) // so that go test knows that they matter
	}
	dir := t.TempDir()
	cmd := exec.Command("go", "test", "-count=1", module+"/schema/file")
	cmd.Env = append(os.Environ(), "PBXSYNC_TEST_INPUTS="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the tests of schema/file fail, or their inputs cannot be had: %v\n%s", err, out)
	}
	var list []input
	for _, path := range glob(t, filepath.Join(dir, "*.yaml")) {
		list = append(list, input{"schema's tests/" + filepath.Base(path), string(read(t, path))})
	}
	return list
}
