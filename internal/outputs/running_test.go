package outputs

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pbxsync/internal/cli"
	"pbxsync/schema"
)

// line is one of jsonl.
type line struct {
	Type string `json:"type"`
	Time string `json:"time"`
	What struct {
		Number  int    `json:"number"`
		Address string `json:"address"`
		Method  string `json:"method"`
		Error   string `json:"error"`
		Because string `json:"because"`
		Code    string `json:"code"`
		Applied struct{ Done, Failed, Skipped int }
	} `json:"what"`
}

const groups = "version: 1\ntenant: {name: acme, prefix: \"12037\"}\nextension_groups: {a: {}, b: {}, c: {}}\nextensions: {\"101\": {type: queue, status: active, extension_group: c}}\n"

func newGroups(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, "running")
	w.seed([]byte("tenants: [{settings: {id: 12, name: acme, prefix: \"12037\", extension_len: 3}}]"))
	w.write("tenant.yaml", []byte(groups))
	return w
}

// What happens in a run is told while it happens: no call is answered here before the line that it
// was begun has been read.
func TestLinesWhileItRuns(t *testing.T) {
	w := newGroups(t)
	from, to := io.Pipe()
	begun := make(chan int, 10) // steps of which it was read that they began
	w.server.Intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/token") {
			select {
			case <-begun:
			case <-time.After(10 * time.Second):
				t.Errorf("%s %s was sent, and no line tells that it began", r.Method, r.URL.Path)
			}
		}
		return false
	})
	code := make(chan int)
	go func() {
		p := &cli.Program{Args: []string{"apply", "--auto-approve", "--parallelism", "1", "--format", "jsonl", "--report", "jsonl=report.jsonl", "tenant.yaml"}, Stdin: strings.NewReader(""), Stdout: to, Stderr: io.Discard,
			Getenv: func(name string) string { return w.env[name] }, ConfigDir: func() (string, error) { return w.dir, nil }, LockDirs: func() []string { return w.locks },
			Catalogue: schema.Builtin(), Transport: w.transport}
		got := p.Run(context.Background())
		to.Close()
		code <- got
	}()
	var types []string
	var last line
	var printed bytes.Buffer
	valid := ours(t, "#/$defs/Event")
	for s := bufio.NewScanner(from); s.Scan(); {
		printed.Write(append(s.Bytes(), '\n'))
		last = line{}
		if err := json.Unmarshal(s.Bytes(), &last); err != nil {
			t.Fatalf("%v: %s", err, s.Text())
		}
		if err := valid.Validate(decoded(t, s.Bytes())); err != nil {
			t.Errorf("%#v", err)
		}
		if last.Type == "step_started" {
			begun <- last.What.Number
		}
		types = append(types, last.Type)
	}
	if got := <-code; got != 0 {
		t.Errorf("exit %d", got)
	}
	want := []string{"change", "change", "change", "change", "run"}
	for range 4 {
		want = append(want, "step_started", "step_done")
	}
	if want = append(want, "verdict"); !slices.Equal(types, want) {
		t.Errorf("got %v, want %v", types, want)
	}
	if last.What.Code != "fine" || last.What.Applied.Done != 4 {
		t.Errorf("the sum is %+v", last)
	}
	if saved, err := os.ReadFile("report.jsonl"); err != nil || string(saved) != printed.String() {
		t.Errorf("the file has something else (%v): %s", err, unlike(string(saved), printed.String()))
	}
}

// A run that fails tells which call failed and why, what was not tried because of it, and the sum last.
func TestLinesOfFailure(t *testing.T) {
	w := newGroups(t)
	w.do(`answer POST /extension_group/ 400 {"message": "the name is taken"}`)
	out := w.run(1, "apply", "jsonl", []string{"apply", "--auto-approve", "--format", "jsonl", "tenant.yaml"})
	count := map[string]int{}
	var last line
	for text := range bytes.Lines(out) {
		last = line{}
		w.check(json.Unmarshal(text, &last))
		count[last.Type]++
		switch last.Type {
		case "step_failed":
			if last.What.Method != http.MethodPost || !strings.Contains(last.What.Error, "the name is taken") || !strings.HasPrefix(last.What.Address, "extension_group/") {
				t.Errorf("%s", text)
			}
		case "step_skipped":
			if last.What.Address != "extension/101" || last.What.Because != "extension_group/c" {
				t.Errorf("%s", text)
			}
		}
	}
	if count["step_failed"] != 3 || count["step_skipped"] != 1 || count["error"] != 4 || last.Type != "verdict" || last.What.Applied.Failed != 3 {
		t.Errorf("%v, %+v: %s", count, last, out)
	}
}
