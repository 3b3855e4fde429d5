package rules

import (
	"bytes"
	"go/ast"
	"os"
	"path/filepath"
	"testing"
)

// What nobody can take in at a glance is split.
const (
	mostFiles   = 30  // of a room
	mostMethods = 30  // of a type
	mostLines   = 400 // of a file
)

// TestSizes refuses rooms, types and files that have grown too large. What is generated, and tests,
// are read otherwise.
func TestSizes(t *testing.T) {
	files, methods := map[string]int{}, map[[2]string]int{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		files[s.room]++
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
				methods[[2]string{s.room, receiver(f.Recv.List[0].Type)}]++
			}
		}
		data, err := os.ReadFile(filepath.Join(root, s.name))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(data, []byte("\n")); n > mostLines && !ast.IsGenerated(s.file) {
			t.Errorf("%s has %d lines; split it, %d are the most", s.name, n, mostLines)
		}
	}
	for room, n := range files {
		if n > mostFiles {
			t.Errorf("%s has %d files; %d are the most", room, n, mostFiles)
		}
	}
	for at, n := range methods {
		if n > mostMethods {
			t.Errorf("type %s of %s has %d methods; %d are the most", at[1], at[0], n, mostMethods)
		}
	}
	if len(methods) < 300 || methods[[2]string{"schema", "Field"}] < 20 {
		t.Errorf("only %d types have methods", len(methods))
	}
}

// receiver names the type of a method.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
