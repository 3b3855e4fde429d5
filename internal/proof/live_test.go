package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// item is an object as the simulator shows it.
type item struct {
	kind   *schema.Kind
	parent *item
	id     int64
	row    map[string]any
	name   string // in its snapshot
}

// snapshot is everything that the first tenant has, by kind and id.
type snapshot map[string]*item

// tenantID is the id of the tenant in the seeds here.
const tenantID = 12

// snapshot looks at every kind. Children are asked for over HTTP, since the
// simulator's rows do not name their parents.
func (b *box) snapshot() snapshot {
	b.Helper()
	all := snapshot{}
	for _, k := range b.cat.Kinds {
		if k == b.cat.Limits() {
			continue // the same as the tenant's own fields, seen elsewhere
		}
		if len(k.Parents) == 0 && len(k.Fields) > 0 && (k.Collection != "" || k.Item != "") {
			for _, row := range b.rows(k) {
				all.put(k, nil, row)
			}
		}
	}
	for _, it := range all.sorted() {
		b.below(all, it)
	}
	return all
}

// below looks at what stands under an item, and under that.
func (b *box) below(all snapshot, parent *item) {
	b.Helper()
	for _, k := range parent.kind.Children {
		if !parent.suits(k) {
			continue
		}
		before := maps.Clone(all)
		b.children(all, k, parent)
		for _, name := range sortedKeys(all) {
			if before[name] == nil {
				b.below(all, all[name])
			}
		}
	}
}

func (all snapshot) put(k *schema.Kind, parent *item, row map[string]any) {
	row, _ = plain(row).(map[string]any)
	it := &item{kind: k, parent: parent, row: row}
	it.id, _ = row["id"].(int64)
	name := fmt.Sprintf("%s/%d", k.Word, it.id)
	switch {
	case k.Singleton():
		name = k.Word
	case it.id == 0:
		name = k.Word + "/" + it.key("")
	}
	if parent != nil {
		name = parent.name + " " + name
	}
	it.name = name
	all[name] = it
}

// of returns the items of a kind, sorted.
func (all snapshot) of(k *schema.Kind) []*item {
	var out []*item
	for _, name := range sortedKeys(all) {
		if all[name].kind == k {
			out = append(out, all[name])
		}
	}
	return out
}

func (it *item) suits(child *schema.Kind) bool {
	for field, want := range child.When {
		if !want.Has(it.row[it.kind.Field(field).Answer]) {
			return false
		}
	}
	return true
}

func (b *box) children(all snapshot, k *schema.Kind, parent *item) {
	b.Helper()
	if k.Each != nil { // its items are one value
		rows, _, _, err := b.looking.List(context.Background(), parent.fill(k.Each.Collection), k.Each.Listing())
		if err != nil {
			b.Fatalf("snapshot: %v", err)
		}
		items := []any{}
		for _, row := range rows {
			items = append(items, row)
		}
		all.put(k, parent, map[string]any{k.List().Answer: items})
		return
	}
	if k.Singleton() {
		v, err := b.looking.Get(context.Background(), parent.fill(k.Item))
		if err != nil {
			b.Fatalf("snapshot: %v", err)
		}
		all.put(k, parent, v.(map[string]any))
		return
	}
	rows, _, _, err := b.looking.List(context.Background(), parent.fill(k.Collection), k.Listing())
	if err != nil {
		b.Fatalf("snapshot: %v", err)
	}
	for _, row := range rows {
		all.put(k, parent, row)
	}
}

// braced is a variable of a path.
var braced = regexp.MustCompile(`\{[^}]*\}`)

// fill puts what this item and those above it are called for the variables of a path.
// It knows nothing of the program's grammar: what the path of an item adds to that of
// the item above is the item's own.
func (it *item) fill(path string) string {
	if it == nil {
		return strings.Replace(path, "{client_id}", strconv.Itoa(tenantID), 1)
	}
	path = it.parent.fill(strings.Replace(path, "{parent}", strings.TrimSuffix(it.kind.Item, "/"), 1))
	own := braced.FindAllString(it.parent.fill(strings.Replace(it.kind.Item, "{parent}", "", 1)), -1)
	if it.parent != nil {
		own = slices.DeleteFunc(own, func(v string) bool { return strings.Contains(it.parent.whole(), v) })
	}
	for i, v := range own {
		text := fmt.Sprint(it.id)
		if len(it.kind.ID) > 0 {
			text = url.PathEscape(it.row[it.kind.ID[i].Answer].(string))
		}
		path = strings.Replace(path, v, text, 1)
	}
	return path
}

