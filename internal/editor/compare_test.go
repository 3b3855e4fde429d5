package editor

import (
	"fmt"
	"path"
	"strings"

	"pbxsync/schema"
)

// Who disagrees with the program, and how.
const (
	bothMiss    = "both miss"
	ajvMisses   = "ajv misses"
	editorMiss  = "editor misses"
	ajvAlone    = "ajv alone"
	editorAlone = "editor alone"
)

// disagreement is what the program refuses and a reader does not mark, or the other way round.
type disagreement struct {
	who  string
	line int
	what string // the message of whoever refuses
}

func disagreements(problems schema.Problems, j judged) []disagreement {
	var list []disagreement
	for _, p := range problems.Errors() {
		inAjv, inEditor := covers(j.Ajv, p.Place.Line), covers(j.Editor, p.Place.Line)
		who := bothMiss
		switch {
		case inAjv && inEditor:
			continue
		case inEditor:
			who = ajvMisses
		case inAjv:
			who = editorMiss
		}
		list = append(list, disagreement{who, p.Place.Line, p.Message})
	}
	for who, marks := range map[string][]mark{ajvAlone: j.Ajv, editorAlone: j.Editor} {
		for _, m := range marks {
			if !m.shared(problems) {
				list = append(list, disagreement{who, m.Line, strings.Split(m.Message, "\n")[0]})
			}
		}
	}
	return list
}

func covers(marks []mark, line int) bool {
	for _, m := range marks {
		if m.Line <= line && line <= m.End {
			return true
		}
	}
	return false
}

// shared reports that the program too finds something in these lines, if only a warning.
func (m mark) shared(problems schema.Problems) bool {
	for _, p := range problems {
		if covers([]mark{m}, p.Place.Line) {
			return true
		}
	}
	return false
}

// figures sum up a run.
type figures struct {
	files, right, refused  int // right ones, and those of them that a reader refuses
	wrong, letAjv, letEdit int // wrong ones, and those of them in which a reader marks nothing
	errors, ajv, editor    int // what the program refuses, and what of it the readers mark in that line
	red                    int // marks of the editor in the example with the times of day
}

func (s *figures) add(f input, problems schema.Problems, j judged) {
	switch {
	case isRight(problems):
		s.right += 1
		s.refused += one(len(j.Ajv)+len(j.Editor) > 0)
	default:
		s.wrong += 1
		s.letAjv += one(len(j.Ajv) == 0)
		s.letEdit += one(len(j.Editor) == 0)
	}
	for _, p := range problems.Errors() {
		s.errors++
		s.ajv += one(covers(j.Ajv, p.Place.Line))
		s.editor += one(covers(j.Editor, p.Place.Line))
	}
	if path.Base(f.Name) == "hours.yaml" && strings.HasPrefix(f.Name, "file:") {
		s.red += len(j.Editor)
	}
}

// isRight reports that a file is right but for what other files of its folder say.
func isRight(problems schema.Problems) bool {
	for _, p := range problems.Errors() {
		if !strings.Contains(p.Message, "in these files") && !strings.HasPrefix(p.Message, "tenant is missing") {
			return false
		}
	}
	return true
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (s figures) String() string {
	return fmt.Sprintf("%d files: %d right, of which %d are refused by a reader; %d wrong, of which ajv takes %d and the editor %d; "+
		"of %d errors ajv marks %d and the editor %d in their line; %d red marks in the example's hours.yaml",
		s.files, s.right, s.refused, s.wrong, s.letAjv, s.letEdit, s.errors, s.ajv, s.editor, s.red)
}
