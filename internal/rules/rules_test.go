package rules

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pbxsync/schema"
)

const (
	root   = "../.."
	module = "pbxsync"
)

// tools are packages that no product code imports and that are run by hand or
// in CI. The rules of the rooms do not bind them.
var tools = map[string]string{
	"internal/bench":       "measures the program from outside; its tenants are made of the built-in kinds",
	"internal/reliability": "runs tests and writes what they show",
	"internal/mutants":     "changes the program and runs its tests; it reads source, and no room",
	"internal/docs":        "writes the reference documentation from the catalogue and the flags",
	"internal/canned":      "a tenant and a server for the tests of the engine's rooms; only tests use it",
	"internal/contrary":    "a server for tests; what it knows of the API it may not have from the catalogue, so it names fields itself",
	"internal/editor":      "asks readers of the published schema that others wrote; it holds tests alone",
	"internal/harness":     "judges runs of the program; only its tests and those of other tools use it",
}

func isTool(room string) bool {
	for tool := range tools {
		if room == tool || strings.HasPrefix(room, tool+"/") {
			return true
		}
	}
	return false
}

// source is one Go file. Its room is the folder below the module, "" for the
// program itself.
type source struct {
	room, name string
	test       bool
	file       *ast.File
}

var fset = token.NewFileSet()

// sources parses every Go file of the module once.
func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if name := d.Name(); name == "testdata" || strings.HasPrefix(name, ".") && name != ".." || strings.HasPrefix(name, "_") {
				return fs.SkipDir
			}
			return nil
		case filepath.Ext(path) != ".go":
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		room := filepath.ToSlash(filepath.Dir(rel))
		if room == "." {
			room = ""
		}
		out = append(out, source{room: room, name: filepath.ToSlash(rel), test: strings.HasSuffix(path, "_test.go"), file: file})
		return err
	})
	if err != nil || len(out) < 50 {
		t.Fatalf("%d files: %v", len(out), err)
	}
	return out
}

func (s source) imports() []string {
	var out []string
	for _, i := range s.file.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		out = append(out, path)
	}
	return out
}

// own are the words of the catalogue that no Go code may spell out: a kind is a
// file of data.
func own(t *testing.T) map[string]string {
	t.Helper()
	words := map[string]string{}
	var fields func(k *schema.Kind, list []*schema.Field)
	fields = func(k *schema.Kind, list []*schema.Field) {
		for _, f := range list {
			for _, name := range []string{f.Name, f.API, f.Answer} {
				if words[name] == "" {
					words[name] = "a field of " + k.Word
				}
			}
			fields(k, f.Parts())
			if f.Items != nil {
				fields(k, f.Items.Fields)
			}
		}
	}
	for _, k := range schema.Builtin().Kinds {
		fields(k, k.Fields)
	}
	for _, k := range schema.Builtin().Kinds {
		words[k.Word] = "a kind"
		for _, part := range k.Section {
			words[part] = "where a tenant file has " + k.Word
		}
		for _, path := range []string{k.Collection, k.Item} {
			words[path] = "a path of " + k.Word
		}
	}
	delete(words, "")
	return words
}

// exception is a line of testdata/literals.txt.
type exception struct{ literal, file, reason string }

