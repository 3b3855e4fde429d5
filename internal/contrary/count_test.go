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
	"pbxsync/schema/file"
)

// count is how many fields a server shows, how many of these the files state, and how
// many are named as left out.
type count struct{ in, out, named int }

func (c *count) add(d count) { c.in, c.out, c.named = c.in+d.in, c.out+d.out, c.named+d.named }

func (c count) String() string {
	return fmt.Sprintf("%d fields in, %d out, %d named", c.in, c.out, c.named)
}

// collection is that of a kind, by what is behind its path. An event is one of its parent's.
func collection(k, parent *schema.Kind) string {
	if parent != nil && strings.HasPrefix(k.Item, "{parent}") {
		return collection(parent, nil) + "/event"
	}
	return collectionOf(strings.Split(k.Item, "/"))
}

// label turns an address of the program into the name of a row.
func label(address string) (name string, k *schema.Kind, below *schema.Kind) {
	var parts []string
	words := strings.Split(address, "/")
	for i := 0; i < len(words); i += 2 {
		k, below = kind(words[i]), k
		c := collection(k, below)
		if k == schema.Builtin().Root() {
			return "settings", k, nil
		}
		if i > 0 {
			c = c[strings.LastIndex(c, "/")+1:]
		}
		if parts = append(parts, c); i+1 < len(words) {
			parts = append(parts, plainKey.Replace(words[i+1]))
		}
	}
	return strings.Join(parts, " "), k, below
}

var plainKey = strings.NewReplacer("%2F", "/", "%25", "%", "%2A", "*")

func kind(word string) *schema.Kind {
	for _, k := range schema.Builtin().Kinds {
		if k.Word == word {
			return k
		}
	}
	return &schema.Kind{}
}

// shown are the fields that the server shows, by the names of their rows.
func (w *world) shown() map[string]bool {
	out, labels := map[string]bool{}, w.first.labels()
	for _, r := range w.s.Own(w.first) {
		name := labels[r]
		if r.Collection == "client" {
			name = "settings"
		}
		for _, field := range w.s.Shown(r) {
			out[name+" ."+field] = true
		}
	}
	return out
}

// counted looks for each field that the server shows in the files, or among what is named
// as left out.
func (w *world) counted() string {
	in, out := w.shown(), map[string]bool{}
	tenant, wrong := w.parsed()
	if wrong != "" {
		return wrong
	}
	for _, o := range tenant.Objects {
		name, _, _ := label(o.Address())
		for _, f := range o.Kind.Fields {
			_, stated := o.Values[f.Name]
			_, once := o.Once[f.Name]
			if key := name + " ." + f.API; in[key] && (stated || once) {
				out[key] = true
			}
		}
	}
	if wrong = w.left(in); wrong != "" {
		return wrong
	}
	var all []string
	w.count = count{len(in), len(out), len(w.named)}
	for _, key := range slices.Sorted(maps.Keys(in)) {
		if out[key] == w.named[key] {
			all = append(all, fmt.Sprintf("%s is shown; in the files: %v, named as left out: %v", key, out[key], w.named[key]))
		}
	}
	return strings.Join(all, "\n")
}

// parsed reads the imported files.
func (w *world) parsed() (*schema.Tenant, string) {
	var files []file.File
	paths, _ := filepath.Glob(filepath.Join(w.dir, "*.yaml"))
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			return nil, err.Error()
		}
		files = append(files, file.File{Name: p, Data: data})
	}
	tenant, problems := file.Parse(schema.Builtin(), files)
	if err := problems.Err(); err != nil {
		return nil, err.Error()
	}
	return tenant, ""
}

// left imports once more and notes which of the fields that are shown are named: alone,
// with their object, or with all of a collection.
func (w *world) left(in map[string]bool) string {
	code, text := w.run("import", "--format", "json", filepath.Join(w.root, "named"))
	var r report.Import
	if err := json.Unmarshal([]byte(text[max(0, strings.Index(text, "{")):]), &r); err != nil || code != 0 {
		return fmt.Sprintf("import as JSON: exit %d, %v\n%s", code, err, text)
	}
	w.named = map[string]bool{}
	name := func(is func(string) bool) {
		for key := range in {
			if is(key) {
				w.named[key] = true
			}
		}
	}
	for _, l := range r.Left {
		row, k, _ := label(l.Address)
		field, _, _ := strings.Cut(l.Message, "is left out: ")
		if f := k.Field(strings.TrimSpace(field)); f != nil {
			name(func(key string) bool { return key == row+" ."+f.API })
			if strings.HasSuffix(l.Message, "to make it elsewhere, state it") {
				w.asks = "has to be created, and " + f.Name + " is missing"
			}
		} else {
			name(func(key string) bool { return strings.HasPrefix(key, row+" ") })
		}
	}
	for _, missed := range r.Missed {
		what, _, _ := strings.Cut(missed, ": ")
		for _, k := range schema.Builtin().Kinds {
			if k.Managed() && k.YAML() == what {
				name(func(key string) bool { return strings.HasPrefix(key, collection(k, nil)+" ") })
			}
		}
	}
	return ""
}
