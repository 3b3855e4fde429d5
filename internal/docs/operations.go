package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
)

// documented is one operation of the API's documents.
type documented struct{ Method, Path string }

func (d documented) String() string { return d.Method + " " + d.Path }

// unused is an entry of schema/testdata/operations.yaml: what no kind stands for.
type unused struct {
	Reason     string
	Because    string
	Instead    string
	Operations []string
}

// readOperations reads the documented operations, and what is said of those that no
// kind stands for.
func readOperations(root string) (contract []documented, lines []unused, err error) {
	dir := filepath.Join(root, "schema", "testdata")
	data, err := os.ReadFile(filepath.Join(dir, "contract.json"))
	if err != nil {
		return nil, nil, err
	}
	var doc struct{ Operations []documented }
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, nil, err
	}
	if data, err = os.ReadFile(filepath.Join(dir, "operations.yaml")); err != nil {
		return nil, nil, err
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	return doc.Operations, lines, d.Decode(&lines)
}

// uses says who uses each documented operation.
type uses struct {
	kinds    map[string]schema.Operation
	lines    map[string]*unused
	paths    map[string]*schema.Kind // of what can be configured
	unknown  []string                // resources that no kind stands for and no document describes
	problems []error
}

// operationsPage makes the table of the API's operations. That one has no line, or two,
// is an error, and so is a write at a kind's path for which nothing stands.
func operationsPage(c *schema.Catalogue, contract []documented, lines []unused) ([]byte, error) {
	u := &uses{kinds: map[string]schema.Operation{}, lines: map[string]*unused{}, paths: map[string]*schema.Kind{}, unknown: c.Unknown}
	for _, o := range c.Operations() {
		u.kinds[o.Method+" "+o.Path] = o
		if o.Kind.Guards == nil {
			u.paths[o.Path] = o.Kind
		}
	}
	for i := range lines {
		u.take(&lines[i], contract)
	}
	for _, d := range contract {
		u.check(d)
	}
	if len(u.problems) > 0 {
		return nil, errors.Join(u.problems...)
	}
	return u.page(contract), nil
}

func (u *uses) wrong(format string, args ...any) {
	u.problems = append(u.problems, fmt.Errorf("operations.yaml: "+format, args...))
}

// take checks one entry.
func (u *uses) take(l *unused, contract []documented) {
	if l.Reason == "" || l.Because == "" {
		u.wrong("an entry has a reason and its sentence: %v", l.Operations)
	}
	for _, name := range l.Operations {
		method, _, _ := strings.Cut(name, " ")
		_, taken := u.kinds[name]
		_, instead := u.kinds[method+" "+l.Instead]
		switch {
		case !slices.ContainsFunc(contract, func(d documented) bool { return d.String() == name }):
			u.wrong("%s is not in the API's documents", name)
		case u.lines[name] != nil:
			u.wrong("%s stands there twice", name)
		case taken:
			u.wrong("%s is used by a kind; take the line out", name)
		case l.Instead != "" && !instead:
			u.wrong("%s: no kind uses %s %s instead", name, method, l.Instead)
		}
		u.lines[name] = l
	}
}

// check looks for the user of one operation.
func (u *uses) check(d documented) {
	kind := u.paths[d.Path]
	l := u.lines[d.String()]
	_, used := u.kinds[d.String()]
	switch {
	case used:
	case kind != nil && d.Method != http.MethodGet && (l == nil || l.Instead == ""):
		u.wrong("%s configures %s, and no kind uses it; let one, or name what does the same (instead)", d, kind.Word)
	case l == nil:
		u.wrong("%s has no kind and no line", d)
	}
}

// The uses of an operation, in the order of the counts.
const (
	byKind   = "used"
	byGuard  = "guard"
	needless = "not needed"
)

// use returns the use of an operation, its reason in short where there is none, and
// the cell that names the user.
func (u *uses) use(d documented) (use, reason, by string) {
	if o, ok := u.kinds[d.String()]; ok {
		return kindUse(o)
	}
	l := u.lines[d.String()]
	by = plain(l.Because)
	if l.Instead != "" {
		by += " Used instead: " + code(d.Method+" "+l.Instead)
	}
	return needless, l.Reason, by
}

// onlyWith are the flags that an administrator's operation is for.
var onlyWith = map[schema.Verb]string{
	schema.Create: " (`--create-tenant`)", schema.Delete: " (`--delete-tenant`)", schema.Search: " (`--tenant`, `--all`)",
}

func kindUse(o schema.Operation) (use, reason, by string) {
	by = fmt.Sprintf("[%s](kinds.md#%s): %s", o.Kind.Word, o.Kind.Word, o.Verb)
	switch {
	case len(o.Kind.Section) == 0:
		return byGuard, "", by + ". " + plain(o.Kind.Description)
	case o.Verb == schema.Read && o.Kind.Has(schema.List):
		return byGuard, "", by + ", right before a write"
	case o.Admin:
		return byKind, "", by + " by an administrator" + onlyWith[o.Verb]
	}
	return byKind, "", by
}

func (u *uses) page(contract []documented) []byte {
	counts, reasons := map[string]int{}, map[string]int{}
	var rows [][]string
	for _, d := range contract {
		use, reason, by := u.use(d)
		counts[use]++
		if reason != "" {
			reasons[reason]++
		}
		rows = append(rows, []string{code(d.String()), use, by})
	}
	var why []string
	for _, r := range sortedKeys(reasons) {
		why = append(why, fmt.Sprintf("%d %s", reasons[r], r))
	}
	w := &writer{}
	w.head("Operations of the API")
	w.line("What pbxsync does with each operation that the API's documents describe, made from the catalogue")
	w.line("and from `schema/testdata/operations.yaml`. A *guard* is a check around a write.")
	w.line("")
	w.line("%d operations: %d used by kinds, %d by a guard, %d not needed (%s).",
		len(contract), counts[byKind], counts[byGuard], counts[needless], strings.Join(why, ", "))
	w.line("")
	w.table([]string{"Operation", "Use", "By, or why not"}, rows)
	w.line("The API has more than these documents describe. Not known to this version: %s.",
		strings.ReplaceAll(strings.Join(u.unknown, ", "), "_", " "))
	return w.tidy()
}