func exceptions(t *testing.T) []exception {
	t.Helper()
	f, err := os.Open(filepath.Join(root, "testdata", "literals.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []exception
	scan := bufio.NewScanner(f)
	for scan.Scan() {
		line := scan.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, "\t")
		if len(parts) != 3 || len(parts[2]) < 8 {
			t.Errorf("literals.txt: %q is not literal, file and reason, parted by tabs", line)
			continue
		}
		out = append(out, exception{parts[0], parts[1], parts[2]})
	}
	if err := scan.Err(); err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(out, func(a, b exception) int { return strings.Compare(a.literal+"\t"+a.file, b.literal+"\t"+b.file) }) {
		t.Errorf("literals.txt is not sorted")
	}
	return out
}

// No Go code knows a single kind: no literal is a kind's word, a part of its
// place in tenant files, a path of it, or a field of it.
func TestNoKindInGo(t *testing.T) {
	words, allowed := own(t), exceptions(t)
	used := map[exception]bool{}
	for _, s := range sources(t) {
		if s.test || isTool(s.room) || ast.IsGenerated(s.file) {
			continue
		}
		for _, lit := range literals(s.file) {
			text, err := strconv.Unquote(lit.Value)
			if err != nil || words[text] == "" {
				continue
			}
			i := slices.IndexFunc(allowed, func(e exception) bool { return e.literal == text && (e.file == "*" || e.file == s.name) })
			if i < 0 {
				t.Errorf("%s: %q is %s; let the catalogue say it, or give the reason in testdata/literals.txt", fset.Position(lit.Pos()), text, words[text])
				continue
			}
			used[allowed[i]] = true
		}
	}
	for _, e := range allowed {
		if !used[e] {
			t.Errorf("literals.txt: %q in %s is not needed", e.literal, e.file)
		}
	}
}

// Comments and messages say things as one would say them aloud.
func TestPlainWords(t *testing.T) {
	stilted := []string{"made anew", "nobody knows", "sees to it", "see to it", "puts down", "put down", "puts a call down", "makes anew", "be made anew"}
	for _, s := range sources(t) {
		said := map[token.Pos]string{}
		for _, group := range s.file.Comments {
			said[group.Pos()] = strings.Join(strings.Fields(group.Text()), " ")
		}
		if !s.test { // the literals of a test may hold words that it refuses
			for _, lit := range literals(s.file) {
				said[lit.Pos()] = lit.Value
			}
		}
		for pos, text := range said {
			for _, words := range stilted {
				if strings.Contains(strings.ToLower(text), words) {
					t.Errorf("%s: %q can be said in plain words", fset.Position(pos), words)
				}
			}
		}
	}
}

// literals are the string literals of a file without imports and struct tags.
func literals(f *ast.File) []*ast.BasicLit {
	var out []*ast.BasicLit
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field: // of a struct: what is tagged holds no other literal
			return n.Tag == nil
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				out = append(out, n)
			}
		}
		return true
	})
	return out
}

// rule forbids imports to rooms, with the reason.
type rule struct {
	rooms  []string // "": the program; a room ending in /... with all below
	forbid []string // packages; one that ends in / with all below
	except []string
	reason string
}

