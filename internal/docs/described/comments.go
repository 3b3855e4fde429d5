package described

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
)

// Comments are those of types, fields and constants, read where they stand.
type Comments struct {
	Module, Root string // of the module, and its folder
	read         map[string]*folder
}

// folder is what the files of one package say.
type folder struct {
	said  map[string]string   // TYPE, or TYPE.FIELD, to its comment
	words map[string][]string // TYPE to its constants, in their order
}

// of returns the comment of a type, or of its field.
func (c *Comments) of(t reflect.Type, field string) string {
	f := c.folder(t.PkgPath())
	if f == nil {
		return ""
	}
	if field == "" {
		return f.said[t.Name()]
	}
	return f.said[t.Name()+"."+field]
}

// words returns the constants of a type that is no plain text.
func (c *Comments) words(t reflect.Type) []string {
	if f := c.folder(t.PkgPath()); f != nil {
		return f.words[t.Name()]
	}
	return nil
}

func (c *Comments) folder(pkg string) *folder {
	below, ok := strings.CutPrefix(pkg, c.Module+"/")
	if !ok {
		return nil
	}
	if f := c.read[pkg]; f != nil {
		return f
	}
	f := &folder{map[string]string{}, map[string][]string{}}
	names, _ := filepath.Glob(filepath.Join(c.Root, filepath.FromSlash(below), "*.go"))
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if file, err := parser.ParseFile(token.NewFileSet(), name, data, parser.ParseComments); err == nil {
			f.file(file)
		}
	}
	if c.read == nil {
		c.read = map[string]*folder{}
	}
	c.read[pkg] = f
	return f
}

func (f *folder) file(file *ast.File) {
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range g.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				f.said[s.Name.Name] = text(g.Doc, s.Doc)
				f.fields(s)
			case *ast.ValueSpec:
				f.constant(s)
			}
		}
	}
}

func (f *folder) fields(s *ast.TypeSpec) {
	t, ok := s.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range t.Fields.List {
		for _, name := range field.Names {
			f.said[s.Name.Name+"."+name.Name] = text(field.Doc, field.Comment)
		}
	}
}

func (f *folder) constant(s *ast.ValueSpec) {
	t, ok := s.Type.(*ast.Ident)
	if !ok {
		return
	}
	for _, v := range s.Values {
		if lit, ok := v.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if word, err := strconv.Unquote(lit.Value); err == nil {
				f.words[t.Name] = append(f.words[t.Name], word)
			}
		}
	}
}

// text is the first comment that says something, in one line.
func text(groups ...*ast.CommentGroup) string {
	for _, g := range groups {
		if g != nil {
			return strings.Join(strings.Fields(g.Text()), " ")
		}
	}
	return ""
}
