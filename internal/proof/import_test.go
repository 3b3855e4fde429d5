package proof

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	gosync "sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/file/export"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// cellar takes the content of files.
type cellar struct {
	mu gosync.Mutex
	memory
}

func (c *cellar) keep(name string, data []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.memory[name] != nil {
		return fmt.Errorf("%s is there twice", name)
	}
	c.memory[name] = bytes.Clone(data)
	return nil
}

// readAll reads the whole tenant, or a part. From then on the files of objects are
// those that were downloaded.
func (b *box) readAll(only []string) (*observe.Import, error) {
	c := &cellar{memory: memory{}}
	b.options.Keep, b.options.Folder = c.keep, c
	return readAll(context.Background(), b.api, b.options, only)
}

// imported reads the whole tenant, checks the calls, writes it as files, and proves these.
func (b *box) imported(sparse bool) (*observe.Import, *export.Exported) {
	b.Helper()
	b.server.ResetCounts()
	w, err := b.readAll(nil)
	if err != nil {
		b.Fatalf("read: %v", err)
	}
	c := w.Calls
	if got := b.server.Counts(); got.Reads != c.Lists+c.Items+c.Tenant+c.Extra+c.Second || got.Writes != 0 {
		b.Errorf("import says %+v, the simulator counted %+v", c, got)
	}
	e, err := export.Tenant(b.cat, &w.Live.Tenant, export.Options{Sparse: sparse, NoContent: w.NoContent})
	if err != nil {
		b.Fatalf("export: %v", err)
	}
	if _, err := w.Prove(context.Background(), e.Files, b.options.Reading(), !sparse && len(e.Left) == 0); err != nil {
		b.Fatalf("%v\n%s", err, joined(e.Files))
	}
	return w, e
}

func joined(files []file.File) string {
	var b strings.Builder
	for _, f := range files {
		b.WriteString("-- " + f.Name + " --\n" + string(f.Data))
	}
	return b.String()
}

// parseAll reads files, which must be without any error.
func (b *box) parseAll(files []file.File) *schema.Tenant {
	b.Helper()
	desired, problems := file.Parse(b.cat, files)
	problems = append(problems, desired.Contents(b.options.Folder)...)
	if problems.Err() != nil {
		b.Fatalf("parse: %v\n%s", problems, joined(files))
	}
	return desired
}

// unchanged plans files against the server: nothing may differ, and if all was
// written, everything that can be compared has to be.
func (b *box) unchanged(e *export.Exported, full bool) (*observe.State, *plan.Plan) {
	b.Helper()
	desired := b.parseAll(e.Files)
	s, p, err := b.look(desired)
	if err != nil {
		b.Fatalf("plan of the import: %v\n%s", err, joined(e.Files))
	}
	if len(p.Steps) > 0 || len(s.Diff.Changes) > 0 {
		b.Fatalf("the plan of the import is not empty:\n%s\n%s", steps(p), joined(e.Files))
	}
	if c := s.Diff.Coverage; full && (c.Compared != c.Fields || len(s.Diff.Strays) > 0) {
		b.Fatalf("compared %d of %d fields, %d strays\n%s", c.Compared, c.Fields, len(s.Diff.Strays), joined(e.Files))
	}
	return s, p
}

// grown is a simulator whose tenant was brought to a state made by chance, with its own
// credentials or an administrator's.
func grown(t *rapid.T, seed string, admin bool) *box {
	b := newBox(t, simulator.Options{Admin: admin}, seed)
	b.grow(t)
	if admin {
		b.options.Tenant = observe.Selector(fmt.Sprint(tenantID))
	}
	return b
}

// grow brings the tenant to a state made by chance.
func (b *box) grow(t *rapid.T) {
	g := &gen{t: t, b: b, now: b.snapshot()}
	states := []string{g.state()}
	if rapid.Bool().Draw(t, "bundled") {
		states = append(states, bundled)
	}
	for _, text := range states {
		_, p, err := b.look(b.parse(text))
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		b.carryOut(p)
	}
}

// bundled are phones that act as one, which chance seldom makes.
const bundled = head + `extensions:
  "105": {type: phone, status: active, phone: {record_enabled: false, hold_music: {dealer: Jazz}, incoming_limit: 2, bundle: {"106": {active: true}, "017": {active: false}}}}
  "106": {type: phone, status: active, phone: {record_enabled: false}}
  "017": {type: phone, status: active, phone: {record_enabled: false}}
`