var rules = []rule{
	{rooms: []string{"schema"}, forbid: []string{module + "/"}, except: []string{module + "/schema/alike", module + "/schema/format", module + "/schema/natural", module + "/schema/reserved", module + "/schema/risk", module + "/schema/span", module + "/schema/template", module + "/schema/wording"},
		reason: "what may be said comes before reading, comparing and writing, so that other programs can use it alone"},
	{rooms: []string{"schema/alike", "schema/digits", "schema/natural", "schema/pattern", "schema/pcre", "schema/risk", "schema/span", "schema/template", "schema/zone"}, forbid: []string{module + "/", "os", "net", "gopkg.in/"},
		reason: "forms of values and of paths are known by themselves, without kinds, files and the API"},
	{rooms: []string{"schema/country"}, forbid: []string{module + "/", "os", "net", "gopkg.in/"}, except: []string{module + "/schema/zone"},
		reason: "what is known of countries is known without tenants"},
	{rooms: []string{"schema/checks"}, forbid: []string{module + "/", "os", "net", "time"}, except: []string{module + "/schema", module + "/schema/country", module + "/schema/pattern", module + "/schema/pcre", module + "/schema/wording"},
		reason: "what is wrong with a tenant follows from the tenant and the day, wherever they are from"},
	{rooms: []string{"schema/file"}, forbid: []string{module + "/"}, except: []string{module + "/schema/risk", module + "/schema", module + "/schema/alike", module + "/schema/checks", module + "/schema/format", module + "/schema/natural", module + "/schema/published", module + "/schema/reserved", module + "/schema/span", module + "/schema/wording"},
		reason: "how tenant files look is known in one place, which needs the catalogue and the forms of values, and no API"},
	{rooms: []string{"schema/file/edit"}, forbid: []string{module + "/", "os", "net"}, except: []string{module + "/schema", module + "/schema/file"},
		reason: "bytes are changed by the places in them, whatever they are about"},
	{rooms: []string{"schema/file/amend"}, forbid: []string{module + "/", "os", "net"}, except: []string{module + "/schema", module + "/schema/file", module + "/schema/file/edit", module + "/schema/file/export"},
		reason: "where objects stand in files is known here, and not why they are changed"},
	{rooms: []string{"schema/file/export"}, forbid: []string{module + "/"}, except: []string{module + "/schema", module + "/schema/file", module + "/schema/file/edit", module + "/schema/natural", module + "/schema/reserved", module + "/schema/wording"},
		reason: "what a file may hold is asked of those who would read it"},
	{rooms: []string{"schema/published"}, forbid: []string{module + "/", "os", "net", "gopkg.in/"}, except: []string{module + "/schema/checks", module + "/schema/risk", module + "/schema", module + "/schema/reserved", module + "/schema/wording"},
		reason: "what others are told follows from the catalogue"},
	{rooms: []string{"schema/review"}, forbid: []string{module + "/", "os", "net", "gopkg.in/", "time"}, except: []string{module + "/schema", module + "/schema/checks", module + "/schema/natural", module + "/schema/reserved", module + "/schema/wording"},
		reason: "which of two rules is stricter follows from the two, wherever they are from"},
	{rooms: []string{"schema/expect"}, forbid: []string{module + "/", "os", "net", "gopkg.in/", "context"}, except: []string{module + "/schema", module + "/schema/file", module + "/schema/route", module + "/schema/wording"},
		reason: "what is expected of calls follows from a file and a tenant, whoever asks"},
	{rooms: []string{"schema/route"}, forbid: []string{module + "/", "os", "net", "gopkg.in/", "context"}, except: []string{module + "/schema", module + "/schema/pattern", module + "/schema/wording"},
		reason: "where a call goes follows from a tenant, a caller and a time, whoever asks"},
	{rooms: []string{"schema/reserved"}, forbid: []string{module + "/"},
		reason: "words are words"},
	{rooms: []string{"schema/format"}, forbid: []string{module + "/", "os", "net", "gopkg.in/"}, except: []string{module + "/schema/digits", module + "/schema/pcre", module + "/schema/zone"},
		reason: "whether a text has a form follows from the text and the form's name"},
	{rooms: []string{"schema/wording"}, forbid: []string{module + "/", "os", "net", "gopkg.in/"}, except: []string{module + "/schema/alike"},
		reason: "messages are put together without knowing what they are about"},
	{rooms: []string{"diff"}, forbid: []string{module + "/"}, except: []string{module + "/schema", module + "/schema/reserved", module + "/schema/format", module + "/schema/wording"},
		reason: "what differs is found from two tenants and nothing else; what leads out of it is said in words"},
	{rooms: []string{"sync"}, forbid: []string{module + "/"}, except: []string{module + "/schema/risk", module + "/schema/review", module + "/schema", module + "/diff", module + "/sync/call", module + "/sync/record", module + "/sync/plan", module + "/sync/observe", module + "/sync/run", module + "/sync/undo", module + "/sync/pull", module + "/schema/file", module + "/schema/file/export", module + "/schema/wording"},
		reason: "the engine alone knows all of its rooms, and nothing above it; what it imports it writes as files"},
	{rooms: []string{"sync/call", "sync/record"}, forbid: []string{module + "/"}, except: []string{module + "/schema", module + "/schema/review", module + "/schema/template"},
		reason: "the engine declares the small interface of the API that it needs, so that another program can bring its own client; what runs leave behind is known apart from how it is used"},
	{rooms: []string{"sync/plan"}, forbid: []string{module + "/", "context"}, except: []string{module + "/schema", module + "/schema/risk", module + "/diff", module + "/sync/record", module + "/schema/wording"},
		reason: "a plan follows from what was compared, without reading or writing"},
	{rooms: []string{"sync/observe"}, forbid: []string{module + "/"}, except: []string{module + "/schema/wording", module + "/schema", module + "/schema/file", module + "/schema/file/export", module + "/diff", module + "/sync/call", module + "/sync/record", module + "/sync/plan"},
		reason: "what reads cannot write; import reads back the files that it wrote"},
	{rooms: []string{"sync/pull"}, forbid: []string{module + "/"}, except: []string{module + "/schema", module + "/schema/file", module + "/schema/file/amend", module + "/schema/file/export", module + "/schema/wording", module + "/diff", module + "/sync/call", module + "/sync/observe"},
		reason: "the other way round than a run: it reads the server, and writes nothing but files in memory"},
	{rooms: []string{"sync/run"}, forbid: []string{module + "/"}, except: []string{module + "/schema/wording", module + "/schema", module + "/diff", module + "/sync/call", module + "/sync/record", module + "/sync/plan"},
		reason: "a plan is carried out as it is, whoever made it"},
	{rooms: []string{"sync/undo"}, forbid: []string{module + "/", "context"}, except: []string{module + "/schema/wording", module + "/schema", module + "/diff", module + "/sync/record", module + "/sync/plan"},
		reason: "the way back is an ordinary plan: undo says what is wanted and does nothing"},
	{rooms: []string{"internal/api"}, forbid: []string{module + "/"}, except: []string{module + "/schema/wording"},
		reason: "HTTP knows nothing of kinds and of what is done with them"},
	{rooms: []string{"internal/simulator"}, forbid: []string{module + "/"}, except: []string{module + "/schema", module + "/internal/faults", module + "/internal/simulator/beyond"},
		reason: "a simulator that shared code with the client side would make the same mistakes"},
	{rooms: []string{"internal/simulator/beyond"}, forbid: []string{module + "/", "os", "net"}, except: []string{module + "/schema", module + "/schema/file"},
		reason: "what the API has beyond the kinds is data"},
	{rooms: []string{"internal/folder"}, forbid: []string{module + "/"}, except: []string{module + "/schema", module + "/schema/file"},
		reason: "whether a file may be read is decided without knowing what is in it"},
	{rooms: []string{"internal/trace"}, forbid: []string{module + "/", "os"}, except: []string{module + "/schema", module + "/internal/api", module + "/internal/report", module + "/internal/survey"},
		reason: "a trace is told what was sent, and sends nothing"},
	{rooms: []string{"internal/survey", "internal/survey/playback"}, forbid: []string{module + "/", "os", "net"}, except: []string{module + "/schema", module + "/internal/survey"},
		reason: "what a server shows is held against the catalogue by itself, whoever asked for it"},
	{rooms: []string{"internal/lock"}, forbid: []string{module + "/"}, except: []string{module + "/internal/folder"},
		reason: "what keeps runs apart knows of files and nothing else"},
	{rooms: []string{"internal/faults"}, forbid: []string{module + "/", "os", "net"}, except: []string{module + "/schema", module + "/schema/file", module + "/schema/wording"},
		reason: "what goes wrong is decided from the rules and the calls alone, so that it can be played again"},
	{rooms: []string{"internal/wrap"}, forbid: []string{module + "/", "os", "net", "golang.org/x/term"},
		reason: "where a line is broken follows from the line and a width"},
	{rooms: []string{"internal/complete"}, forbid: []string{module + "/", "os", "net", "github.com/urfave/"},
		reason: "what can stand next follows from the line and from the flags as they are described"},
	{rooms: []string{"internal/exit"}, forbid: []string{module + "/", "os"}, except: []string{module + "/schema", module + "/sync", module + "/sync/plan", module + "/sync/run"},
		reason: "which code an error leads to follows from the error alone"},
	{rooms: []string{"internal/policy"}, forbid: []string{module + "/", "os", "net"}, except: []string{module + "/schema", module + "/schema/review", module + "/schema/file", module + "/schema/wording", module + "/sync/plan"},
		reason: "whether a plan breaks a rule follows from the two alone, so that a rule cannot reach out"},
	{rooms: []string{"internal/notify"}, forbid: []string{module + "/", "os"}, except: []string{module + "/schema/wording"},
		reason: "who is told of a run knows nothing of it but the message"},
	{rooms: []string{"internal/metrics"}, forbid: []string{module + "/"}, except: []string{module + "/internal/staging"},
		reason: "figures are written as they are given"},
	{rooms: []string{"internal/input"}, forbid: []string{module + "/"}, except: []string{module + "/internal/exit", module + "/internal/folder", module + "/schema", module + "/schema/file", module + "/schema/wording"},
		reason: "files are found and read without knowing which command asks"},
	{rooms: []string{"internal/console"}, forbid: []string{module + "/", "os"}, except: []string{module + "/internal/exit", module + "/internal/report", module + "/internal/report/forms", module + "/internal/wrap", module + "/schema", module + "/sync"},
		reason: "results and messages are printed alike, whatever command made them"},
	{rooms: []string{"internal/profile"}, forbid: []string{module + "/"}, except: []string{module + "/internal/exit", module + "/internal/folder", module + "/internal/input", module + "/internal/secretfile", module + "/schema/file", module + "/schema/wording"},
		reason: "who may be called with which credentials is decided in one place, which calls nobody"},
	{rooms: []string{"internal/vault"}, forbid: []string{module + "/", "os"}, except: []string{module + "/internal/input", module + "/internal/report", module + "/internal/secretfile", module + "/schema", module + "/schema/file", module + "/schema/wording", module + "/sync/run"},
		reason: "secrets are found in one place, which gets the environment from outside"},
	{rooms: []string{"internal/staging"}, forbid: []string{module + "/"}, except: []string{module + "/internal/exit", module + "/internal/folder", module + "/internal/input", module + "/schema/file", module + "/schema/file/export"},
		reason: "what is written to the disk is written whole, whatever it is"},
	{rooms: []string{"internal/savedplan"}, forbid: []string{module + "/"}, except: []string{module + "/internal/exit", module + "/internal/folder", module + "/internal/input", module + "/internal/report", module + "/internal/staging", module + "/schema", module + "/schema/file", module + "/sync", module + "/sync/plan", module + "/sync/record"},
		reason: "a plan in a file is what was reviewed; how it is carried out is the engine's business"},
	{rooms: []string{"internal/rehearsal"}, forbid: []string{module + "/internal/cli"},
		reason: "the simulator runs for people without knowing flags"},
	{rooms: []string{"internal/exit", "internal/input", "internal/console", "internal/profile", "internal/vault", "internal/staging", "internal/savedplan", "internal/rehearsal", "sync/local"}, forbid: []string{"flag", "github.com/urfave/", "golang.org/x/term", module + "/internal/cli"},
		reason: "flags and the screen are the business of internal/cli, which knows all rooms"},
	{rooms: []string{"internal/checkup"}, forbid: []string{module + "/", "os", "net"}, except: []string{module + "/internal/api"},
		reason: "what an error is blamed on follows from the error alone"},
	{rooms: []string{"internal/secretfile"}, forbid: []string{module + "/"}, except: []string{module + "/internal/folder"},
		reason: "a file of secrets is judged by itself, whoever asks for it"},
	{rooms: []string{"internal/report/answer"}, forbid: []string{module + "/", "os", "net"}, except: []string{module + "/internal/report", module + "/schema", module + "/schema/expect", module + "/schema/route", module + "/schema/wording"},
		reason: "where calls go is told alike, whatever it was read from"},
	{rooms: []string{"internal/report/page"}, forbid: []string{module + "/", "os", "net"}, except: []string{module + "/internal/report", module + "/schema/risk", module + "/schema/wording"},
		reason: "a page shows what is in the report and nothing else"},
	{rooms: []string{"internal/report"}, forbid: []string{module + "/internal/"},
		reason: "plans are shown alike to people, files and programs, whatever command made them"},
	{rooms: []string{"internal/report/forms", "internal/report/markdown", "internal/report/findings"}, forbid: []string{module + "/", "os", "net", "flag", "time"}, except: []string{module + "/internal/report", module + "/internal/report/markdown", module + "/internal/report/findings", module + "/internal/report/page", module + "/sync/plan", module + "/schema", module + "/schema/expect", module + "/schema/review", module + "/schema/risk", module + "/schema/wording", module + "/diff"},
		reason: "a form is made of the report alone, so that a saved plan is shown as it was printed"},
	{rooms: []string{"internal/cli"}, forbid: []string{module + "/internal/bench", module + "/internal/docs", module + "/internal/reliability", module + "/internal/mutants", module + "/internal/bench/", module + "/internal/docs/"},
		reason: "tools are no part of the program"},
	{rooms: []string{""}, forbid: []string{module + "/"}, except: []string{module + "/internal/cli"},
		reason: "main is one call, so that everything can be tested from inside"},
	{rooms: []string{"schema", "schema/file", "diff", "sync", "sync/call", "sync/record", "sync/plan", "sync/observe", "sync/pull", "sync/run", "sync/undo"}, forbid: []string{"os", "os/", "flag", "github.com/urfave/", "github.com/mattn/", "github.com/fatih/", "github.com/vbauerster/", "golang.org/x/term", "log", "log/", "syscall", "testing"},
		reason: "nothing below internal/cli knows about terminals, flags or the environment"},
	{rooms: []string{"internal/api", "internal/simulator", "internal/report"}, forbid: []string{"flag", "github.com/urfave/", "github.com/mattn/go-isatty", "golang.org/x/term", "os/signal", "os/exec"},
		reason: "flags and the screen are the business of internal/cli"},
	{rooms: []string{"internal/api", "internal/report"}, forbid: []string{"os"},
		reason: "neither reads files or the environment; they are given what they need"},
	{rooms: []string{"schema", "schema/file", "diff"}, forbid: []string{"net", "net/http", "net/http/", "net/rpc", "os", "io/ioutil", "context", "crypto/rand", "math/rand", "math/rand/v2"},
		reason: "both are pure: bytes in, values out, and the same for the same"},
	{rooms: []string{"sync", "sync/call", "sync/record", "sync/plan", "sync/observe", "sync/pull", "sync/run", "sync/undo"}, forbid: []string{"net", "math/rand", "math/rand/v2", "crypto/rand"},
		reason: "the same state gives the same plan"},
	{rooms: []string{"schema", "schema/file", "diff", "sync", "sync/call", "sync/record", "sync/plan", "sync/observe", "sync/pull", "sync/run", "sync/undo", "internal/api", "internal/simulator", "internal/report"}, forbid: []string{module + "/internal/cli"},
		reason: "the command line knows all rooms and none knows it"},
	{rooms: []string{"sync/pbx"}, forbid: []string{module + "/", "os", "flag"}, except: []string{module + "/sync/call", module + "/internal/api", module + "/internal/api/adapter"},
		reason: "other programs get the client with the settings they give, and nothing is taken from the environment"},
	{rooms: []string{"sync/local"}, forbid: []string{module + "/", "flag", "golang.org/x/term", "github.com/urfave/"}, except: []string{module + "/internal/folder", module + "/internal/journal", module + "/internal/lock", module + "/sync", module + "/sync/plan", module + "/sync/record", module + "/sync/run", module + "/sync/undo"},
		reason: "other programs keep run records where the command line keeps them, in folders that they name; how a tenant is read or changed is the engine's business"},
	{rooms: []string{"internal/journal"}, forbid: []string{module + "/"}, except: []string{module + "/internal/folder", module + "/schema", module + "/sync/plan", module + "/sync/record", module + "/sync/run", module + "/sync/undo"},
		reason: "records are written and read without knowing who runs"},
	{rooms: []string{"internal/api/adapter"}, forbid: []string{module + "/", "os", "flag"}, except: []string{module + "/schema", module + "/sync/call", module + "/internal/api"},
		reason: "it carries calls and does not know what is planned"},
	{rooms: []string{"examples/embed"}, forbid: []string{module + "/internal/"},
		reason: "it shows what a program outside the module can do, and such a program reaches nothing internal"},
}

