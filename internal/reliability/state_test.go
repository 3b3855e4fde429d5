package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Parts that are done are taken by the next run of the same sources and sizes, and by no
// other; what failed and what is torn is run again.
func TestState(t *testing.T) {
	root, dir := t.TempDir(), t.TempDir()
	source := filepath.Join(root, "a.go")
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	open := func(o options) *state {
		t.Helper()
		s, err := openState(dir, root, &o)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	write(source, "package a")
	s := open(options{size: 1})
	for _, p := range []*part{{Pkg: "x", Test: "TestA", Took: time.Second}, {Pkg: "x", Test: "TestB", Failed: []string{"TestB"}}, {Pkg: "y", Test: "FuzzC", Fuzzed: &fuzzed{Executions: "7"}}} {
		if err := s.keep(p); err != nil {
			t.Fatal(err)
		}
	}
	if s = open(options{size: 1}); len(s.done) != 2 || len(s.of("x")) != 1 || s.of("x")[0].Took != time.Second || s.done[1].Fuzzed.Executions != "7" || len(s.of("y")) != 0 {
		t.Errorf("%+v", s.done)
	}
	data, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	write(s.path, string(data[:len(data)-9]))
	if s = open(options{size: 1}); len(s.done) != 1 {
		t.Errorf("torn: %+v", s.done)
	}
	if err := s.keep(&part{Pkg: "x", Test: "TestD"}); err != nil {
		t.Fatal(err)
	}
	if s = open(options{size: 1}); len(s.of("x")) != 2 {
		t.Errorf("after a torn line: %+v", s.done)
	}
	if s = open(options{size: 0.5}); len(s.done) != 0 {
		t.Errorf("other sizes: %+v", s.done)
	}
	write(source, "package b")
	if s = open(options{size: 1}); len(s.done) != 0 {
		t.Errorf("other sources: %+v", s.done)
	}
	write(source, "package a")
	if s = open(options{size: 1, again: true}); len(s.done) != 0 {
		t.Errorf("again: %+v", s.done)
	}
}

// What a test printed is at hand when it has failed, with what its parts printed: its first lines and
// its last ones.
func TestSaid(t *testing.T) {
	var out strings.Builder
	for i := range 3 * mostSaid {
		fmt.Fprintf(&out, `{"Action":"output","Test":"TestA/x","Output":"line %d\n"}`+"\n", i)
	}
	out.WriteString(`{"Action":"output","Test":"TestA","Output":"6 rows were missed\n"}` + "\n" + `{"Action":"fail","Test":"TestA"}` + "\n")
	var text string
	r := &result{pkg: "x"}
	err := r.collect(strings.NewReader(out.String()), func(p *part) error { text = p.said.String(); return nil })
	if n := strings.Count(text, "\n"); err != nil || n != 2*mostSaid+1 || !strings.HasPrefix(text, "line 0\nline 1\n") ||
		!strings.Contains(text, "line 99\n... 101 lines ...\nline 201\n") || !strings.HasSuffix(text, "line 299\n6 rows were missed\n") {
		t.Errorf("%q, error %v", text, err)
	}
}