// tally counts what a property saw, for the log.
type tally struct{ tenants, objects, fields, left, files, bundles, unlisted, admins int }

func (n *tally) add(s *observe.State, e *export.Exported) {
	n.tenants, n.left, n.files = n.tenants+1, n.left+len(e.Left), n.files+s.Calls.Downloads
	for _, o := range s.Live.Objects {
		if o.Kind.Bundle != nil && o.Values[o.Kind.Bundle.Field.Name] != nil {
			n.bundles++
		}
		if o.Seen {
			n.admins++
		}
	}
	for _, count := range e.Pinned {
		n.unlisted += count
	}
	n.objects, n.fields = n.objects+len(s.Desired.Objects), n.fields+s.Diff.Coverage.Compared
}

func (n *tally) log(t *testing.T) {
	t.Logf("%d tenants, %d objects, %d fields compared, %d left out, no difference", n.tenants, n.objects, n.fields, n.left)
	t.Logf("among these %d files, %d bundles, %d objects that no list shows, %d tenants with administrator's fields", n.files, n.bundles, n.unlisted, n.admins)
	if n.files == 0 || n.bundles == 0 || n.unlisted == 0 || n.admins == 0 {
		t.Error("something was never met")
	}
}

// TestImportThenPlanIsEmpty imports tenants in any state.
func TestImportThenPlanIsEmpty(t *testing.T) {
	seed, n := seedFile(t), &tally{}
	rapid.Check(t, func(t *rapid.T) {
		b := grown(t, seed, rapid.Bool().Draw(t, "admin"))
		_, e := b.imported(true)
		b.unchanged(e, false)
		short := len(joined(e.Files))
		_, e = b.imported(false)
		if whole := len(joined(e.Files)); short > whole {
			t.Fatalf("sparse files are longer: %d bytes instead of %d", short, whole)
		}
		if len(e.Left) > 0 {
			t.Fatalf("left out: %v", e.Left)
		}
		s, _ := b.unchanged(e, true)
		n.add(s, e)
	})
	n.log(t)
}

// awkward are texts that people did type, or that somebody would like to.
var awkward = []string{"a/b", "*", "#", "a: b", "a #b", "50 %", "%2F", "${HOME}", `"quoted"`, "it's", `back\slash`, `\U0001F600`, " lead", "trail ", "two  spaces",
	"😀 team", "\u202eright to left\u202c", "a\u200fb", "Cafe\u0301", "\ufeffmark", "\ue000", "0101", "007", "-1", "1e5", "0x1F", "1_000", "2026-01-01", "12:30", "yes", "No", "NULL", "null", "~", "true",
	"[a]", "{a: b}", "{}", "- a", "? a", "! a", "& a", "@a", "`a`", "|", ">", "%YAML 1.2", "---", "...", "<<", "=", "Sales", "sales", "SALES",
	strings.Repeat("x", 255), strings.Repeat("Ä ", 127) + "z", "tab\there", "line\nbreak", "carriage\rreturn", "12037*101", "12037*101 and (12037*0102)", "99999*101", "12037*", "12037*12037*101", "absent", "name", "id", "\u00a0", "a\u00a0b", "\U000e0041tag"}

// controls are texts that no file may hold.
var controls = []string{"bell\a", "esc\x1b[31m", "del\x7f", "c1\u0085", "line\u2028separator"}

// anyText makes a text for a field or a key without a format.
func anyText(t *rapid.T) string {
	switch rapid.IntRange(0, 9).Draw(t, "text") {
	case 0:
		return rapid.StringN(1, 12, 60).Draw(t, "any")
	case 1:
		return rapid.SampledFrom(controls).Draw(t, "control")
	}
	return rapid.SampledFrom(awkward).Draw(t, "awkward")
}