// clocks are the files of the engine that may know what time it is.
var clocks = map[string]string{
	"sync/lock.go":        "the engine waits for what runs that were cut off may still have under way",
	"sync/operator.go":    "the operator is told for how long",
	"sync/local/store.go": "runs are named by the time when they begin",
	"sync/local/lock.go":  "a lock says since when it is held",
	"sync/engine.go":      "the options hold the time to look for what a lost answer may have made",
	"sync/run/options.go": "they do here too",
	"sync/run/apply.go":   "a run knows how long calls that are under way may take when it is to stop",
	"sync/run/settle.go":  "looking for what a lost answer may have made takes time",
}

// Ordering has no clock: the same state gives the same plan at any time.
func TestClocks(t *testing.T) {
	for _, s := range sources(t) {
		if top, _, _ := strings.Cut(s.room, "/"); top == "sync" && !s.test && slices.Contains(s.imports(), "time") != (clocks[s.name] != "") {
			t.Errorf("%s: of sync, only %v import time", s.name, slices.Sorted(maps.Keys(clocks)))
		}
	}
}

func TestImports(t *testing.T) {
	all := sources(t)
	for _, r := range rules {
		found := map[string]bool{}
		for _, s := range all {
			if !slices.Contains(r.rooms, s.room) {
				continue
			}
			found[s.room] = true
			if s.test {
				continue
			}
			for _, path := range s.imports() {
				if slices.ContainsFunc(r.forbid, func(f string) bool { return path == f || strings.HasSuffix(f, "/") && strings.HasPrefix(path, f) }) && !slices.Contains(r.except, path) {
					t.Errorf("%s imports %s: %s", s.name, path, r.reason)
				}
			}
		}
		if len(found) != len(r.rooms) {
			t.Errorf("the rule for %v is for rooms that are not there; only %v are", r.rooms, found)
		}
	}
	for tool, reason := range tools {
		if !slices.ContainsFunc(all, func(s source) bool { return s.room == tool }) {
			t.Errorf("%s (%s) is gone; take it out of the tools", tool, reason)
		}
	}
}

