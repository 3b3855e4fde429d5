package proof

import (
	"encoding/json"
	"hash/fnv"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file/export"
	"pbxsync/sync/observe"
)

// dialect is what a server shows of its objects: it lacks some fields, as older ones do,
// and has null in others, as the documents allow nearly everywhere.
type dialect struct {
	lacks map[string]bool
	nulls map[string]bool // at some objects
	salt  string
}

// anyDialect leaves alone what tells objects apart, and what a create has to state.
func anyDialect(t *rapid.T, c *schema.Catalogue) dialect {
	kept := map[string]bool{"id": true, "prefix": true, "name": true}
	var names []string
	for _, k := range c.Kinds {
		kept[k.Owner.Dealer], kept[k.Owner.Client] = true, true
		for _, f := range k.Fields {
			names = append(names, f.Answer)
			if f.Required || f.Decide || k.IsKey(f) || f.ReadOnly || f.Answer != f.API {
				kept[f.Answer] = true
			}
		}
	}
	d := dialect{map[string]bool{}, map[string]bool{}, rapid.StringN(4, 4, 4).Draw(t, "salt")}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if kept[name] {
			continue
		}
		switch rapid.IntRange(0, 9).Draw(t, name) {
		case 0:
			d.lacks[name] = true
		case 1, 2:
			d.nulls[name] = name != "bundle" // which two objects have to tell alike
		}
	}
	return d
}

// speak changes an object of an answer.
func (d dialect) speak(row map[string]any) {
	for name := range row {
		h := fnv.New32()
		_, _ = h.Write([]byte(d.salt + name))
		id, _ := json.Marshal(row["id"])
		_, _ = h.Write(id)
		switch {
		case d.lacks[name]:
			delete(row, name)
		case d.nulls[name] && h.Sum32()%2 == 0:
			row[name] = nil
		}
	}
}

// speaks makes the simulator answer in a dialect.
func (b *box) speaks(d dialect) {
	b.server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet {
			return false
		}
		rec := httptest.NewRecorder()
		b.server.Answer(rec, r)
		var v any
		decoder := json.NewDecoder(rec.Body)
		decoder.UseNumber()
		if rec.Code != http.StatusOK || decoder.Decode(&v) != nil {
			return false
		}
		rows, _ := v.([]any)
		for _, row := range append(slices.Clone(rows), v) {
			if m, ok := row.(map[string]any); ok {
				d.speak(m)
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
		return true
	})
}

// shows are the fields of a kind that a file can say and the server shows.
func (d dialect) shows(k *schema.Kind) map[string]bool {
	out := map[string]bool{}
	for _, f := range k.Fields {
		if f.Comparable() && (f.Admin == "" || f.Admin == "both") && !f.Apart && !k.IsKey(f) && (k.Each != nil || !d.lacks[f.Answer]) && f.With.Field == "" {
			out[f.Name] = true
		}
	}
	return out
}

// answered is the member of an answer that is the value of the object.
func answered(k *schema.Kind) string {
	if f := k.Field(k.Value); f != nil {
		return f.Answer
	}
	return ""
}

// account counts the fields that went into an import, and those that came out or are named.
func (b *box) account(d dialect, w *observe.Import, e *export.Exported) (in, out, named map[string]int) {
	in, out, named = map[string]int{}, map[string]int{}, map[string]int{}
	listed := func(k *schema.Kind) bool { return k.Managed() && (k.Has(schema.List) || k.Singleton()) }
	for _, k := range b.cat.Kinds {
		rows := b.sim.Rows(k.Word)
		if k == b.cat.Root() {
			rows = rows[:1] // the others are other tenants
		}
		for _, row := range rows {
			if v, shown := row[answered(k)]; k.Sparse && k.Value != "" && shown && v == nil {
				continue // nothing is set, as with most, and no line says so
			}
			if listed(k) && (k.Owner.Dealer == "" || row[k.Owner.Dealer] == nil) {
				in[k.Word] += len(d.shows(k))
			}
		}
	}
	for _, o := range b.parseAll(e.Files).Objects {
		for name := range o.Values {
			if list, _ := o.Values[name].([]any); o.Kind.Each != nil {
				out[o.Kind.Word] += len(list) // each is a row of the server
			} else if listed(o.Kind) && d.shows(o.Kind)[name] {
				out[o.Kind.Word]++
			}
		}
	}
	for _, l := range e.Left {
		o := w.Live.Object(l.Address)
		if o == nil {
			continue // of the tenant itself
		}
		field, _, whole := strings.Cut(l.Message, "is left out: ")
		if field = strings.TrimSpace(field); field != "" && whole && d.shows(o.Kind)[field] {
			named[o.Kind.Word] += rowsOf(o)
		}
		for _, below := range w.Live.Objects {
			if field == "" && (below == o || below.Parent == o || below.Parent != nil && below.Parent.Parent == o) {
				named[below.Kind.Word] += len(d.shows(below.Kind)) * rowsOf(below)
			}
		}
	}
	return in, out, named
}

// rowsOf is how many rows of the server an object is.
func rowsOf(o *schema.Object) int {
	if o.Kind.Each != nil {
		return len(o.Items)
	}
	return 1
}

// TestEveryFieldIsWrittenOrNamed imports tenants from servers of all kinds: each field that
// one shows is in the files or named. They say nothing else than the tenant has, and make
// one like it where there is none.
func TestEveryFieldIsWrittenOrNamed(t *testing.T) {
	seed := seedFile(t)
	var tenants, fields, left, cloned int
	rapid.Check(t, func(t *rapid.T) {
		b := grown(t, seed, false)
		awkward := rapid.Bool().Draw(t, "awkward")
		if awkward {
			(&gen{t: t, b: b}).disturb()
		}
		d := anyDialect(t, b.cat)
		b.speaks(d)
		w, e := b.imported(false)
		in, out, named := b.account(d, w, e)
		for _, word := range slices.Sorted(maps.Keys(in)) {
			if in[word] != out[word]+named[word] {
				t.Errorf("%s: %d fields are shown, %d are in the files and %d are named\n%v\n%s", word, in[word], out[word], named[word], e.Left, joined(e.Files))
			}
			fields, left = fields+in[word], left+named[word]
		}
		tenants++
		if !awkward && len(e.Left) == 0 {
			b.remade(t, e, seed)
			cloned++
		}
	})
	t.Logf("%d tenants, %d fields shown, %d of them named, the others in the files; %d made again", tenants, fields, left, cloned)
}

// remade makes the tenant of the files where there is none of it, on a server that shows
// all, and plans them again.
func (b *box) remade(t *rapid.T, e *export.Exported, seed string) {
	twin := newBox(t, simulator.Options{}, seed)
	twin.options.Folder = b.options.Folder
	wanted := func() *schema.Tenant {
		desired := twin.parseAll(e.Files)
		for _, o := range desired.Objects {
			o.ID = 0 // holds in the first only
			for _, f := range o.Kind.Fields {
				if f.Secret() {
					o.Secrets = map[string]schema.SecretRef{f.Name: {Env: "PASSWORD"}}
				}
			}
		}
		return desired
	}
	_, p, err := twin.look(wanted())
	if err != nil {
		t.Fatalf("refused: %v\n%s", err, joined(e.Files))
	}
	twin.carryOut(p)
	if _, p, err = twin.look(wanted()); err != nil || len(p.Steps) > 0 {
		t.Fatalf("made again, it differs: %v\n%s\n%s", err, steps(p), joined(e.Files))
	}
}
