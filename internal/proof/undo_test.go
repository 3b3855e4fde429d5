package proof

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/journal"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/undo"
)

// cannotReturn is what undo does not bring back, by kind, and why. Whatever else a
// tenant had before a run, it has after the undo.
var cannotReturn = map[string]struct {
	deleted, made string // why a deleted one stays away, why one that was made stays
	fields        map[string]string
}{
	"client_user":    {deleted: noPassword, made: noPassword},
	"extension_user": {deleted: noPassword, made: noPassword},
	"group_user":     {deleted: noPassword, made: noPassword},
	"sound":          {deleted: noFile, made: noFile, fields: map[string]string{"filename": noFile}},
	"settings":       {fields: map[string]string{"dealer_id": noNull, "domain_id": noNull, "email": noNull}},
	"variable":       {made: "the API has no delete"},
	"task_scheduler": {made: "the API has no delete"},
}

// Why something stays away, and what took its place stays there.
const (
	noPassword = "the password of the one that was there is not known"
	noFile     = "the file of the one that was there was not kept"
	noNull     = "it was not set, and the API cannot clear it"
)

// refusedUndos are the states of chains that undo refuses, and why that is right.
var refusedUndos = map[string]string{
	"across_replace/another type, the same number":                        "a user holds the number, and cannot be made again without a password",
	"across_handles/absent by handle; events go along":                    "others have the same name, so it cannot be seen that it is gone",
	"across_handles/prune takes the others and not the one that is named": "another has the same name, so it cannot be seen that it is gone",
}

// undo takes the last run back and checks that nobody is said to have edited anything.
func (b *box) undo() *undo.Undoing {
	b.Helper()
	undoing, s, p := b.undoing(len(b.records.files) - 1)
	for _, g := range undoing.Since(&s.Basis, nil) {
		b.Errorf("nobody edited anything: %v", g)
	}
	b.carryOut(p)
	_, left, err := b.look(undoing.Tenant)
	if err != nil {
		b.Fatalf("after the undo it is refused: %v", err)
	}
	if len(left.Changes) > 0 {
		b.Errorf("after the undo it is not undone:\n%s", steps(left))
	}
	return undoing
}

// undoing plans the way back from a run.
func (b *box) undoing(run int) (*undo.Undoing, *observe.State, *plan.Plan) {
	b.Helper()
	past, err := journal.Past(b.records.all(b), fmt.Sprint(run))
	if err != nil || past == nil {
		b.Fatalf("run %d: %v", run, err)
	}
	undoing, err := undo.Undo(b.cat, past)
	if err != nil {
		b.Fatalf("undo: %v", err)
	}
	s, p, err := b.look(undoing.Tenant)
	if err != nil {
		b.Fatalf("undo is refused: %v\nleft: %v", err, undoing.Left)
	}
	return undoing, s, p
}

// all reads the records.
func (r *records) all(t tb) []*journal.Record {
	t.Helper()
	var all []*journal.Record
	for _, f := range r.files {
		one, err := journal.Recover(f.Bytes())
		if err != nil {
			t.Fatalf("record: %v", err)
		}
		all = append(all, one)
	}
	return all
}

// byName shows a tenant without ids: each object under the names of its parents and
// its own, with the fields that can be written and read back.
func (all snapshot) byName() map[string]map[string]any {
	out := map[string]map[string]any{}
	for _, id := range sortedKeys(all) {
		it := all[id]
		name := it.path()
		for n := 2; out[name] != nil; n++ {
			name = fmt.Sprintf("%s (%d)", it.path(), n)
		}
		out[name] = map[string]any{}
		for _, f := range it.kind.Fields {
			if f.Comparable() {
				out[name][f.Answer] = all.named(f, it.row[f.Answer])
			}
		}
	}
	return out
}

func (it *item) path() string {
	path := it.kind.Word + "/" + it.key("12037")
	if it.parent != nil {
		path = it.parent.path() + "/" + path
	}
	return path
}

// named puts names for the ids in a value.
func (all snapshot) named(f *schema.Field, v any) any {
	if id, ok := v.(int64); ok && f.Ref != nil && f.RefBy == "" {
		if id == 0 {
			return nil
		}
		for _, it := range all.of(f.Ref) {
			if it.id == id {
				return it.path()
			}
		}
		return fmt.Sprint("nobody ", id)
	}
	if v == "" && f.Nullable {
		return nil
	}
	if f.Members != nil {
		return all.namedBundle(v)
	}
	if m, ok := v.(map[string]any); ok && len(f.Fields) > 0 {
		return all.namedParts(f, m)
	}
	if list, ok := v.([]any); v == nil && f.Type == "array" || ok && len(list) == 0 {
		return []any{}
	} else if ok {
		named := make([]any, len(list))
		for i, x := range list {
			if named[i] = x; f.Items != nil {
				named[i] = all.named(f.Items, x)
			}
		}
		if f.Set {
			return sortedTexts(named)
		}
		return named
	}
	return v
}

// namedParts does the same for the parts of an object, and leaves out the ids of items.
func (all snapshot) namedParts(f *schema.Field, m map[string]any) map[string]any {
	out := map[string]any{}
	for _, sub := range f.Fields {
		out[sub.Name] = all.named(sub, m[sub.Answer])
	}
	return out
}