// Each of these libraries is known to one package, so that it can be replaced there.
func TestOneDoor(t *testing.T) {
	doors := map[string]struct{ rooms, reason string }{ // rooms are parted by spaces; without one, tests alone import it
		"gopkg.in/yaml.v3":                              {"schema schema/checks schema/file schema/file/amend schema/file/edit schema/file/export", "kinds are read by the catalogue, checks by those who look, and all other files with positions and limits, in one place, and written beside it"},
		"github.com/google/go-cmp/cmp":                  {"diff", "how values are compared is decided once"},
		"github.com/urfave/cli/v2":                      {"internal/cli", "flags are read in one place"},
		"github.com/santhosh-tekuri/jsonschema/v5":      {"", "its init is a sixth of what a start costs, so tests alone ask it"},
		"golang.org/x/oauth2":                           {"internal/api", "tokens never leave the client"},
		"gonum.org/v1/gonum/graph/topo":                 {"sync/plan", "steps are ordered in one place"},
		"github.com/vbauerster/mpb/v8":                  {"internal/report", "the screen is written by one package"},
		"github.com/gofrs/flock":                        {"internal/lock", "runs are kept apart in one place"},
		"github.com/cenkalti/backoff/v5":                {"internal/api", "what may be sent again is decided once"},
		"github.com/mattn/go-runewidth":                 {"internal/wrap", "cells are counted in one way"},
		"golang.org/x/term":                             {"internal/cli", "the screen is the business of the command line"},
		"github.com/xrash/smetrics":                     {"schema/wording", "nearness of names is judged once"},
		"github.com/nicholas-fedor/shoutrrr/pkg/router": {"internal/notify", "people are told in one place"},
		"github.com/prometheus/common/expfmt":           {"internal/metrics", "figures are written in one place"},
		"cel.dev/cel-go/cel":                            {"internal/policy", "expressions are bounded in one place"},
		"github.com/rickar/cal/v2":                      {"internal/holidays", "public holidays are known in one place"},
		"golang.org/x/text/language":                    {"schema/format", "country codes are a matter of formats"},
	}
	seen := map[string]bool{}
	for _, s := range sources(t) {
		if s.test || isTool(s.room) {
			continue
		}
		for _, path := range s.imports() {
			door, ok := doors[path]
			if !ok {
				continue
			}
			seen[path] = true
			if !slices.Contains(strings.Fields(door.rooms), s.room) {
				t.Errorf("%s imports %s, which only %s may: %s", s.name, path, door.rooms, door.reason)
			}
		}
	}
	for path, door := range doors {
		if !seen[path] && door.rooms != "" {
			t.Errorf("nobody imports %s any more", path)
		}
	}
}

