package complete

import (
	"strings"
	"testing"
)

// Each line, with what can stand next where its last word is.
func TestNext(t *testing.T) {
	files := Slot{From: Files}
	p := Program{
		Commands: []Command{
			{Name: "plan", Args: []Slot{files}, Flags: []Flag{
				{Names: []string{"format", "f"}, Takes: true, Value: Slot{Values: []string{"text", "json"}}},
				{Names: []string{"only"}, Takes: true, Repeats: true, Value: Slot{From: Addresses}},
				{Names: []string{"out"}, Takes: true, Value: files}, {Names: []string{"quiet"}}}},
			{Name: "undo", Args: []Slot{{From: Runs}, files}},
		},
		Look: func(s Source, typed Typed) []string {
			if s == Runs {
				return []string{"run of " + typed.Path()}
			}
			return []string{typed.Path() + "/a", typed.Path() + "/b c"}
		},
	}
	for line, want := range map[string]string{
		"":                               "plan undo",
		"p":                              "plan",
		"-":                              "--help --version",
		"other ":                         "",
		"plan ":                          "files",
		"plan -":                         "--format --only --out --quiet --help",
		"plan --f":                       "--format",
		"plan --format ":                 "text json",
		"plan --format t":                "text",
		"plan --format=":                 "--format=text --format=json",
		"plan -f ":                       "text json",
		"plan --format json --":          "--only --out --quiet --help",
		"plan --only x --on":             "--only",
		"plan --only ":                   "./a ./b c",
		"plan dir --only ":               "dir/a dir/b c",
		"plan dir --only=dir/b":          "--only=dir/b c",
		"plan --only - dir --only dir/a": "dir/a",
		"plan --out ":                    "files",
		"plan --out=":                    "files",
		"plan --quiet ":                  "files",
		"plan --quiet=":                  "",
		"plan -- -":                      "files",
		"plan dir ":                      "",
		"plan --unknown dir --only ":     "dir/a dir/b c",
		"undo ":                          "run of .",
		"undo x ":                        "files",
	} {
		next, files := p.Next(strings.Split(line, " "))
		var got []string
		for _, w := range next {
			got = append(got, w.Text)
		}
		if files {
			got = append(got, "files")
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}
