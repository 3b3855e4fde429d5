package file

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"pbxsync/schema"
)

// The files of the program's own tests that validate refuses, with every word of what it says:
// here they show in moments which line of this room is wrong.
func TestWhatScriptsRefuse(t *testing.T) {
	paths, err := filepath.Glob("../../testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, path := range paths {
		script, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sections := map[string]string{}
		for _, f := range script.Files {
			sections[f.Name] = string(f.Data)
		}
		command := ""
		for line := range strings.Lines(string(script.Comment)) {
			name, validates := strings.CutPrefix(command, "exits 3 pbxsync validate ")
			said, compared := strings.CutPrefix(strings.TrimSpace(line), "cmp stderr ")
			text, there := sections[name]
			if command = strings.TrimSpace(line); !validates || !compared || !there || strings.Contains(name, "/") {
				continue
			}
			asked++
			tenant, problems := Parse(schema.Builtin(), []File{{Name: name, Data: []byte(text)}})
			problems = append(problems, tenant.Contents(nothing{})...).Sort()
			if got := told(problems); got != sections[said] {
				t.Errorf("%s: %s: got\n%s\nwanted\n%s", path, name, got, sections[said])
			}
		}
	}
	if asked < 50 {
		t.Errorf("only %d files were found", asked)
	}
}

// told says problems as the program does: warnings first, with their names, and no passwords.
func told(problems schema.Problems) string {
	var warnings, rest strings.Builder
	for _, p := range problems {
		if p.Warning != "" {
			fmt.Fprintf(&warnings, "%s [%s]\n", p, p.Warning)
		} else {
			fmt.Fprintln(&rest, p)
		}
	}
	return strings.ReplaceAll(schema.HideUserinfo(warnings.String()+rest.String()), "\u200b", `\u200b`)
}

// nothing is a folder without files.
type nothing struct{}

func (nothing) Open(string) (io.ReadCloser, error) {
	return nil, errors.New("is not there; the path is relative to the tenant's folder")
}
