package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pbxsync/schema"
)

// TestEachOperationHasOneLine counts the lines of the page against the documents.
func TestEachOperationHasOneLine(t *testing.T) {
	contract, _, err := readOperations(root)
	if err != nil {
		t.Fatal(err)
	}
	page := read(t, "docs/operations.md")
	for _, d := range contract {
		if n := strings.Count(page, "\n| "+code(d.String())+" |"); n != 1 {
			t.Errorf("docs/operations.md has %d lines for %s", n, d)
		}
	}
	if len(contract) != 148 { // 125 of the reference pages, the others of the manual
		t.Errorf("%d operations are documented, not 148", len(contract))
	}
}

// TestOperationsPageRefusesGaps breaks one thing at a time.
func TestOperationsPageRefusesGaps(t *testing.T) {
	contract, lines, err := readOperations(root)
	if err != nil {
		t.Fatal(err)
	}
	const calls, interval, events = "POST /client/{client_id}/call_center/report/", "GET /client/{client_id}/interval/", "DELETE /client/{client_id}/phone_events/"
	with := func(l unused) []unused { return append(slices.Clone(lines), l) }
	without := func(name string) []unused {
		return slices.DeleteFunc(slices.Clone(lines), func(l unused) bool { return slices.Contains(l.Operations, name) })
	}
	for _, test := range []struct {
		what  string
		c     *schema.Catalogue
		lines []unused
		want  string
	}{
		{"no line", nil, without(calls), calls + " has no kind and no line"},
		{"a write that no kind uses", lessOf(t, "alias", "x-verbs: [list, read, update]", "x-verbs: [list, read]"), lines,
			"PUT /client/{client_id}/alias/{alias_id} configures alias, and no kind uses it"},
		{"a list that no kind uses", lessOf(t, "call_status", "x-verbs: [list, create,", "x-verbs: [create,"), lines,
			"GET /client/{client_id}/extension/call_status/ has no kind and no line"},
		{"a line for what a kind uses", nil, with(unused{Reason: "r", Because: "B.", Operations: []string{interval}}), interval + " is used by a kind; take the line out"},
		{"two lines", nil, with(unused{Reason: "r", Because: "B.", Operations: []string{calls}}), calls + " stands there twice"},
		{"no such operation", nil, with(unused{Reason: "r", Because: "B.", Operations: []string{"GET /x/"}}), "GET /x/ is not in the API's documents"},
		{"a reason for a write", nil, append(without(events), unused{Reason: "r", Because: "B.", Operations: []string{events}}),
			events + " configures phone_event, and no kind uses it"},
		{"an instead that is not used", nil, append(without(events), unused{Reason: "r", Because: "B.", Instead: "/x/", Operations: []string{events}}),
			events + ": no kind uses DELETE /x/ instead"},
		{"a reason without a sentence", nil, append(without(calls), unused{Reason: "r", Operations: []string{calls}}), "an entry has a reason and its sentence"},
	} {
		c := test.c
		if c == nil {
			c = schema.Builtin()
		}
		_, err := operationsPage(c, contract, test.lines)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: want %q, got %v", test.what, test.want, err)
		}
	}
}

// lessOf loads the catalogue with one kind's file changed.
func lessOf(t *testing.T, kind, old, new string) *schema.Catalogue {
	t.Helper()
	files := fstest.MapFS{}
	dir := filepath.Join(root, "schema", "kinds")
	names, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(name) == kind+".yaml" {
			if !strings.Contains(string(data), old) {
				t.Fatalf("%s has no %q", name, old)
			}
			data = []byte(strings.Replace(string(data), old, new, 1))
		}
		files[filepath.Base(name)] = &fstest.MapFile{Data: data}
	}
	c, err := schema.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestOperationsPageNamesRealFlags keeps the flags beside the administrator's operations true.
func TestOperationsPageNamesRealFlags(t *testing.T) {
	known := map[string]bool{}
	for _, cmd := range program(schema.Builtin()).Commands() {
		for _, f := range flagsOf(program(schema.Builtin()).Commands(), cmd.Name) {
			known[f.name] = true
		}
	}
	found := 0
	for _, text := range onlyWith {
		for _, name := range regexp.MustCompile(`--[a-z-]+`).FindAllString(text, -1) {
			found++
			if !known[name] {
				t.Errorf("no command has %s", name)
			}
		}
	}
	if found == 0 {
		t.Error("no flag was found in the page's texts")
	}
}