// row makes an object of a kind with awkward values, nil where it would have to
// refer to something that is not there.
func (g *gen) row(k *schema.Kind) map[string]any {
	out := map[string]any{}
	for _, f := range k.Fields {
		switch {
		case f.Answer != f.API || f.Once || f.WriteOnly || f.ReadOnly && !k.IsKey(f):
		case f.Ref != nil && f.RefBy == "":
			var ids []any
			for _, it := range g.now.of(f.Ref) {
				ids = append(ids, it.id)
			}
			if len(ids) == 0 && f.Required {
				return nil
			}
			if len(ids) > 0 && (f.Required || g.chance(50, f.Name)) {
				out[f.API] = g.draw(ids, f.Name)
			}
		case f.Nullable && g.chance(30, "null"):
			out[f.API] = nil
		case f.Type == "string" && f.Format == "" && len(f.Enum) == 0 && len(f.Words) == 0:
			out[f.API] = anyText(g.t)
		case f.Format == "extension-name":
			out[f.API] = "12037*" + rapid.SampledFrom([]string{"201", "022", "203"}).Draw(g.t, "name")
		default:
			out[f.API] = f.Wire(g.value(f))
		}
	}
	return out
}

// disturb adds awkward objects behind the API's back.
func (g *gen) disturb() {
	for _, k := range g.b.cat.Top() {
		if !k.Managed() || k.Singleton() {
			continue
		}
		g.now = g.b.snapshot()
		for range rapid.IntRange(0, 3).Draw(g.t, k.Word) {
			row := g.row(k)
			if row == nil || taken(g.b.sim.Rows(k.Word), k, row) {
				continue
			}
			g.insert(k, row)
			if k.Key[0].Field.Unique == "" && k.Value == "" && g.chance(30, "twice") {
				g.insert(k, row)
			}
		}
	}
}

// taken reports that an unique key is there already, which no server allows.
func taken(rows []map[string]any, k *schema.Kind, row map[string]any) bool {
	f := k.Key[0].Field
	return (f.Unique != "" || k.Value != "") && slices.ContainsFunc(rows, func(r map[string]any) bool { return r[f.Answer] == row[f.API] })
}

func (g *gen) insert(k *schema.Kind, row map[string]any) {
	defer func() {
		if r := recover(); r != nil {
			g.t.Logf("not planted: %v", r) // what no server would have
		}
	}()
	copied := map[string]any{}
	for name, v := range row {
		copied[name] = v
	}
	g.b.sim.Insert(k.Word, copied)
}

// TestImportOfAwkwardTenants imports what nobody would have declared. What no file
// can say is named, and everything else is equal.
func TestImportOfAwkwardTenants(t *testing.T) {
	seed, n := seedFile(t), &tally{}
	rapid.Check(t, func(t *rapid.T) {
		b := grown(t, seed, rapid.Bool().Draw(t, "admin"))
		(&gen{t: t, b: b}).disturb()
		b.addFields()
		w, e := b.imported(rapid.Bool().Draw(t, "sparse"))
		s, p := b.unchanged(e, false)
		n.add(s, e)
		if text := joined(e.Files); strings.ContainsAny(text, "\a\x1b\x7f\u0085\u2028\u202e\u200f\ufeff") {
			t.Fatalf("a control character got into a file:\n%q", text)
		}
		for _, l := range e.Left {
			if !strings.Contains(l.Message, "control character") && !strings.Contains(l.Message, "is also that of") {
				t.Errorf("left out without need: %s", l)
			}
		}
		b.offline(w, e, s, p)
	})
	n.log(t)
}

// addFields makes every object in an answer have fields that no catalogue knows.
func (b *box) addFields() {
	b.server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		rec := httptest.NewRecorder()
		b.server.Answer(rec, r)
		var v any
		d := json.NewDecoder(rec.Body)
		d.UseNumber()
		if rec.Code != http.StatusOK || d.Decode(&v) != nil {
			return false
		}
		rows, _ := v.([]any)
		for _, row := range append(rows, v) {
			if m, ok := row.(map[string]any); ok {
				m["sip_secret"] = map[string]any{"password": hidden}
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
		return true
	})
}

const hidden = "hunter2-hunter2"

