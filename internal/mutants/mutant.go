package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Kinds of changes.
const (
	flip  = "flip"  // a condition is the other way round
	half  = "half"  // one side of && or || is not asked
	bound = "bound" // < is <=
	drop  = "drop"  // a statement is left out
	early = "early" // a function returns at once, with nothing
	noErr = "noerr" // an error is not returned
	count = "count" // a number is one more
)

// mutant is one change to one file. It is made by what is inserted before and behind a
// piece of the source, so that many can be planted into one file.
type mutant struct {
	Name string // file, function, kind and number
	Line int
	Text string // the piece of the source, cut

	file        string
	from, to    int
	before, end string // with switchOf for the switch
}

// switchOf stands in an insertion for the question whether the mutant is on.
const switchOf = "\x00"

// finder collects the mutants of one file.
type finder struct {
	file   string
	src    string
	fset   *token.FileSet
	in     string // the function
	typ    *ast.FuncType
	counts map[string]int
	found  []mutant
}

// mutantsOf returns every mutant of the Go files in a room, in the order of the source.
func mutantsOf(root, room string) ([]mutant, error) {
	files, err := filepath.Glob(filepath.Join(root, room, "*.go"))
	if err != nil {
		return nil, err
	}
	var out []mutant
	for _, path := range files {
		name := filepath.ToSlash(filepath.Join(room, filepath.Base(path)))
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		found, err := mutantsIn(name, string(data))
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

func mutantsIn(file, src string) ([]mutant, error) {
	f := &finder{file: file, src: src, fset: token.NewFileSet(), counts: map[string]int{}}
	tree, err := parser.ParseFile(f.fset, file, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range tree.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			f.in, f.typ = nameOf(fn), fn.Type
			f.early(fn)
			f.walk(fn.Body)
		}
	}
	return f.found, nil
}

func nameOf(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	t := fn.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.Ident:
			return x.Name + "." + fn.Name.Name
		default:
			return "?." + fn.Name.Name
		}
	}
}

func (f *finder) offset(p token.Pos) int { return f.fset.Position(p).Offset }

func (f *finder) text(n ast.Node) string { return f.src[f.offset(n.Pos()):f.offset(n.End())] }

func (f *finder) add(kind string, from, to token.Pos, before, end string) {
	key := fmt.Sprintf("%s %s %s", f.file, f.in, kind)
	f.counts[key]++
	text := strings.Join(strings.Fields(f.src[f.offset(from):f.offset(to)]), " ")
	if r := []rune(text); len(r) > 80 {
		text = string(r[:80]) + "…"
	}
	f.found = append(f.found, mutant{Name: fmt.Sprintf("%s %d", key, f.counts[key]), Line: f.fset.Position(from).Line, Text: text,
		file: f.file, from: f.offset(from), to: f.offset(to), before: before, end: end})
}

func (f *finder) wrap(kind string, n ast.Node, before, end string) {
	f.add(kind, n.Pos(), n.End(), before, end)
}

// early returns at the beginning of a function.
func (f *finder) early(fn *ast.FuncDecl) {
	if len(fn.Body.List) == 0 || f.returnsNothing(fn.Body.List[0]) {
		return
	}
	text := "if " + switchOf + " { "
	var names []string
	if r := fn.Type.Results; r != nil && r.NumFields() > 0 && len(r.List[0].Names) == 0 {
		for i, field := range r.List {
			names = append(names, fmt.Sprint("mutantZero", i))
			text += fmt.Sprintf("var %s %s; ", names[i], f.text(field.Type))
		}
	}
	f.add(early, fn.Pos(), fn.Type.End(), "", "")
	m := &f.found[len(f.found)-1]
	m.from, m.to = f.offset(fn.Body.Lbrace)+1, f.offset(fn.Body.Lbrace)+1
	m.before = " " + text + "return " + strings.Join(names, ", ") + " }; "
}

// returnsNothing reports whether a statement returns nothing but what a function that ends at
// once returns.
func (f *finder) returnsNothing(s ast.Stmt) bool {
	r, ok := s.(*ast.ReturnStmt)
	return ok && !slices.ContainsFunc(r.Results, func(e ast.Expr) bool {
		return !slices.Contains([]string{"nil", "false", "0", `""`}, f.text(e))
	})
}

// walk looks at everything below a node, the outer before the inner.
func (f *finder) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			outer := f.typ
			f.typ = n.Type
			f.walk(n.Body)
			f.typ = outer
			return false
		case *ast.BlockStmt:
			f.statements(n.List)
		case *ast.CommClause:
			f.statements(n.Body)
		case *ast.CaseClause:
			f.statements(n.Body)
		case *ast.SwitchStmt:
			if n.Tag == nil {
				f.cases(n)
			}
		case *ast.IfStmt:
			f.flip(n.Cond)
		case *ast.ForStmt:
			if n.Cond != nil {
				f.flip(n.Cond)
			}
		case *ast.GenDecl:
			return n.Tok != token.CONST
		case ast.Expr:
			f.expression(n)
		}
		return true
	})
}

func (f *finder) cases(s *ast.SwitchStmt) {
	for _, c := range s.Body.List {
		for _, e := range c.(*ast.CaseClause).List {
			f.flip(e)
		}
	}
}

func (f *finder) flip(e ast.Expr) { f.wrap(flip, e, "((", ") != "+switchOf+")") }

func (f *finder) statements(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				f.drop(s)
			}
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.SendStmt, *ast.DeferStmt, *ast.GoStmt:
			f.drop(s)
		case *ast.BranchStmt:
			if s.Tok == token.BREAK || s.Tok == token.CONTINUE {
				f.drop(s)
			}
		case *ast.ReturnStmt:
			f.returns(s)
		}
	}
}

func (f *finder) drop(s ast.Stmt) { f.wrap(drop, s, "if !"+switchOf+" { ", " }") }

// returns leaves an error out, or turns what a function says round.
func (f *finder) returns(s *ast.ReturnStmt) {
	if f.typ.Results == nil || len(s.Results) == 0 || len(s.Results) != f.typ.Results.NumFields() {
		return
	}
	var types []string
	for _, r := range f.typ.Results.List {
		types = append(types, slices.Repeat([]string{f.text(r.Type)}, max(1, len(r.Names)))...)
	}
	last := len(s.Results) - 1
	if types[last] == "error" && f.text(s.Results[last]) != "nil" {
		var values []string
		for _, e := range s.Results[:last] {
			values = append(values, f.text(e))
		}
		f.wrap(noErr, s, "if "+switchOf+" { return "+strings.Join(append(values, "nil"), ", ")+" }; ", "")
	}
	for i, e := range s.Results {
		if types[i] == "bool" {
			f.flip(e)
		}
	}
}

var looser = map[token.Token]string{token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">"}

func (f *finder) expression(e ast.Expr) {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		switch {
		case e.Op == token.LAND:
			for _, side := range []ast.Expr{e.X, e.Y} {
				f.wrap(half, side, "("+switchOf+" || (", "))")
			}
		case e.Op == token.LOR:
			for _, side := range []ast.Expr{e.X, e.Y} {
				f.wrap(half, side, "(!"+switchOf+" && (", "))")
			}
		case looser[e.Op] != "":
			f.wrap(bound, e, "("+switchOf+" && "+f.text(e.X)+" "+looser[e.Op]+" "+f.text(e.Y)+" || !"+switchOf+" && (", "))")
		}
	case *ast.BasicLit:
		if e.Kind == token.INT {
			f.wrap(count, e, "mutantCount("+switchOf+", ", ")")
		}
	}
}
