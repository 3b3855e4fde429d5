package editor

import (
	"flag"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/published"
)

var schemaFile = flag.String("schema", root+"/schema/tenant.schema.json", "the published schema to be judged by, such as an earlier one")

// What the program refuses, other readers of the published schema mark in the same line, and
// they mark nothing else; each kind of exception is listed with its reason.
func TestReadersAgree(t *testing.T) {
	t.Parallel()
	node(t) // before the inputs are gathered
	files := inputs(t)
	compile, all := judge(t, *schemaFile, files)
	if compile != "" {
		t.Errorf("ajv does not compile the schema in its strict mode: %s", compile)
	}
	known, sum := exceptions(t), figures{files: len(files)}
	for i, f := range files {
		problems := verdict(f)
		sum.add(f, problems, all[i])
		for _, d := range disagreements(problems, all[i]) {
			if !known.cover(d) {
				t.Errorf("%s:%d: %s: %s\nlet the published schema say it, or give the reason in %s", f.Name, d.line, d.who, d.what, exceptionsFile)
			}
		}
	}
	known.stale(t)
	t.Log(sum)
}

// verdict is what the program says of a file alone.
func verdict(f input) schema.Problems {
	name := path.Base(f.Name)
	_, problems := file.Parse(schema.Builtin(), []file.File{{Name: name, Data: []byte(f.Text)}})
	return problems
}

// An editor finds the schema by the first line, as the examples and imported folders have it.
func TestFirstLineNamesTheSchema(t *testing.T) {
	t.Parallel()
	files := slices.Concat(examples(t), imported(t))
	for i := range files {
		files[i].Text += "\nnonsense: 1\n"
	}
	_, all := judge(t, *schemaFile, files)
	for i, f := range files {
		if len(all[i].Editor) != 1 || all[i].Editor[0].Message != "Property nonsense is not allowed." {
			t.Errorf("%s with a wrong word: the editor marks %v", f.Name, all[i].Editor)
		}
	}
}

// imported are files as import writes them: one tenant, and one of many, with the schema
// beside or above.
func imported(t *testing.T) []input {
	t.Helper()
	dir, list := t.TempDir(), []input{}
	if err := os.WriteFile(filepath.Join(dir, "tenant.schema.json"), published.Schema(schema.Builtin()), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]string{"tenant.yaml": "tenant.schema.json", "acme/tenant.yaml": "../tenant.schema.json"} {
		list = append(list, input{fileURL(t, filepath.Join(dir, name)), "# yaml-language-server: $schema=" + at + "\nversion: 1\n"})
	}
	return list
}

// An editor offers the words that may stand at a place.
func TestEditorOffers(t *testing.T) {
	t.Parallel()
	cases := []struct{ text, want string }{
		{"‸\n", "extensions"},
		{"extensions:\n  \"101\":\n    ‸\n", "label"},
		{"extensions:\n  \"101\":\n    status: ‸\n", "active"},
		{"extensions:\n  \"101\":\n    phone:\n      ‸\n", "hangup_timeout"},
		{"extensions:\n  front:\n    ‸\n", "name"},
		{"users:\n  extension:\n    alice:\n      ‸\n", "access"},
		{"intervals:\n  Office hours:\n    conditions:\n      - ‸\n", "start_dow"},
		{"intervals:\n  Office hours:\n    conditions:\n      - start_dow: ‸\n", "mon"},
		{"defaults:\n  extension:\n    ‸\n", "status"},
	}
	var files []input
	for _, c := range cases {
		files = append(files, input{"a new file", "version: 1\n" + c.text})
	}
	_, all := judge(t, *schemaFile, files)
	for i, c := range cases {
		if !slices.Contains(all[i].Offered, c.want) {
			t.Errorf("%q: the editor offers %q, and not %s", c.text, all[i].Offered, c.want)
		}
	}
}
