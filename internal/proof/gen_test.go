package proof

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"pbxsync/schema"
)

// gen makes a desired state that the tenant as it is now can be brought to:
// whatever refers to something that goes lets go of it, a login is released by
// the same files that claim it, and what only create may set stays. All else is
// left to chance.
type gen struct {
	limits  bool // states may change the limits
	t       *rapid.T
	b       *box
	now     snapshot
	objects []*planned
	prune   map[*schema.Kind]bool
	managed map[*schema.Kind]bool
	main    *planned   // of the one bundle that the state makes, or nil
	members []*planned // the others
}

// planned is one object of the state that is made.
type planned struct {
	kind   *schema.Kind
	parent *planned
	name   string // its natural key
	handle string // "" where the key is its name
	id     int64  // said in the files, because another one has the name too
	live   *item
	absent bool
	stated bool // it stands in the files
	fields map[string]any
	once   map[string]any
	kids   map[*schema.Kind][]*planned
	listed map[*schema.Kind]bool

	before  []string // names that it had before
	instead []string // names of what it replaces
	anew    bool     // it is deleted and made again
	inPlace bool     // under its own name
}

// double gives the tenant a second object of a name behind the API's back, as
// people do by hand.
func (b *box) double(t *rapid.T) {
	var can []*item
	for _, it := range b.snapshot().sorted() {
		k := it.kind
		if k.Form == schema.FormMap && len(k.Parents) == 0 && k.Managed() && k.Has(schema.Create) && k.Value == "" && k.Key[0].Field.Unique == "" && !it.dealers() {
			can = append(can, it)
		}
	}
	if len(can) == 0 {
		return
	}
	it := rapid.SampledFrom(can).Draw(t, "double")
	doc := map[string]any{}
	for _, f := range it.kind.Fields {
		if f.InCreate() && !f.WriteOnly && !f.Once && (f.Unique == "" || it.kind.IsKey(f)) {
			doc[f.API] = it.row[f.Answer]
		}
	}
	b.sim.Insert(it.kind.Word, doc)
}

func (all snapshot) sorted() []*item {
	var out []*item
	for _, name := range sortedKeys(all) {
		out = append(out, all[name])
	}
	return out
}

// pool are the names of which objects are made, few so that states overlap.
func pool(k *schema.Kind) []string {
	switch k.Key[0].Field.Format {
	case "extension-name":
		return []string{"101", "102", "103", "014"}
	}
	switch {
	case k.Key[0].Field.Unique != "":
		return []string{"alice", "bob", "carl"}
	case k.Has(schema.Create):
		return []string{"a", "b/2", "Ä c"}
	}
	return nil
}

func (g *gen) chance(percent int, what string) bool {
	return rapid.IntRange(0, 99).Draw(g.t, what) >= 100-percent // shrinks to no
}

func (g *gen) draw(g2 []any, what string) any { return rapid.SampledFrom(g2).Draw(g.t, what) }

// state makes the text of one desired state.
func (g *gen) state() string {
	g.prune, g.managed = map[*schema.Kind]bool{}, map[*schema.Kind]bool{}
	for _, k := range g.b.cat.Top() {
		if k.Managed() {
			g.presence(k)
		}
	}
	g.logins()
	g.cascade()
	g.anew()
	g.cascadeAnew()
	g.required()
	g.letGo()
	g.bundles()
	for _, o := range g.objects {
		if o.stated && !o.absent {
			g.fill(o)
		}
	}
	g.agree()
	return g.text()
}

// presence decides which objects of a kind stand in the files.
func (g *gen) presence(k *schema.Kind) {
	g.managed[k] = g.chance(75, k.Word)
	if k.Has(schema.Delete) && g.managed[k] {
		g.prune[k] = g.chance(15, "prune")
	}
	if k.Singleton() {
		g.objects = append(g.objects, &planned{kind: k, live: g.now[k.Word], stated: g.managed[k]})
		return
	}
	names := slices.Clone(pool(k))
	if k.Form == schema.FormList {
		names = g.events(k, 3)
	}
	for _, it := range g.now.of(k) {
		if name := it.key("12037"); !it.dealers() && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		same := g.called(k, name)
		if len(same) < 2 {
			g.object(k, nil, name)
			continue
		}
		for _, it := range same {
			o := g.object(k, nil, name)
			o.live, o.id, o.handle = it, it.id, fmt.Sprint(name, " ", it.id)
			g.rechild(o)
		}
	}
}