// Selectors that a room may not use although it imports the package.
func TestUses(t *testing.T) {
	for _, tt := range []struct {
		rooms   []string
		pkg     string
		allowed func(name string) bool
		reason  string
	}{
		{[]string{"schema", "schema/expect", "schema/file", "schema/route", "diff"}, "time", func(name string) bool {
			return !slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker", "AfterFunc"}, name)
		},
			"packages that are pure know zones and forms of time, and not what time it is"},
		{[]string{"sync", "sync/call", "sync/record", "sync/plan", "sync/observe", "sync/pull", "sync/run", "sync/undo"}, "net/http", func(name string) bool { return strings.HasPrefix(name, "Method") || strings.HasPrefix(name, "Status") },
			"the engine names methods and statuses, and HTTP is behind its interface"},
		{[]string{"internal/cli", "internal/input", "internal/profile", "internal/staging", "internal/savedplan", "internal/rehearsal", "internal/simulator", "sync/local"}, "os", func(name string) bool {
			return !slices.Contains([]string{"Open", "ReadFile", "ReadDir", "OpenRoot", "OpenInRoot", "DirFS"}, name)
		},
			"what somebody else may have written is opened by internal/folder alone, which refuses pipes, links and what is too large"},
		{[]string{"internal/journal"}, "os", func(name string) bool {
			return !slices.Contains([]string{"ReadFile", "ReadDir", "OpenRoot", "DirFS"}, name)
		},
			"run records are read by internal/folder; a folder is opened only to bring it to disk"},
		{[]string{"internal/report"}, "net/http", func(name string) bool { return strings.HasPrefix(name, "Method") || strings.HasPrefix(name, "Status") },
			"a report names methods and calls nobody"},
		{[]string{"schema"}, "io/fs", func(name string) bool { return slices.Contains([]string{"FS", "Sub", "Glob", "ReadFile"}, name) },
			"kinds are read from a file system that the caller gives, or from the program itself"},
	} {
		for _, s := range sources(t) {
			if s.test || !slices.Contains(tt.rooms, s.room) || !slices.Contains(s.imports(), tt.pkg) {
				continue
			}
			base := tt.pkg[strings.LastIndex(tt.pkg, "/")+1:]
			ast.Inspect(s.file, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == base && x.Obj == nil && !tt.allowed(sel.Sel.Name) {
					t.Errorf("%s uses %s.%s: %s", fset.Position(sel.Pos()), base, sel.Sel.Name, tt.reason)
				}
				return true
			})
		}
	}
}

