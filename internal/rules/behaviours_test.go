package rules

import (
	"bufio"
	"cmp"
	"go/ast"
	"go/types"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// behaviour is a named behaviour of kinds: the names of packages schema and plan by which code
// asks for it, and the files that may.
type behaviour struct {
	name  string
	asks  []string
	files map[string]string // file -> reason
}

// behaviours reads testdata/behaviours.txt.
func behaviours(t *testing.T) []*behaviour {
	t.Helper()
	f, err := os.Open("testdata/behaviours.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []*behaviour
	for scan := bufio.NewScanner(f); scan.Scan(); {
		line := scan.Text()
		name, rest, _ := strings.Cut(line, "\t")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case name != "":
			out = append(out, &behaviour{name, strings.Fields(rest), map[string]string{}})
		default:
			file, reason, _ := strings.Cut(rest, "\t")
			out[len(out)-1].files[file] = reason
		}
	}
	return out
}

// Where code asks which behaviour a kind has. In each room one file does, and the road calls that
// file; the table says which, and why where there is a second.
//
// With PBXSYNC_COUNT=FOLDER the test counts in that checkout instead, and prints.
func TestBehavioursHaveOneFile(t *testing.T) {
	at := os.Getenv("PBXSYNC_COUNT")
	asked := asking(t, cmp.Or(at, root))
	for _, b := range behaviours(t) {
		found := map[string]string{} // file -> the first name that it asks by
		for _, name := range b.asks {
			name, earlier := strings.CutPrefix(name, "-")
			if asked[name] == nil && at == "" && !earlier {
				t.Errorf("%s: nothing uses %s any more", b.name, name)
			}
			for file := range asked[name] {
				found[file] = name
			}
		}
		if at != "" {
			report(t, b, found)
			continue
		}
		b.check(t, found)
	}
}

// check compares the files that ask with those that may.
func (b *behaviour) check(t *testing.T, found map[string]string) {
	t.Helper()
	for _, file := range slices.Sorted(maps.Keys(found)) {
		if _, ok := b.files[file]; !ok {
			t.Errorf("%s asks for the behaviour %q by %s: let the room's file for it do so, or give the reason in testdata/behaviours.txt", file, b.name, found[file])
		}
	}
	rooms := map[string]string{}
	for _, file := range slices.Sorted(maps.Keys(b.files)) {
		room := path.Dir(file)
		switch {
		case found[file] == "":
			t.Errorf("behaviours.txt: %s does not ask for the behaviour %q any more", file, b.name)
		case b.files[file] != "":
		case rooms[room] != "":
			t.Errorf("behaviours.txt: in %s both %s and %s ask for the behaviour %q: one of them needs a reason", room, rooms[room], file, b.name)
		default:
			rooms[room] = file
		}
	}
}

func report(t *testing.T, b *behaviour, found map[string]string) {
	rooms := map[string]int{}
	for file := range found {
		for _, room := range []string{"schema", "diff", "sync", "internal/simulator"} {
			if strings.HasPrefix(file, room+"/") {
				rooms[room]++
			}
		}
	}
	t.Logf("%-8s %2d files: schema %d, diff %d, sync %d, simulator %d", b.name, len(found), rooms["schema"], rooms["diff"], rooms["sync"], rooms["internal/simulator"])
	if testing.Verbose() {
		for _, file := range slices.Sorted(maps.Keys(found)) {
			t.Logf("\t%s\t%s", file, found[file])
		}
	}
}

// asking returns, for each name of packages schema and plan, the files of the product that use it. A
// member is called after its type, such as Kind.Key.
func asking(t *testing.T, folder string) map[string]map[string]bool {
	t.Helper()
	folder, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	pkgs, err := packages.Load(&packages.Config{Dir: folder,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedExportFile}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]bool{}
	for _, p := range pkgs {
		if len(p.Errors) > 0 {
			t.Fatal(p.Errors[0])
		}
		if isTool(strings.TrimPrefix(p.PkgPath, module+"/")) {
			continue
		}
		for _, file := range p.Syntax {
			name, err := filepath.Rel(folder, p.Fset.Position(file.Package).Filename)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if used := usedName(p.TypesInfo, n); used != "" {
					if out[used] == nil {
						out[used] = map[string]bool{}
					}
					out[used][filepath.ToSlash(name)] = true
				}
				return true
			})
		}
	}
	return out
}

// usedName is the name of these packages that an expression uses, "" for any other.
func usedName(info *types.Info, n ast.Node) string {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		if s := info.Selections[n]; s != nil && named(s.Obj()) {
			return owner(s) + "." + s.Obj().Name()
		}
	case *ast.Ident:
		if obj := info.Uses[n]; obj != nil && named(obj) && obj.Parent() == obj.Pkg().Scope() {
			return obj.Name()
		}
	}
	return ""
}

// named reports whether something is named by package schema, or by the plan, whose steps know what
// they do.
func named(obj types.Object) bool {
	return obj.Pkg() != nil && slices.Contains([]string{module + "/schema", module + "/sync/plan", module + "/sync"}, obj.Pkg().Path())
}

// owner names the type whose member is selected, also where it is embedded in another one.
func owner(s *types.Selection) string {
	t := s.Recv()
	for i, at := range s.Index() {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if st, ok := t.Underlying().(*types.Struct); ok && i < len(s.Index())-1 {
			t = st.Field(at).Type()
		}
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}
