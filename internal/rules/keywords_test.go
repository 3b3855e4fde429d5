package rules

import (
	"go/ast"
	"testing"
)

// What the file of a kind says is kept in structs of package schema: as it is written
// (those that are filled from YAML), and as the program knows it.
var (
	written = []string{"rawKind", "rawField"}
	known   = []string{"Kind", "Field", "Content", "Bundle", "Param", "Owner", "TenantFields", "Limit", "OtherWay", "Guards", "Unread", "UnreadPart", "AdminItem", "Pair", "Word", "KeyPart", "Level", "Route"}
)

// A keyword that is kept and that nobody asks for is no knowledge. This goes by names
// alone: a field counts as read where something of its name is read, other than by
// those who fill it in.
func TestEachKeywordHasAReader(t *testing.T) {
	loaders, others := map[string]bool{}, map[string]bool{}
	fields := map[string][]string{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		read := others
		if s.name == "schema/catalogue.go" {
			read = loaders
		}
		assigned := map[ast.Node]bool{}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					assigned[left] = true
				}
			case *ast.SelectorExpr:
				read[n.Sel.Name] = read[n.Sel.Name] || !assigned[n]
			case *ast.TypeSpec:
				if list, ok := n.Type.(*ast.StructType); ok && s.room == "schema" {
					fields[n.Name.Name] = exportedFields(list)
				}
			}
			return true
		})
	}
	for _, name := range append(written, known...) {
		if len(fields[name]) == 0 {
			t.Errorf("package schema has no struct %s any more", name)
		}
	}
	for _, name := range written {
		for _, f := range fields[name] {
			if !loaders[f] && !others[f] {
				t.Errorf("%s.%s: the keyword is accepted, and whoever reads kinds leaves it unread", name, f)
			}
		}
	}
	for _, name := range known {
		for _, f := range fields[name] {
			if !others[f] {
				t.Errorf("%s.%s is filled in and nothing reads it; a keyword without a reader goes", name, f)
			}
		}
	}
}

func exportedFields(s *ast.StructType) []string {
	var names []string
	for _, f := range s.Fields.List {
		for _, name := range f.Names {
			if name.IsExported() {
				names = append(names, name.Name)
			}
		}
	}
	return names
}
