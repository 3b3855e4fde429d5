package editor

import (
	"flag"
	"path"
	"testing"

	"pbxsync/schema"
)

var schemaFile = flag.String("schema", root+"/schema/tenant.schema.json", "the published schema to be judged by, such as an earlier one")

// What the program refuses, other readers of the published schema mark in the same line, and
// they mark nothing else; each kind of exception is listed with its reason.
func TestReadersAgree(t *testing.T) {
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
	_, problems := schema.Builtin().Parse([]schema.File{{Name: name, Data: []byte(f.Text)}})
	return problems
}

// An editor finds the schema by the first line of an example: what is wrong there is marked.
func TestFirstLineNamesTheSchema(t *testing.T) {
	files := examples(t)
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
