package canned

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
)

// Scene is a story that a test plays, and what came of it in words.
type Scene interface {
	Title() string
	Play(t *testing.T) string
}

// Scenes plays each scene and compares what came of it with the part of the same name in a
// file of testdata. With UPDATE=1 the file, which begins with the comment, becomes what came
// of them: read the difference before it is kept.
func Scenes[S Scene](t *testing.T, file, comment string, list []S) {
	path, update := filepath.Join("testdata", file+".txtar"), os.Getenv("UPDATE") != ""
	data, err := os.ReadFile(path)
	if err != nil && !update {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, f := range txtar.Parse(data).Files {
		want[f.Name] = string(f.Data)
	}
	now := &txtar.Archive{Comment: []byte(comment)}
	for _, s := range list {
		t.Run(s.Title(), func(t *testing.T) {
			got := s.Play(t)
			if now.Files = append(now.Files, txtar.File{Name: s.Title(), Data: []byte(got)}); got != want[s.Title()] && !update {
				t.Errorf("got\n%s\nwanted\n%s", got, want[s.Title()])
			}
		})
	}
	if len(want) > len(list) && !update {
		t.Errorf("%s has %d scenes, there are %d", path, len(want), len(list))
	}
	if update {
		if err := os.WriteFile(path, txtar.Format(now), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