// called returns the tenant's own objects of a name.
func (g *gen) called(k *schema.Kind, name string) []*item {
	return slices.DeleteFunc(g.now.of(k), func(it *item) bool { return it.dealers() || it.key("12037") != name })
}

// rechild looks for the live children again, now that the parent is certain.
func (g *gen) rechild(o *planned) {
	for k, kids := range o.kids {
		for _, c := range kids {
			c.live = nil
			for _, it := range g.now.of(k) {
				if it.parent == o.live && (k.Singleton() || it.key("12037") == c.name) {
					c.live = it
				}
			}
			if c.live == nil && c.absent {
				c.absent = g.chance(50, "absent")
			}
		}
	}
}

func (g *gen) object(k *schema.Kind, parent *planned, name string) *planned {
	o := &planned{kind: k, parent: parent, name: name, kids: map[*schema.Kind][]*planned{}, listed: map[*schema.Kind]bool{}}
	for _, it := range g.now.of(k) {
		if it.key("12037") == name && !it.dealers() && (parent == nil || it.parent == parent.live) {
			o.live = it
		}
	}
	if parent != nil && parent.live == nil {
		o.live = nil
	}
	can := o.live != nil || k.Has(schema.Create)
	o.stated = can && g.managed[k] && g.chance(60, "stated") || parent != nil && can
	if k.Has(schema.Delete) && o.stated {
		o.absent = g.chance(20, "absent")
	}
	if k.Form == schema.FormMap && k.Value == "" && g.chance(20, "handle") {
		o.handle = "h " + name
	}
	g.objects = append(g.objects, o)
	g.children(o)
	return o
}

// children decides on the children of a declared object.
func (g *gen) children(o *planned) {
	for _, k := range o.kind.Children {
		if !k.Managed() {
			continue
		}
		switch {
		case o.live != nil && !o.live.suits(k):
		case k.Singleton():
			c := &planned{kind: k, parent: o}
			for _, it := range g.now.of(k) {
				if it.parent == o.live && o.live != nil {
					c.live = it
				}
			}
			c.stated = g.chance(60, "child")
			g.objects = append(g.objects, c)
			o.kids[k] = append(o.kids[k], c)
		case g.chance(60, "children"):
			o.listed[k] = true
			for _, event := range g.events(k, 2) {
				o.kids[k] = append(o.kids[k], g.object(k, o, event))
			}
		}
	}
}

