package editor

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	modules = "testdata/node_modules"
	oldest  = "20" // node's major version
	script  = "testdata/judge.mjs"
)

// mark is what a reader refuses, and in which lines.
type mark struct {
	Line    int    `json:"line"`
	End     int    `json:"end"`
	Message string `json:"message"`
}

// judged is what the readers refuse of one file, and what the editor offers at its cursor.
type judged struct {
	Ajv     []mark   `json:"ajv"`
	Editor  []mark   `json:"editor"`
	Offered []string `json:"offered"`
}

// node is the program that runs the readers. Without them the test is skipped.
func node(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node here, so neither ajv nor an editor's language server can be asked")
	}
	version, _ := exec.Command(program, "--version").Output()
	if major, _, _ := strings.Cut(strings.TrimPrefix(string(version), "v"), "."); len(major) < 2 || major < oldest {
		t.Skipf("node is %q, and the language server needs %s", version, oldest)
	}
	if _, err := os.Stat(modules + "/yaml-language-server/package.json"); err != nil {
		t.Skip("ajv and the language server are not installed here: npm ci --ignore-scripts --prefix internal/editor/testdata")
	}
	return program
}

// judge has all files judged by one process. compile is why ajv does not take the schema.
func judge(t *testing.T, schemaFile string, files []input) (compile string, all []judged) {
	t.Helper()
	abs, err := filepath.Abs(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	request, err := json.Marshal(map[string]any{"schema": abs, "files": files})
	if err != nil {
		t.Fatal(err)
	}
	read(t, script) // so that go test knows that it matters
	cmd := exec.Command(node(t), script)
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(request), &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, said.Bytes())
	}
	var answer struct {
		Compile string   `json:"compile"`
		Files   []judged `json:"files"`
	}
	if err := json.Unmarshal(out, &answer); err != nil || len(answer.Files) != len(files) {
		t.Fatalf("%d answers for %d files: %v", len(answer.Files), len(files), err)
	}
	return answer.Compile, answer.Files
}