// offline plans from the snapshot what was planned online: the same bytes, and
// nothing secret.
func (b *box) offline(w *observe.Import, e *export.Exported, s *observe.State, p *plan.Plan) {
	b.Helper()
	data, err := json.Marshal(w.Snapshot)
	if err != nil {
		b.Fatalf("%v", err)
	}
	if bytes.Contains(data, []byte(hidden)) || strings.Contains(joined(e.Files), hidden) {
		b.Errorf("a field that is not known was written down")
	}
	if len(w.Snapshot.Foreign) == 0 {
		b.Errorf("unknown fields are not named")
	}
	shot, err := observe.DecodeSnapshot(data)
	if err != nil {
		b.Fatalf("%v", err)
	}
	desired := b.parseAll(e.Files)
	o := b.options
	o.Tenant = shot.Selector()
	got, err := observed(context.Background(), shot, desired, o)
	if err != nil {
		b.Fatalf("offline: %v", err)
	}
	q, err := plan.Order(&got.Basis)
	if err != nil || !bytes.Equal(b.bytes(p), b.bytes(q)) {
		b.Errorf("offline another plan (%v):\n%s", err, lineDiff(string(b.bytes(p)), string(b.bytes(q))))
	}
	if got.Diff.Coverage != s.Diff.Coverage {
		b.Errorf("coverage %+v offline, %+v online", got.Diff.Coverage, s.Diff.Coverage)
	}
}

// TestAnyPlanFromASnapshot makes plans that change much, online and offline.
func TestAnyPlanFromASnapshot(t *testing.T) {
	seed := seedFile(t)
	rapid.Check(t, func(t *rapid.T) {
		var b *box
		if rapid.Bool().Draw(t, "contrary") {
			b = otherByChance(t, seed)
			b.grow(t)
		} else {
			b = grown(t, seed, rapid.Bool().Draw(t, "admin"))
		}
		w, _ := b.imported(false)
		b.options.Folder = sounds
		text := (&gen{t: t, b: b, now: b.snapshot()}).state()
		_, p, err := b.look(b.parse(text))
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		data, _ := json.Marshal(w.Snapshot)
		shot, err := observe.DecodeSnapshot(data)
		if err != nil {
			t.Fatal(err)
		}
		o := b.options
		o.Tenant = shot.Selector()
		s, err := observed(context.Background(), shot, b.parse(text), o)
		if err != nil {
			t.Fatalf("offline: %v", err)
		}
		q, err := plan.Order(&s.Basis)
		if err != nil || !bytes.Equal(b.bytes(p), b.bytes(q)) {
			t.Fatalf("offline another plan (%v):\n%s", err, lineDiff(string(b.bytes(p)), string(b.bytes(q))))
		}
	})
}

// TestImportIntoAnotherTenant applies an import to a second, empty tenant that has
// the same numbers, aliases and dealer: the two are equal by names.
func TestImportIntoAnotherTenant(t *testing.T) {
	seed := seedFile(t)
	second := seed
	for from, to := range map[string]string{`name: acme, prefix: "12037"`: `name: twin, prefix: "12055"`, "{id: 12,": "{id: 77,",
		"      - {id: 303, title: Welcome}\n      - {id: 304, title: Goodbye}\n": ""} {
		if strings.Count(second, from) != 1 {
			t.Fatalf("the seed has changed, it has no %q", from)
		}
		second = strings.Replace(second, from, to, 1)
	}
	rapid.Check(t, func(t *rapid.T) {
		admin := rapid.Bool().Draw(t, "admin")
		first := grown(t, seed, admin)
		_, e := first.imported(rapid.Bool().Draw(t, "sparse"))
		twin := newBox(t, simulator.Options{Admin: admin}, second)
		if admin {
			twin.options.Tenant = "77"
		}
		files := renamed(e.Files)
		twin.options.Folder = first.options.Folder
		desired := twin.parseAll(files)
		for _, o := range desired.Objects {
			o.ID = 0 // holds in the first only
			for _, f := range o.Kind.Fields {
				if s, ok := o.Values[f.Name].(string); ok && f.NumberOf != nil && strings.HasPrefix(s, "12037*") {
					t.Fatalf("%s: %s still names an extension of the first tenant: %s", o.Address(), f.Name, s)
				}
				if f.Secret() {
					o.Secrets = map[string]schema.SecretRef{f.Name: {Env: "PASSWORD"}}
				}
			}
		}
		_, p, err := twin.look(desired)
		if err != nil {
			t.Fatalf("refused: %v\n%s", err, joined(files))
		}
		twin.carryOut(p)
		_, want := first.imported(false)
		_, got := twin.imported(false)
		named := func(files []file.File) string { return anyID.ReplaceAllString(joined(files), "id: N") }
		if want, got := named(renamed(want.Files)), named(renamed(got.Files)); want != got {
			t.Fatalf("the two tenants differ:\n%s", lineDiff(want, got))
		}
		if want, got := first.options.Folder.(*cellar).memory, twin.options.Folder.(*cellar).memory; !maps.EqualFunc(want, got, bytes.Equal) {
			t.Fatalf("the two tenants have other sounds")
		}
	})
}