// Every package says what it is for, and every name of the three packages that
// other programs import has a comment that begins with it.
func TestDocs(t *testing.T) {
	documented, rooms := map[string]bool{}, map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		rooms[s.room] = true
		documented[s.room] = documented[s.room] || s.file.Doc != nil
		if top, _, _ := strings.Cut(s.room, "/"); slices.Contains([]string{"schema", "diff", "sync"}, top) {
			exported(s, func(pos token.Pos, name string, doc *ast.CommentGroup) {
				if doc == nil || strings.TrimSpace(doc.Text()) == "" {
					t.Errorf("%s: %s has no comment", fset.Position(pos), name)
				}
			})
		}
	}
	for room := range rooms {
		if !documented[room] {
			t.Errorf("package %s/%s has no comment", module, room)
		}
	}
}

// exported calls f for each exported declaration with its comment. A constant or
// variable of a group, and a field, may do with the comment of the group, or one
// at the end of its line.
func exported(s source, f func(token.Pos, string, *ast.CommentGroup)) {
	for _, d := range s.file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && (d.Recv == nil || receiverExported(d.Recv)) {
				f(d.Pos(), d.Name.Name, d.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					if spec.Name.IsExported() {
						f(spec.Pos(), spec.Name.Name, either(spec.Doc, d.Doc))
					}
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						if name.IsExported() {
							f(spec.Pos(), name.Name, either(spec.Doc, spec.Comment, d.Doc))
						}
					}
				}
			}
		}
	}
}

