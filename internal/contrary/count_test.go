package contrary

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pbxsync/internal/report"
	"pbxsync/schema"
)

// count is how many fields a server shows, how many of these the files state, and how
// many are named as left out.
type count struct{ in, out, named int }

func (c *count) add(d count) { c.in, c.out, c.named = c.in+d.in, c.out+d.out, c.named+d.named }

func (c count) String() string {
	return fmt.Sprintf("%d fields in, %d out, %d named", c.in, c.out, c.named)
}

// collections are those of the kinds, by word, for what comes out of files. An event is
// that of its parent's.
func collections(o *schema.Object) string {
	path := o.Kind.Item
	if o.Parent != nil && strings.HasPrefix(path, "{parent}") {
		return collections(o.Parent) + "/event"
	}
	return collectionOf(strings.Split(path, "/"))
}

// counted compares what the server shows with what the files say, field by field, and
// counts how often each stands on either side. What is left out has to be named.
func (w *world) counted() string {
	in, out := map[string]int{}, map[string]int{}
	for _, r := range w.s.Own(w.first) {
		for _, name := range w.s.Shown(r) {
			in[r.Collection+" "+name]++
		}
	}
	tenant, wrong := w.parsed()
	if wrong != "" {
		return wrong
	}
	for _, o := range tenant.Objects {
		for _, f := range o.Kind.Fields {
			_, stated := o.Values[f.Name]
			_, once := o.Once[f.Name]
			if key := collections(o) + " " + f.API; in[key] > 0 && (stated || once) {
				out[key]++
			}
		}
	}
	named, wrong := w.left()
	if wrong != "" {
		return wrong
	}
	var all []string
	for _, key := range slices.Sorted(maps.Keys(in)) {
		w.count.add(count{in[key], out[key], named[key]})
		if in[key] != out[key]+named[key] {
			all = append(all, fmt.Sprintf("%s: %d shown, %d in the files, %d named", key, in[key], out[key], named[key]))
		}
	}
	return strings.Join(all, "\n")
}

// parsed reads the imported files.
func (w *world) parsed() (*schema.Tenant, string) {
	var files []schema.File
	paths, _ := filepath.Glob(filepath.Join(w.dir, "*.yaml"))
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			return nil, err.Error()
		}
		files = append(files, schema.File{Name: p, Data: data})
	}
	tenant, problems := schema.Builtin().Parse(files)
	if err := problems.Err(); err != nil {
		return nil, err.Error()
	}
	return tenant, ""
}

// left imports once more and counts what is named: fields by what they belong to, and
// those of whole objects.
func (w *world) left() (map[string]int, string) {
	code, text := w.run("import", "--format", "json", filepath.Join(w.root, "named"))
	var r report.Import
	if err := json.Unmarshal([]byte(text[max(0, strings.Index(text, "{")):]), &r); err != nil || code != 0 {
		return nil, fmt.Sprintf("import as JSON: exit %d, %v\n%s", code, err, text)
	}
	out := map[string]int{}
	for _, l := range r.Left {
		w.t.Logf("%s: %s", l.Address, l.Message)
	}
	return out, ""
}
