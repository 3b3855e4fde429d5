package proof

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	testFunc   = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)
	serverLine = regexp.MustCompile(`^(Test\w+) (both|simulator): \S`)
)

// Every test here has a line in testdata/servers.txt that says on which servers it runs, and why.
func TestEveryPropertyIsListed(t *testing.T) {
	var tests, listed []string
	paths, _ := filepath.Glob("*_test.go")
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range testFunc.FindAllStringSubmatch(string(data), -1) {
			tests = append(tests, m[1])
		}
	}
	data, err := os.ReadFile("testdata/servers.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if m := serverLine.FindStringSubmatch(line); m != nil {
			listed = append(listed, m[1])
		} else if !strings.HasPrefix(line, "#") {
			t.Errorf("%q has to say TEST both: WHY, or TEST simulator: WHY", line)
		}
	}
	if strings.Contains(string(data), "not tried") {
		t.Error("testdata/servers.txt: \"not tried\" is no reason: let the test run on both, see onBoth, or say what keeps it from the contrary server")
	}
	for _, name := range tests {
		if name != "TestEveryPropertyIsListed" && !slices.Contains(listed, name) {
			t.Errorf("%s has no line in testdata/servers.txt: say on which servers it runs", name)
		}
	}
	for i, name := range listed {
		if !slices.Contains(tests, name) || slices.Contains(listed[:i], name) {
			t.Errorf("testdata/servers.txt: %s is no test, or stands there twice", name)
		}
	}
}
