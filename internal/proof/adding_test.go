package proof

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"pbxsync/internal/report"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/plan"
)

var update = flag.Bool("update", false, "write docs/adding.md")

// usual are values that a person might type, by what the catalogue says of a field.
var usual = map[string]string{
	"extension-name": "777", "email": "new@acme.example", "timezone": "Europe/Berlin", "uri": "https://crm.acme.example/new",
	"phone-number": "493023125199", "digits": "1234", "pcre": "^00(.*)$",
}

// typed are values for what "new" says little of, by kind and field.
var typed = map[string]string{
	"extension_group.name": "support", "interval.name": "Lunch", "dial_rule.name": "abroad", "dial_rule.repl_exp": `+\1`,
	"call_status.name": "order", "call_status.property_list": "sold", "network_permission.name": "home office", "caller_id_group.name": "Kiel",
	"local_agent.name": "Frida", "remote_agent.name": "Frida", "sound.title": "Closed", "task_scheduler.name": "Evening calls",
	"client_user.login": "frida", "extension_user.login": "frida.alice", "group_user.login": "frida.sales",
	"client_user.name": "Frida", "extension_user.name": "Frida", "group_user.name": "Frida",
	"variable.var": "CITY", "variable.value": "Kiel",
}

// adding finds the line that adds an object of a kind to imported files.
type adding struct {
	*box
	files  []file.File
	kind   *schema.Kind
	parent *schema.Object // under which it is added, or nil
}

// value is what a person would write for a field.
func (a *adding) value(f *schema.Field) any {
	switch {
	case f.Ref != nil:
		return a.object(f.Ref).Key
	case f.Apart:
		return "sounds/a.wav"
	case f.Secret():
		return map[string]any{"env": "PASSWORD"}
	case len(f.Enum) > 0:
		return f.Enum[0]
	case f.Type == "array" && f.Items.Type == "object":
		item := map[string]any{}
		for _, sub := range f.Items.Fields {
			if sub.Required {
				item[sub.Name] = a.value(sub)
			}
		}
		return slices.Repeat([]any{item}, min(len(item), 1))
	case f.Type == "array" && typed[a.kind.Word+"."+f.Name] != "":
		return []any{typed[a.kind.Word+"."+f.Name]}
	case f.Type == "array":
		return []any{a.value(f.Items)}
	case f.Type == "integer":
		return 1
	case f.Type == "boolean":
		return false
	}
	if v := usual[f.Format]; v != "" {
		return v
	}
	if v := typed[a.kind.Word+"."+f.Name]; v != "" {
		return v
	}
	return "new"
}

// object is the first one of a kind in the files.
func (a *adding) object(k *schema.Kind) *schema.Object {
	for _, o := range a.parseAll(a.files).Objects {
		if o.Kind == k {
			return o
		}
	}
	a.Fatalf("the tenant has no %s", k.Word)
	return nil
}

// needs are the fields that the line may have to state, by their path.
func (a *adding) needs() []*schema.Field {
	var out []*schema.Field
	for _, f := range a.kind.Fields {
		if f.InCreate() && (f.Required || f.Decide) && (!a.kind.IsKey(f) || a.kind.Form == schema.FormList) {
			out = append(out, f)
		}
	}
	return out
}

// entry is the object with these fields, as the file has it.
func (a *adding) entry(fields []*schema.Field) *yaml.Node {
	own := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for _, f := range fields {
		v := &yaml.Node{}
		if err := v.Encode(a.value(f)); err != nil {
			a.Fatalf("%v", err)
		}
		if v.Style = yaml.FlowStyle; v.Kind == yaml.ScalarNode {
			v.Style = 0
		}
		own.Content = append(own.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: f.Name}, v)
	}
	if a.kind.Form == schema.FormList {
		return &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{own}}
	}
	if a.kind.Value != "" {
		own = own.Content[1]
	}
	key := &yaml.Node{}
	_ = key.Encode(a.value(a.kind.Key[0].Field))
	return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{key, own}}
}

// with puts an entry into the imported files, where a person would.
func (a *adding) with(entry *yaml.Node) []file.File {
	path := a.kind.Section
	if a.parent != nil {
		path = slices.Concat(a.parent.Kind.Section, []string{a.parent.Key}, path)
	}
	out := slices.Clone(a.files)
	for i, f := range out {
		var doc yaml.Node
		if err := yaml.Unmarshal(f.Data, &doc); err != nil {
			a.Fatalf("%v", err)
		}
		at := doc.Content[0]
		for j, name := range path {
			k := slices.IndexFunc(at.Content, func(n *yaml.Node) bool { return n.Value == name })
			if k < 0 && j == 0 {
				break
			} else if k < 0 {
				at.Style = 0
				at.Content = append(at.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, &yaml.Node{Kind: entry.Kind})
				k = len(at.Content) - 2
			}
			if at = at.Content[k+1]; j == len(path)-1 {
				at.Style = 0
				at.Content = append(at.Content, entry.Content...)
				data, err := yaml.Marshal(&doc)
				if err != nil {
					a.Fatalf("%v", err)
				}
				out[i].Data = data
				return out
			}
		}
	}
	data, err := yaml.Marshal(map[string]any{"version": 1, path[0]: entry}) // of what no import can list
	if err != nil || len(path) > 1 {
		a.Fatalf("no file has %s (%v)", strings.Join(path, "."), err)
	}
	return append(out, file.File{Name: "more.yaml", Data: data})
}

