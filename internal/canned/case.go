package canned

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"pbxsync/schema"
	"pbxsync/schema/file"
)

// Case is a small tenant, files for it and what has to come of both, in one text file. A
// section that begins with "want" is what a test compares with what it got.
type Case struct {
	path string
	text *txtar.Archive
}

// Cases calls a test for each case in a folder.
func Cases(t *testing.T, folder string, test func(*testing.T, *Case)) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: no cases: %v", folder, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { test(t, Load(t, path)) })
	}
}

// Load reads one case.
func Load(t *testing.T, path string) *Case {
	t.Helper()
	text, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return &Case{path: path, text: text}
}

// Section returns a part of the file, and whether there is one.
func (c *Case) Section(name string) (string, bool) {
	for _, f := range c.text.Files {
		if f.Name == name {
			return string(f.Data), true
		}
	}
	return "", false
}

// JSON decodes a section into v; where there is none, v stays as it is.
func (c *Case) JSON(t *testing.T, section string, v any) {
	t.Helper()
	text, _ := c.Section(section)
	if text == "" {
		return
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatalf("%s: %s: %v", c.path, section, err)
	}
}

// Wanted compares a text with a section of the file, where it has one. With UPDATE=1 the
// section becomes what the text is: read it before it is kept.
func (c *Case) Wanted(t *testing.T, section, got string) {
	t.Helper()
	got = strings.TrimSpace(got) + "\n"
	if !slices.ContainsFunc(c.text.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "want ") }) {
		t.Errorf("%s has no section \"want ...\", so that nothing is compared", c.path)
	}
	for i, f := range c.text.Files {
		if f.Name != section || string(f.Data) == got {
			continue
		}
		if os.Getenv("UPDATE") == "" {
			t.Errorf("%s: %s is\n%s\nwanted\n%s", c.path, section, got, f.Data)
			continue
		}
		c.text.Files[i].Data = []byte(got)
		if err := os.WriteFile(c.path, txtar.Format(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Desired parses the files of the case.
func (c *Case) Desired(t *testing.T) (*schema.Tenant, schema.Problems) {
	t.Helper()
	var files []file.File
	for _, f := range c.text.Files {
		if path.Ext(f.Name) == ".yaml" && path.Dir(f.Name) == "." {
			files = append(files, file.File{Name: f.Name, Data: f.Data})
		}
	}
	desired, problems := file.Parse(c.Catalogue(t), files)
	return desired, append(problems, desired.Contents(c)...)
}

// Open gives the sound that a section is, as if it were a file beside those of the tenant.
func (c *Case) Open(name string) (io.ReadCloser, error) {
	text, ok := c.Section(name)
	if !ok {
		return nil, os.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(sound(text))), nil
}

// Reader answers as Small does, and otherwise as the section "answers" says: a call with what
// it ends with, or with the rows or the object in the lines below.
func (c *Case) Reader(t *testing.T) *Reader {
	t.Helper()
	r := &Reader{Answers: Small(), Pages: map[string]int{}, Extra: map[string]int{}, Then: map[string][]Tenant{}, Ends: map[string]error{}}
	text, _ := c.Section("answers")
	said := map[string]bool{}
	var in Tenant
	var at string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		method, rest, _ := strings.Cut(line, " ")
		if method == "GET" || method == "LIST" || method == "DOWNLOAD" {
			at, rest, _ = strings.Cut(rest, " ")
			in = r.begin(t, at, method, rest, said[method+at])
			said[method+at] = true
			continue
		}
		switch was := in[at].(type) {
		case []map[string]any:
			in[at] = append(was, decode[map[string]any]([]byte(line)))
		case string:
			in[at] = was + line
		default:
			in[at] = decode[any]([]byte(line))
		}
	}
	return r
}

// begin takes the line of a call: words behind the path say how it ends, or how many pages.
func (r *Reader) begin(t *testing.T, path, method, words string, again bool) Tenant {
	in := r.Answers
	if again {
		in = Tenant{}
		r.Then[path] = append(r.Then[path], in)
	}
	in[path] = map[string]any{"LIST": []map[string]any{}, "GET": nil, "DOWNLOAD": ""}[method]
	for _, word := range strings.Fields(words) {
		name, v, _ := strings.Cut(word, "=")
		n, err := strconv.Atoi(v)
		switch {
		case err != nil:
			t.Fatalf("%s %s: %v", method, path, err)
		case name == "pages":
			r.Pages[path] = n
		case name == "extra":
			r.Extra[path] = n
		case name == "answers":
			r.Ends[method+" "+path] = Status(n)
		default:
			t.Fatalf("%s %s: %s is no word of a case", method, path, name)
		}
	}
	return in
}