// anyID stands at objects that names cannot tell, or that no list shows.
var anyID = regexp.MustCompile(`\bid: [0-9]+`)

// tenantLine says whose files they are.
var tenantLine = regexp.MustCompile(`(?m)^tenant: .*$`)

// renamed are the files of a tenant with the line of the other one. An administrator's
// say its name in settings too, and so rename the other one.
func renamed(files []file.File) []file.File {
	out := slices.Clone(files)
	for i := range out {
		out[i].Data = tenantLine.ReplaceAll(out[i].Data, []byte(`tenant: {name: twin, prefix: "12055"}`))
	}
	return out
}

// TestImportSaysWhichIsWhich goes through what names alone cannot tell.
func TestImportSaysWhichIsWhich(t *testing.T) { onBoth(t, importSaysWhichIsWhich) }

func importSaysWhichIsWhich(t *testing.T, start func(*testing.T) *box) {
	b := start(t)
	id := func(kind string, row map[string]any) int64 { return b.insert(kind, maps.Clone(row)) }
	hours := map[string]any{"name": "Office hours", "timezone": "UTC", "conditions": []any{}}
	one, two := id("interval", hours), id("interval", hours)
	id("interval", map[string]any{"name": "office hours", "timezone": "UTC", "conditions": []any{}})
	id("interval", map[string]any{"name": "Office hours-2", "timezone": "UTC", "conditions": []any{}})
	event := map[string]any{"event_type": "hangup", "method": "GET", "url": "https://x.example"}
	id("phone_event", event)
	twin := id("phone_event", event)
	id("phone_event", map[string]any{"event_type": "hangup", "method": "POST", "url": "https://x.example"})
	lost := id("extension_group", map[string]any{"name": "bell\a"})
	own := b.sound("Jazz")
	b.sound("Welcome")
	for i, row := range []map[string]any{{"extension_group_id": lost}, {"label": "${HOME}: #1"}, {"label": "bell\a"}} {
		row["name"], row["type"], row["status"] = fmt.Sprintf("12037*10%d", i), "phone", "active"
		ext := id("extension", row)
		if err := b.alone(ext, map[string]any{"hold_music": []int64{301, own, 303}[i]}); err != nil {
			t.Fatal(err)
		}
	}
	_, e := b.imported(false)
	b.unchanged(e, false)
	text := joined(e.Files)
	for _, want := range []string{
		fmt.Sprintf("  Office hours:\n    id: %d\n", one),
		"  Office hours-2:\n    timezone: UTC\n",
		fmt.Sprintf("  Office hours-3:\n    name: Office hours\n    id: %d\n", two),
		"  office hours:\n    timezone: UTC\n",
		fmt.Sprintf("id: %d}\n", twin),
		"{event_type: hangup, method: POST, url: 'https://x.example'}\n",
		fmt.Sprintf("extension_group: {id: %d}", lost),
		`label: "${HOME}: #1"`,
		"hold_music: {dealer: Jazz}", "hold_music: Jazz}", "hold_music: Welcome}",
		"  Welcome: {id: 303, file: sounds/welcome.wav}\n", "  Welcome-2: {title: Welcome, id: ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	var left []string
	for _, p := range e.Left {
		left = append(left, p.String())
	}
	want := []string{
		"warning: extension/102: label is left out: it holds the control character U+0007, which no file may hold; change it in the tenant",
		"warning: extension_group/bell\a: is left out: it holds the control character U+0007, which no file may hold; change it in the tenant",
	}
	if !slices.Equal(left, want) {
		t.Errorf("left out:\n%s\nwant\n%s", strings.Join(left, "\n"), strings.Join(want, "\n"))
	}
}

// TestImportOfAPart takes what patterns choose with what that refers to, and reads
// children only there.
func TestImportOfAPart(t *testing.T) { onBoth(t, importOfAPart) }

func importOfAPart(t *testing.T, start func(*testing.T) *box) {
	b := start(t)
	group := b.insert("extension_group", map[string]any{"name": "sales"})
	for i := range 20 {
		row := map[string]any{"name": fmt.Sprint(100 + i), "type": "phone", "status": "active"}
		if i == 5 {
			row["extension_group_id"] = group
		}
		ext := b.insert("extension", row)
		if i == 7 {
			b.insert("local_agent", map[string]any{"name": "Alice", "extension_id": ext})
		}
	}
	for _, c := range []struct {
		only  []string
		want  []string
		items int // besides the tenant, its ANI; those of an extension are its phone and its ANI
	}{
		{[]string{"extension/105"}, []string{"extension/105", "extension/105/phone", "extension_group/sales"}, 2},
		{[]string{"local_agent/A*"}, []string{"extension/107", "extension/107/phone", "local_agent/Alice"}, 2},
		{[]string{"extension/110/phone", "did/493023125100"}, []string{"did/493023125100", "extension/110", "extension/110/phone"}, 2},
	} {
		w, err := b.readAll(c.only)
		if err != nil {
			t.Fatal(err)
		}
		e, err := export.Tenant(b.cat, &w.Live.Tenant, export.Options{Part: w.Part})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Prove(context.Background(), e.Files, b.options.Reading(), false); err != nil {
			t.Fatal(err)
		}
		s, _ := b.unchanged(e, false)
		var got []string
		for _, o := range s.Desired.Objects {
			got = append(got, o.Address())
		}
		if slices.Sort(got); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.only, got, c.want)
		}
		if w.Calls.Items != c.items+2 {
			t.Errorf("%v: %d items read, want %d", c.only, w.Calls.Items, c.items+2)
		}
	}
	if _, err := readAll(context.Background(), b.api, b.options, []string{"extension/999"}); err == nil || !strings.Contains(err.Error(), "chooses nothing") {
		t.Errorf("%v", err)
	}
}