// whole is the path of the item's kind, with those above it.
func (it *item) whole() string {
	if it.parent == nil {
		return it.kind.Item
	}
	return it.parent.whole() + it.kind.Item
}

// plain gives numbers one form.
func plain(v any) any {
	switch x := v.(type) {
	case json.Number:
		n, _ := x.Int64()
		return n
	case int:
		return int64(x)
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = plain(x[i])
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, y := range x {
			out[k] = plain(y)
		}
		return out
	}
	return v
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// key is what a person would call the item.
func (it *item) key(prefix string) string {
	var b strings.Builder
	for i, part := range it.kind.Key {
		v := it.row[part.Field.Answer]
		if m, ok := v.(map[string]any); ok {
			v = m[part.Field.Pick]
		}
		text, _ := v.(string)
		if part.Field.Prefixed {
			text = strings.TrimPrefix(text, prefix+"*")
		}
		switch {
		case part.Optional && text == "":
		case part.Optional:
			b.WriteString("@" + text)
		case i > 0:
			b.WriteString(" " + text)
		default:
			b.WriteString(text)
		}
	}
	return b.String()
}

func (it *item) dealers() bool {
	return it.kind.Owner.Dealer != "" && it.row[it.kind.Owner.Dealer] != nil
}

// find returns the item of an object that the files declare, or nil.
func (all snapshot) find(o *schema.Object, prefix string) *item {
	var parent *item
	if o.Parent != nil {
		if parent = all.find(o.Parent, prefix); parent == nil {
			return nil
		}
	}
	for _, it := range all.of(o.Kind) {
		switch {
		case it.parent != parent || it.dealers():
		case o.Kind.Singleton():
			return it
		case o.ID != 0 && len(o.Kind.ID) == 0:
			if it.id == o.ID {
				return it
			}
		case it.key(prefix) == o.NaturalKey():
			return it
		}
	}
	return nil
}

// holds checks that every field that is declared is live.
func (b *box) holds(desired *schema.Tenant, all snapshot) {
	b.Helper()
	for _, o := range desired.Objects {
		it := all.find(o, desired.Prefix)
		switch {
		case o.Absent && it != nil:
			b.Errorf("%s is absent in the files and there", o.Address())
		case o.Absent, o.Awaited && it == nil:
		case it == nil:
			b.Errorf("%s is not there", o.Address())
		default:
			for _, name := range sortedKeys(o.Values) {
				f := o.Kind.Field(name)
				if f.Apart {
					b.holdsContent(o, it)
					continue
				}
				if all.waits(desired, f, o.Values[name]) {
					continue
				}
				if got := it.row[f.Answer]; !o.Kind.IsKey(f) && !all.shows(desired, f, o.Values[name], got) {
					b.Errorf("%s.%s: wanted %v, live %v", o.Address(), name, o.Values[name], got)
				}
			}
		}
	}
}

// waits reports whether a value refers to something awaited that is not there.
func (all snapshot) waits(desired *schema.Tenant, f *schema.Field, want any) bool {
	key, ok := want.(string)
	if !ok || f.Ref == nil {
		return false
	}
	o := desired.Find(f.Ref, key)
	return o != nil && o.Awaited && all.find(o, desired.Prefix) == nil
}

// shows reports whether an answer's value is the wanted one. It follows the
// catalogue's words and nothing of the engine's.
func (all snapshot) shows(desired *schema.Tenant, f *schema.Field, want, got any) bool {
	if m, ok := got.(map[string]any); ok && f.Pick != "" {
		got = m[f.Pick]
	}
	if want == nil && f.Members != nil {
		return true // it is the main object of none; see bundles
	}
	if want == nil {
		n, _ := got.(int64)
		return got == nil || got == "" || f.Ref != nil && got == int64(0) || slices.Contains(f.Unset, n)
	}
	if f.Ref != nil {
		return all.refersTo(desired, f, want, got)
	}
	if f.Members != nil {
		return all.bundles(desired, f, want, got)
	}
	for _, w := range f.Words {
		if w.File == fmt.Sprint(want) {
			return reflect.DeepEqual(plain(w.API), got)
		}
	}
	switch want := want.(type) {
	case []any:
		return all.showsList(desired, f, want, got)
	case map[string]any:
		m, ok := got.(map[string]any)
		if !ok {
			return false
		}
		for _, sub := range f.Fields {
			w := want[sub.Name]
			if w == nil && f.Whole {
				w = sub.Default // an item has what the server fills in
			}
			if w == nil && f.Whole && sub.Type == "array" {
				w = []any{}
			}
			if !sub.ReadOnly && !all.shows(desired, sub, w, m[sub.Answer]) {
				return false
			}
		}
		return true
	}
	return want == got
}

func (all snapshot) showsList(desired *schema.Tenant, f *schema.Field, want []any, got any) bool {
	list, ok := got.([]any)
	if got == nil { // a list that is not set is an empty one
		return len(want) == 0
	}
	if !ok || len(list) != len(want) {
		return false
	}
	if f.Set && f.Items.Ref != nil {
		return !slices.ContainsFunc(want, func(w any) bool {
			return !slices.ContainsFunc(list, func(x any) bool { return all.shows(desired, f.Items, w, x) })
		})
	}
	if f.Set {
		want, list = sortedTexts(want), sortedTexts(list)
	}
	for i := range want {
		if !all.shows(desired, f.Items, want[i], list[i]) {
			return false
		}
	}
	return true
}

func sortedTexts(list []any) []any {
	return slices.SortedFunc(slices.Values(list), func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
}

func (all snapshot) refersTo(desired *schema.Tenant, f *schema.Field, want, got any) bool {
	var target *item
	switch want := want.(type) {
	case string:
		o := desired.Find(f.Ref, want)
		if o == nil {
			o = &schema.Object{Kind: f.Ref, Key: want}
		}
		target = all.find(o, desired.Prefix)
	case map[string]any:
		for _, it := range all.of(f.Ref) {
			if it.id == want["id"] || it.dealers() && it.key(desired.Prefix) == want["dealer"] {
				target = it
			}
		}
	}
	if target == nil {
		return f.OrText && got == want
	}
	if f.RefBy != "" {
		short := strings.TrimPrefix(fmt.Sprint(target.row[f.RefBy]), desired.Prefix+"*")
		return got == target.row[f.RefBy] || f.OrText && got == short // a number may stand without the prefix
	}
	return got == target.id
}

// untouched checks that nothing was changed but what the plan says.
func (b *box) untouched(s *observe.State, p *plan.Plan, before, after snapshot) {
	b.Helper()
	allowed := map[string]map[string]bool{} // item -> answer's names of the fields that may change
	going := map[string]bool{}
	creates := map[string]int{}
	listed := map[string]bool{} // keys of children that are said to go with their parent
	for _, ch := range p.Changes {
		for _, address := range ch.Gone {
			key := address[strings.LastIndex(address, "/")+1:]
			listed[strings.NewReplacer("%2F", "/", "%25", "%").Replace(key)] = true
		}
	}
	for _, ch := range s.Diff.Changes {
		o := ch.Object()
		it := before.find(o, s.Live.Prefix)
		if ch.Live != nil {
			it = before.find(ch.Live, s.Live.Prefix)
		}
		if ch.Action == "replace" {
			going[before.name(it)] = true
		}
		switch {
		case ch.Makes():
			creates[o.Kind.Word]++
			for _, k := range o.Kind.Children {
				if k.Implicit() && o.Misfit(k) == "" {
					creates[k.Word]++
				}
			}
		case it == nil: // born in this plan
		case ch.Action == diff.Delete:
			going[before.name(it)] = true
		default:
			fields := map[string]bool{}
			for _, f := range ch.Fields {
				fields[o.Kind.Field(f.Name).Answer] = true
			}
			allowed[before.name(it)] = fields
		}
	}
	bundles := linked(before, after)
	for _, name := range sortedKeys(before) {
		was, is := before[name], after[name]
		gone := going[name]
		for parent := was.parent; parent != nil; parent = parent.parent {
			gone = gone || going[before.name(parent)]
		}
		if gone && was.parent != nil && !going[name] && was.kind.Has(schema.List) && !listed[was.key(s.Live.Prefix)] {
			b.Errorf("%s (%s) goes with its parent and is not listed", name, was.key(s.Live.Prefix))
		}
		if gone || is == nil {
			if !gone || is != nil {
				b.Errorf("%s (%s): to go %v, there %v", name, was.key(s.Live.Prefix), gone, is != nil)
			}
			continue
		}
		for _, field := range sortedKeys(was.row) {
			if !reflect.DeepEqual(was.row[field], is.row[field]) && !allowed[name][field] && !bundles.shares(was, field) && !strings.HasSuffix(field, "_count") {
				b.Errorf("%s (%s).%s was %v and is %v, which no step says", name, was.key(s.Live.Prefix), field, was.row[field], is.row[field])
			}
		}
	}
	made := map[string]int{}
	for name, it := range after {
		if before[name] == nil {
			made[it.kind.Word]++
		}
	}
	if !reflect.DeepEqual(made, creates) {
		b.Errorf("made %v, planned %v\n%s", made, creates, steps(p))
	}
}

func (all snapshot) name(it *item) string {
	for name, other := range all {
		if other == it {
			return name
		}
	}
	return ""
}
