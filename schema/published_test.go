package schema

import (
	"os"
	"path/filepath"
	"pbxsync/schema/format"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// What the program takes, the published schema takes too, as other readers of JSON Schema
// understand it: in every example and in every right tenant file of the scripts.
func TestPublishedTakesWhatIsRight(t *testing.T) {
	s := publishedSchema(t)
	right, wrong, let := 0, 0, 0
	for _, f := range manyFiles(t) {
		m, err := ParseMap(f)
		if err != nil || m[wordVersion] != int64(1) {
			continue
		}
		_, problems := Builtin().Parse([]File{f})
		refused := s.Validate(m) != nil
		switch {
		case onlyOfOneFile(problems) && refused:
			t.Errorf("%s: right, and the published schema refuses it: %v", f.Name, s.Validate(m))
		case onlyOfOneFile(problems):
			right++
		case refused:
			wrong++
		default:
			let++
		}
	}
	t.Logf("%d right files pass; of %d wrong ones the schema refuses %d", right, wrong+let, wrong)
	if right < 100 {
		t.Errorf("only %d right files", right)
	}
}

// onlyOfOneFile reports that a file is right but for what other files of the folder say.
func onlyOfOneFile(ps Problems) bool {
	for _, p := range ps.Errors() {
		if !strings.Contains(p.Message, "in these files") && !strings.HasPrefix(p.Message, "tenant is missing") {
			return false
		}
	}
	return true
}

func manyFiles(t *testing.T) []File {
	var files []File
	examples, _ := filepath.Glob("../examples/*/*.yaml")
	for _, path := range examples {
		if data, err := os.ReadFile(path); err == nil && !strings.HasPrefix(filepath.Base(path), "_") {
			files = append(files, File{Name: path, Data: data})
		}
	}
	scripts, _ := filepath.Glob("../testdata/script/*.txtar")
	for _, path := range scripts {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".yaml") {
				files = append(files, File{Name: path + "/" + f.Name, Data: f.Data})
			}
		}
	}
	return files
}

// Strict readers refuse formats that they do not know and lists of types.
func TestPublishedIsStrict(t *testing.T) {
	var walk func(at string, x any)
	walk = func(at string, x any) {
		switch x := x.(type) {
		case []any:
			for _, item := range x {
				walk(at, item)
			}
		case map[string]any:
			if _, ok := x["format"].(string); ok {
				t.Errorf("%s has a format", at)
			}
			if types := typesOf(x); len(types) > 2 || len(types) == 2 && !takes(x, "null") {
				t.Errorf("%s has the types %v", at, types)
			}
			for name, v := range x {
				walk(at+"/"+name, v)
			}
		}
	}
	walk("", any(Builtin().document()))
	for _, name := range format.Names() {
		if _, ok := patterns[name]; !ok {
			t.Errorf("the format %s has no pattern", name)
		}
	}
}