// events makes keys of a kind without names.
func (g *gen) events(k *schema.Kind, n int) []string {
	var keys []string
	for range rapid.IntRange(0, n).Draw(g.t, "events") {
		var parts []string
		for _, f := range k.KeyFields() {
			parts = append(parts, fmt.Sprint(g.value(f)))
		}
		if key := strings.Join(parts, " "); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// goes reports whether the state deletes the object, by itself or with its parent.
func (g *gen) goes(o *planned) bool {
	for ; o != nil; o = o.parent {
		if o.live != nil && (o.absent && o.stated || !o.stated && g.managed[o.kind] && g.prune[o.kind] && o.parent == nil) {
			return true
		}
	}
	return false
}

// there reports whether the object exists once the state is applied.
func (g *gen) there(o *planned) bool {
	for ; o != nil; o = o.parent {
		if o.live == nil && (!o.stated || o.absent) || g.goes(o) {
			return false
		}
	}
	return true
}

// leave makes the files delete an object.
func (g *gen) leave(o *planned) {
	o.stated, o.absent = true, true
	g.managed[o.kind] = true
}

// logins makes sure that a unique key is held by one object, and released by
// whoever holds it now.
func (g *gen) logins() {
	claims := map[string]*planned{}
	for _, o := range g.objects {
		if o.kind.Form != schema.FormMap || o.kind.Key[0].Field.Unique == "" || !o.stated || o.absent {
			continue
		}
		space := o.kind.Key[0].Field.Unique + " " + o.name
		if claims[space] != nil {
			o.stated = false
			continue
		}
		claims[space] = o
	}
	for _, o := range g.objects {
		if o.kind.Form != schema.FormMap || o.kind.Key[0].Field.Unique == "" || o.live == nil {
			continue
		}
		if by := claims[o.kind.Key[0].Field.Unique+" "+o.name]; by != nil && by != o {
			g.leave(o)
		}
	}
}

// cascade deletes what cannot live without something that goes.
func (g *gen) cascade() {
	for changed := true; changed; {
		changed = false
		for _, o := range g.objects {
			if o.live == nil || g.goes(o) {
				continue
			}
			for _, f := range o.kind.Fields {
				held := f.Ref != nil && f.RefBy == "" && (f.CreateOnly || !f.Nullable && len(g.targets(f)) == 0)
				if target := g.behind(f, o.live); held && target != nil && g.goes(target) {
					g.leave(o)
					changed = true
				}
			}
		}
	}
}

// behind returns the object that a live reference leads to, or nil.
func (g *gen) behind(f *schema.Field, it *item) *planned {
	if f.Ref == nil || f.RefBy != "" {
		return nil
	}
	for _, o := range g.objects {
		if o.kind == f.Ref && o.live != nil && it.row[f.Answer] == o.live.id {
			return o
		}
	}
	return nil
}

// targets are the ways in which the files can refer to what will be there.
func (g *gen) targets(f *schema.Field) []any {
	var out []any
	for _, o := range g.objects {
		if o.kind != f.Ref || !g.there(o) {
			continue
		}
		switch {
		case o.stated && o.handle != "":
			out = append(out, o.handle)
		case o.stated:
			out = append(out, o.name)
		case o.id == 0 && !f.OrText:
			out = append(out, map[string]any{"live": o.name})
		}
		if o.live != nil && !o.anew && !f.OrText {
			out = append(out, map[string]any{"id": o.live.id})
		}
	}
	for _, it := range g.now.of(f.Ref) {
		switch {
		case f.OrText: // it is a key or text
		case it.dealers():
			out = append(out, map[string]any{"dealer": it.key("12037")})
		case !f.Ref.Managed():
			out = append(out, map[string]any{"live": it.key("12037")})
		}
	}
	return out
}

// required leaves out what could not be made for want of something to refer to.
func (g *gen) required() {
	for _, o := range g.objects {
		for _, f := range o.kind.Fields {
			if o.live == nil && f.Required && f.Ref != nil && len(g.targets(f)) == 0 {
				o.stated = false
			}
		}
	}
	for _, o := range g.objects {
		if o.parent != nil && o.kind.Form == schema.FormList && !g.there(o.parent) {
			o.stated = false
		}
	}
}

// letGo states every field whose live reference leads to what goes.
func (g *gen) letGo() {
	for _, o := range g.objects {
		if o.fresh() || g.goes(o) {
			continue
		}
		for _, f := range o.kind.Fields {
			target := g.behind(f, o.live)
			held := o.kind.Each != nil && g.holdsGone(f, o.live.row[f.Answer])
			if !held && (target == nil || !g.goes(target) && !target.anew) {
				continue
			}
			for p := o; p != nil; p = p.parent {
				p.stated = true
				g.managed[p.kind] = true
			}
			if held {
				o.set(f, g.value(f))
			} else {
				o.set(f, g.reference(f))
			}
		}
	}
}

// holdsGone reports whether something in a live list refers to what goes, by its id or its name.
func (g *gen) holdsGone(f *schema.Field, v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case []any:
		return slices.ContainsFunc(v, func(x any) bool { return g.holdsGone(f.Items, x) })
	case map[string]any:
		return slices.ContainsFunc(f.Fields, func(sub *schema.Field) bool { return g.holdsGone(sub, v[sub.Answer]) })
	}
	return f.Ref != nil && slices.ContainsFunc(g.objects, func(o *planned) bool {
		if o.kind != f.Ref || o.live == nil || !g.goes(o) && !o.anew {
			return false
		}
		return v == o.live.id || f.RefBy != "" && strings.TrimPrefix(fmt.Sprint(v), "12037*") == o.live.key("12037")
	})
}

func (o *planned) set(f *schema.Field, v any) {
	if o.fields == nil {
		o.fields = map[string]any{}
	}
	if _, ok := o.fields[f.Name]; !ok {
		o.fields[f.Name] = v
	}
}

func (g *gen) reference(f *schema.Field) any {
	targets := g.targets(f)
	if f.Nullable && (len(targets) == 0 || g.chance(25, "null")) {
		return nil
	}
	return g.draw(targets, f.Name)
}

// fill states fields of an object: those that it needs, and some others.
func (g *gen) fill(o *planned) {
	fresh := o.fresh()
	for _, f := range o.kind.Fields {
		switch {
		case !f.InCreate() || o.kind.IsKey(f) || f.Members != nil || f.NeedsAdmin() && !g.administers(f):
		case f.Secret():
			if fresh || g.chance(30, "secret") {
				o.set(f, map[string]any{"env": "SECRET_" + fmt.Sprint(len(o.name)), "version": rapid.IntRange(1, 3).Draw(g.t, "version")})
			}
		case f.Once:
			if g.chance(20, f.Name) {
				if o.once == nil {
					o.once = map[string]any{}
				}
				o.once[f.Name] = g.value(f)
			}
		case !fresh && !f.InUpdate():
			if f.Ref == nil && g.chance(30, f.Name) {
				o.set(f, o.live.row[f.Answer])
			}
		case fresh && (f.Required || f.Decide) || o.kind.Value == f.Name:
			o.set(f, g.stated(o, f, o.kind.Value == f.Name && f.Nullable))
		case g.chance(25, f.Name):
			if f.Ref != nil && !f.Nullable && len(g.targets(f)) == 0 {
				continue
			}
			o.set(f, g.stated(o, f, f.Nullable))
		}
	}
	g.beside(o.kind.Fields, o.fields)
	for _, k := range o.kind.Children {
		kids := o.kids[k]
		if fresh && !g.suits(o, k) {
			delete(o.listed, k)
			for _, c := range kids {
				c.stated = false
			}
		} else if k.Singleton() && fresh {
			for _, c := range kids {
				c.stated = true // what has to be decided on create stands there
			}
		}
	}
}

// administers reports whether a state may have what only an administrator sets.
// Limits would refuse most states; see TestAnyChainWithLimits.
func (g *gen) administers(f *schema.Field) bool {
	limits := g.b.cat.Limits()
	return g.b.admin && (g.limits || limits == nil || limits.Field(f.Name) == nil)
}

func (g *gen) suits(o *planned, child *schema.Kind) bool {
	for field, want := range child.When {
		if !want.Has(o.fields[field]) {
			return false
		}
	}
	return true
}

func (g *gen) stated(o *planned, f *schema.Field, nullable bool) any {
	switch {
	case f.Ref != nil:
		if nullable && g.chance(20, "null") {
			return nil
		}
		targets := g.targets(f)
		if len(targets) == 0 {
			return nil
		}
		return g.draw(targets, f.Name)
	case f.Unique != "" && !o.kind.IsKey(f):
		return fmt.Sprint(len(o.name), "0", o.name[0])
	case nullable && g.chance(20, "null"):
		return nil
	}
	return g.value(f)
}

// samples are texts of each format.
var samples = map[string][]any{
	"timezone":       {"Europe/Berlin", "UTC"},
	"countries":      {"DE AT", "AT DE CH", "*"},
	"email":          {"a@acme.example", "b@acme.example"},
	"emails":         {"a@acme.example", "b@acme.example, a@acme.example"},
	"uri":            {"https://crm.acme.example/a?b={c}", "http://x.example", "https://x.example/%7B%2F%25"},
	"pcre":           {"^(110|112)$", "[0-9]+"},
	"network":        {"192.0.2.0/24", "192.0.2.9/255.255.255.0", "2001:db8::1", "198.51.100.1/32"},
	"time":           {"08:00", "12:30:15"},
	"date":           {"2026-01-05", "2026-12-24"},
	"datetime":       {"2026-12-24 14:00:00", "2026-12-31 23:59:59"},
	"digits":         {"0", "0123", "99"},
	"phone-number":   {"+4930", "0190", "*#06#", "12037*101"},
	"extension-name": {"101"},
	"address-port":   {"192.0.2.66:5060", "pbx.example:1"},
	"":               {"x", "0101", "null", "Ä 😀", `{"a": 1}`, "yes", "1e5", " y ", "12037*101", "ask 12037*102, *21*101#", "99999*101"},
}

// value makes a value of the field's type that files may have.
func (g *gen) value(f *schema.Field) any {
	switch {
	case f.Ref != nil && len(g.targets(f)) == 0 && f.OrText:
		return g.draw(samples[f.Format], f.Name)
	case f.Ref != nil && len(g.targets(f)) == 0:
		return nil
	case f.Ref != nil:
		return g.draw(g.targets(f), f.Name)
	case f.Apart:
		return rapid.SampledFrom(sortedKeys(sounds)).Draw(g.t, f.Name)
	case f.Type == "boolean":
		return rapid.Bool().Draw(g.t, f.Name)
	case len(f.Words) > 0:
		return rapid.SampledFrom(f.Words).Draw(g.t, f.Name).File
	case len(f.Enum) > 0:
		return rapid.SampledFrom(f.Enum).Draw(g.t, f.Name)
	}
	switch f.Type {
	case "integer":
		low, high := int64(0), int64(3)
		if f.Minimum != nil {
			low = *f.Minimum
		}
		if high = low + 3; f.Maximum != nil {
			high = min(high, *f.Maximum)
		}
		return rapid.Int64Range(low, high).Draw(g.t, f.Name)
	case "array":
		list := []any{}
		if f.Items.Ref != nil && !f.Items.OrText && len(g.targets(f.Items)) == 0 {
			return list
		}
		least := 0
		if f.With.Needed {
			least = 1
		}
		for range rapid.IntRange(least, 3).Draw(g.t, f.Name) {
			list = append(list, g.value(f.Items))
		}
		return list
	case "object":
		return g.nested(f)
	}
	return g.draw(samples[f.Format], f.Name)
}

// nested makes a nested object that keeps the rules of pairs and overrides.
func (g *gen) nested(f *schema.Field) any {
	out := map[string]any{}
	alone := len(f.Overrides) > 0 && g.chance(25, "alone")
	paired := map[string]bool{}
	for _, p := range f.Pairs {
		paired[p.From], paired[p.To] = true, true
		if overrides := slices.Contains(f.Overrides, p.From); overrides == alone && (alone || g.chance(40, p.From)) {
			v := g.value(f.Sub(p.From))
			out[p.From], out[p.To] = v, v
		}
	}
	for _, sub := range f.Fields {
		if paired[sub.Name] || sub.ReadOnly || alone || !sub.Required && !g.chance(40, sub.Name) {
			continue
		}
		if v := g.value(sub); v != nil {
			out[sub.Name] = v
		}
	}
	g.beside(f.Fields, out)
	return out
}

// text writes the state as a file. JSON is YAML too.
func (g *gen) text() string {
	doc := map[string]any{"version": 1, "tenant": map[string]any{"name": "acme", "prefix": "12037"}}
	lists := map[*schema.Kind][]any{}
	maps := map[*schema.Kind]map[string]any{}
	for _, o := range g.objects {
		switch {
		case o.parent != nil || !o.stated:
		case o.kind.Singleton():
			put(doc, o.kind, o.body())
		case o.kind.Form == schema.FormList:
			lists[o.kind] = append(lists[o.kind], o.body())
		default:
			if maps[o.kind] == nil {
				maps[o.kind] = map[string]any{}
			}
			key := o.name
			if o.handle != "" {
				key = o.handle
			}
			maps[o.kind][key] = o.body()
		}
	}
	prune := []string{}
	for _, k := range g.b.cat.Top() {
		if !g.managed[k] || k.Singleton() {
			continue
		}
		switch {
		case k.Form == schema.FormList:
			put(doc, k, append([]any{}, lists[k]...))
		case maps[k] == nil:
			put(doc, k, map[string]any{})
		default:
			put(doc, k, maps[k])
		}
		if g.prune[k] {
			prune = append(prune, k.Word)
		}
	}
	doc["prune"] = prune
	data, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		g.t.Fatalf("%v", err)
	}
	return string(data) + "\n"
}