// namedBundle puts the names of extensions for their ids.
func (all snapshot) namedBundle(v any) any {
	data, _ := json.Marshal(v)
	text := string(data)
	for _, it := range all {
		if it.kind.Word == "extension" {
			text = strings.ReplaceAll(text, fmt.Sprintf("%q:", fmt.Sprint(it.id)), fmt.Sprintf("%q:", it.path()))
			text = strings.ReplaceAll(text, fmt.Sprintf(`"bundle_id":%d`, it.id), fmt.Sprintf(`"bundle_id":%q`, it.path()))
		}
	}
	var out any
	_ = json.Unmarshal([]byte(text), &out)
	return out
}

// returned compares a tenant before a run with the one after its undo.
func (b *box) returned(before, after snapshot, left []undo.Left) (fields int) {
	b.Helper()
	was, is := before.byName(), after.byName()
	kind := func(all snapshot, name string) string {
		for _, it := range all {
			if strings.HasPrefix(name, it.path()) && strings.Count(name, "/") == strings.Count(it.path(), "/") {
				return it.kind.Word
			}
		}
		return ""
	}
	said := func(name string) bool {
		return slices.ContainsFunc(left, func(l undo.Left) bool {
			return strings.HasPrefix(name, l.Object.NaturalAddress()) || strings.HasPrefix(l.Object.NaturalAddress(), name)
		})
	}
	for _, name := range sortedKeys(was) {
		word := kind(before, name)
		except := cannotReturn[word]
		switch {
		case is[name] == nil && (except.deleted == "" || !said(name)):
			b.Errorf("%s is not there again", name)
		case is[name] == nil:
		default:
			for _, f := range sortedKeys(was[name]) {
				fields++
				if reflect.DeepEqual(was[name][f], is[name][f]) || except.fields[f] != "" && said(name) || said(name) && b.pointsAway(was[name][f], is) {
					continue
				}
				b.Errorf("%s.%s was %v and is %v", name, f, was[name][f], is[name][f])
			}
		}
	}
	for _, name := range sortedKeys(is) {
		if was[name] == nil && (cannotReturn[kind(after, name)].made == "" || !said(name)) {
			b.Errorf("%s is still there", name)
		}
	}
	return fields
}

// pointsAway tells a reference to what is not there again.
func (b *box) pointsAway(v any, is map[string]map[string]any) bool {
	name, ok := v.(string)
	return ok && is[name] == nil && strings.Contains(name, "/")
}

// Whatever chain of states: after apply A, apply B, undo B the tenant is as after A.
func TestUndoChains(t *testing.T) {
	for _, c := range chains(t) {
		for _, m := range modes[:2] {
			t.Run(c.name+"/"+m.name, func(t *testing.T) {
				t.Parallel()
				o := m.o
				o.Admin = c.admin
				b := newBox(t, o, c.seed)
				for _, s := range c.states {
					t.Run(s.name, func(t *testing.T) { s.undone(b.with(t), c.name) })
				}
			})
		}
	}
}

// undone goes to a state, back, forth, and back twice: an undo can be undone.
func (s chainState) undone(b *box, chain string) {
	if len(s.refused) > 0 {
		return
	}
	if s.forget {
		b.records.forget()
	}
	before := b.snapshot()
	if len(b.start(s.text).Steps) == 0 {
		return
	}
	b.apply(s.text)
	if why := refusedUndos[chain+"/"+s.name]; why != "" {
		b.refusesUndo(why)
		return
	}
	there, back := b.snapshot(), b.mark()
	first := b.undo()
	b.returned(before, b.snapshot(), first.Left)
	second := b.undo() // an undo can be undone
	b.returned(there, b.snapshot(), append(first.Left, second.Left...))
	back()
}

// refusesUndo checks that the last run is not undone, and nothing is overwritten.
func (b *box) refusesUndo(why string) {
	b.Helper()
	past, err := journal.Past(b.records.all(b), fmt.Sprint(len(b.records.files)-1))
	if err != nil {
		b.Fatalf("%v", err)
	}
	undoing, err := undo.Undo(b.cat, past)
	if err != nil {
		b.Fatalf("%v", err)
	}
	s, _, err := b.look(undoing.Tenant)
	if err == nil && len(undoing.Since(&s.Basis, nil)) == 0 {
		b.Errorf("not refused, though %s", why)
	}
}

// mark returns what brings the box back to where it is.
func (b *box) mark() func() {
	b.Helper()
	file := filepath.Join(os.TempDir(), fmt.Sprintf("undo-%d-%p.json", os.Getpid(), b))
	runs := len(b.records.files)
	if b.sim == nil {
		restore := b.server.(*documented).Save()
		return func() { restore(); b.records.files = b.records.files[:runs] }
	}
	if err := b.sim.Save(file); err != nil {
		b.Fatalf("%v", err)
	}
	return func() {
		b.Helper()
		defer os.Remove(file)
		data, err := os.ReadFile(file)
		if err == nil {
			err = b.sim.Restore(data)
		}
		if err != nil {
			b.Fatalf("%v", err)
		}
		b.records.files = b.records.files[:runs]
	}
}