func either(groups ...*ast.CommentGroup) *ast.CommentGroup {
	for _, g := range groups {
		if g != nil {
			return g
		}
	}
	return nil
}

func receiverExported(r *ast.FieldList) bool {
	if len(r.List) == 0 {
		return false
	}
	typ := r.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	id, ok := typ.(*ast.Ident)
	return ok && id.IsExported()
}

// The measure of the design: a kind is one file of data, and a language of about 40 keywords
// does. What a server may answer beside the documents took a few more, and risk one.
func TestKeywords(t *testing.T) {
	seen := map[string]bool{}
	paths, err := filepath.Glob(filepath.Join(root, "schema", "kinds", "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range strings.FieldsFunc(string(data), func(r rune) bool { return !(r == '-' || r >= 'a' && r <= 'z') }) {
			if strings.HasPrefix(word, "x-") {
				seen[word] = true
			}
		}
	}
	if n := len(seen); n > 55 {
		t.Errorf("%d keywords: %s", n, fmt.Sprint(seen))
	}
}

// The contrary server is there to find where the catalogue is wrong, so it may learn
// nothing from any other room.
func TestContraryStandsAlone(t *testing.T) {
	seen := 0
	for _, s := range sources(t) {
		if s.room != "internal/contrary" || s.test {
			continue
		}
		seen++
		for _, imported := range s.file.Imports {
			if path, _ := strconv.Unquote(imported.Path.Value); path == module || strings.HasPrefix(path, module+"/") {
				t.Errorf("%s imports %s", s.name, path)
			}
		}
	}
	if seen == 0 {
		t.Error("no file of internal/contrary was looked at")
	}
}