// body is what stands at the object.
func (o *planned) body() any {
	if o.kind.Value != "" {
		return o.fields[o.kind.Value]
	}
	out := map[string]any{}
	if o.kind.Form == schema.FormList {
		parts := strings.SplitN(o.name, " ", len(o.kind.Key))
		for i, f := range o.kind.KeyFields() {
			out[f.Name] = parts[i]
		}
	}
	if o.handle != "" {
		out[o.kind.Key[0].Field.Name] = o.name
	}
	if o.id != 0 {
		out["id"] = o.id
	}
	if o.absent {
		out["absent"] = true
		return out
	}
	if len(o.before) > 0 {
		out["previously"] = o.before
	}
	if len(o.instead) > 0 {
		out["replaces"] = o.instead
	}
	for name, v := range o.fields {
		out[name] = v
	}
	if len(o.once) > 0 {
		out["on_create"] = o.once
	}
	for _, k := range o.kind.Children {
		o.child(out, k)
	}
	return out
}

func (o *planned) child(out map[string]any, k *schema.Kind) {
	name := k.Section[0]
	list := []any{}
	for _, c := range o.kids[k] {
		if !c.stated {
			continue
		}
		if k.Singleton() {
			out[name] = c.body()
			return
		}
		list = append(list, c.body())
	}
	if o.listed[k] {
		out[name] = list
	}
}