// TestImportReadsLongListsTwice has somebody edit the tenant while it is read.
func TestImportReadsLongListsTwice(t *testing.T) { onBoth(t, importReadsLongListsTwice) }

func importReadsLongListsTwice(t *testing.T, start func(*testing.T) *box) {
	b := start(t)
	add := func(i int) {
		b.insert("extension", map[string]any{"name": fmt.Sprintf("12037*%03d", 100+i), "type": "queue", "status": "active"})
	}
	for i := range 210 {
		add(i)
	}
	var lists, edited atomic.Int32 // requests for the list, and at which somebody edits
	b.server.Intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/client/12/extension/") && lists.Add(1) == edited.Load() {
			add(800)
		}
		return false
	})
	w, e := b.imported(false)
	pass := lists.Load() / 2
	if lists.Load() != 2*pass || w.Calls.Second < 2 || b.sim != nil && w.Calls.Second != 2 {
		t.Errorf("%d pages read again, of %d in all", w.Calls.Second, lists.Load())
	}
	b.unchanged(e, true)
	lists.Store(0)
	edited.Store(pass + 1) // the first page of the second pass
	_, err := readAll(context.Background(), b.api, b.options, nil)
	if err == nil || !strings.Contains(err.Error(), "the list of extension changed while it was read (210 rows, then 211)") {
		t.Errorf("%v", err)
	}
}

// TestImportSplitsLargeSections keeps 1,000 objects in a file.
func TestImportSplitsLargeSections(t *testing.T) {
	b := testBox(t, simulator.Options{})
	for i := range 2001 {
		b.sim.Insert("extension_group", map[string]any{"name": fmt.Sprintf("group %d", i)})
	}
	_, e := b.imported(false)
	var names []string
	for _, f := range e.Files {
		names = append(names, f.Name)
	}
	want := []string{"extension_groups-1.yaml", "extension_groups-2.yaml", "extension_groups-3.yaml", "tenant.yaml"}
	if !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
	if n := bytes.Count(e.Files[1].Data, []byte("  group ")); n != 1000 {
		t.Errorf("%d objects in a file", n)
	}
}