// plan makes the plan of files, nil if they are refused.
func (a *adding) plan(files []file.File) *plan.Plan {
	desired, problems := file.Parse(a.cat, files)
	if problems = append(problems, desired.Contents(a.options.Folder)...); problems.Err() != nil {
		return nil
	}
	if _, p, err := a.look(desired); err == nil {
		return p
	}
	return nil
}

// planned returns what the plan says of the new object, and of nothing else; "" if it is refused.
func (a *adding) planned(files []file.File) string {
	p := a.plan(files)
	if p == nil {
		return ""
	}
	var b bytes.Buffer
	r := report.New("plan")
	r.Planned(&p.Value, a.cat, nil)
	report.Text(report.NewPrinter(&b, false).Detail(true, true), r)
	var said []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		if m := headLine.FindStringSubmatch(line); m != nil {
			said = append(said, "`"+m[1]+"`")
		} else if m := filledLine.FindStringSubmatch(line); m != nil {
			said = append(said, m[1])
		}
	}
	if len(said) > 0 && !strings.Contains(said[0], a.kind.Word+"/") {
		a.Errorf("%s: the plan begins with %s", a.kind.Word, said[0])
	}
	return strings.Join(said, "<br>")
}

var (
	headLine   = regexp.MustCompile(`^([+~-] \S.*?)   `)
	filledLine = regexp.MustCompile(`^ +(not stated, so: .*)$`)
)

// carriesOut applies the plan of files; then there is nothing left to do.
func (a *adding) carriesOut(files []file.File) {
	if p := a.plan(files); p != nil {
		a.carryOut(p)
	}
	if p := a.plan(files); p == nil || len(p.Changes) > 0 {
		a.Errorf("%s: after an apply there is still something to do: %v", a.kind.Word, p)
	}
}

// shortest returns the line without which nothing can be left out, and the plan's.
func (a *adding) shortest() (line, said string) {
	fields := a.needs()
	if said = a.planned(a.with(a.entry(fields))); said == "" {
		a.Errorf("%s: no line adds one", a.kind.Word)
	}
	for i := 0; i < len(fields); {
		fewer := slices.Delete(slices.Clone(fields), i, i+1)
		if a.kind.Value == "" && a.planned(a.with(a.entry(fewer))) != "" {
			fields = fewer
			continue
		}
		i++
	}
	data, err := yaml.Marshal(a.entry(fields))
	if err != nil {
		a.Fatalf("%v", err)
	}
	whole := a.with(a.entry(fields))
	said = a.planned(whole)
	a.carriesOut(whole)
	return strings.TrimSpace(string(data)), said
}

// TestAddingIsOneLine imports a tenant and adds, for every kind with a create, an object
// by hand: one line, and the plan creates it. docs/adding.md is made from it.
func TestAddingIsOneLine(t *testing.T) {
	seed, err := os.ReadFile("testdata/adding.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b := newBox(t, simulator.Options{}, string(seed))
	_, e := b.imported(false)
	folder, _ := b.options.Folder.(*cellar)
	folder.memory["sounds/a.wav"] = sounds["sounds/a.wav"]
	var page bytes.Buffer
	page.WriteString("<!-- Made by go test ./internal/proof -run TestAddingIsOneLine -update; do not edit. -->\n\n# Adding one\n\n" +
		"After an import, one line adds an object of a kind: what is usual stands in `defaults:` of the imported\nfiles. " +
		"This is the shortest line that a plan takes, in a tenant of five phones and seven people, and what\nthe plan makes of it. " +
		"Applied, it leaves nothing to do.\n\n" +
		"| Kind | Below | Line | Plan |\n|---|---|---|---|\n")
	var given []string
	for _, k := range b.cat.Kinds {
		if k.HintCreate != "" && k.Managed() {
			given = append(given, fmt.Sprintf("- `%s`: %s.\n", k.Word, k.HintCreate))
		}
		if !k.Managed() || !k.Has(schema.Create) || k == b.cat.Root() {
			continue
		}
		a := &adding{box: b, files: e.Files, kind: k}
		below := k.Section
		if len(k.Parents) > 0 {
			a.parent = a.object(k.Parents[0])
			below = slices.Concat(a.parent.Kind.Section, []string{a.parent.Key}, k.Section)
		}
		line, said := a.shortest()
		if strings.Contains(line, "\n") || said == "" {
			t.Errorf("%s: %q is not one line that adds one; the plan says %q", k.Word, line, said)
		}
		fmt.Fprintf(&page, "| %s | `%s:` | `%s` | %s |\n", k.Word, strings.Join(below, ": "), strings.ReplaceAll(line, "|", `\|`), said)
	}
	page.WriteString("\nA tenant is added with `--create-tenant`, and an extension brings its phone. What comes from elsewhere:\n\n" + strings.Join(given, ""))
	const path = "../../docs/adding.md"
	if *update {
		if err := os.WriteFile(path, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if old, err := os.ReadFile(path); err != nil || !bytes.Equal(old, page.Bytes()) {
		t.Errorf("docs/adding.md is stale; run: go test ./internal/proof -run TestAddingIsOneLine -update\n%s", page.String())
	}
}
