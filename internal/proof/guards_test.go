package proof

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pbxsync/diff"
	"pbxsync/internal/evidence"
	"pbxsync/internal/journal"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file/export"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// verified records that the tenant was read again after a run, as apply does.
func (b *box) verified(live *diff.Live) {
	b.Helper()
	v := record.Verified{Objects: map[string]int{}}
	for _, o := range live.Objects {
		if live.Lists[o.Kind] && !o.Shared {
			v.Objects[o.Kind.Word]++
		}
	}
	w, ok := b.records.begin(b).(*journal.Writer)
	if !ok {
		b.Fatalf("no journal that is kept")
	}
	if err := w.Verified(v); err != nil {
		b.Fatalf("%v", err)
	}
}

// alarms are the guards that forbid a plan, thresholds and losses included.
func alarms(s *observe.State, err error) []error {
	var out []error
	if err != nil {
		out = append(out, err)
	}
	if s == nil {
		return out
	}
	if g := observe.OverwriteGuard(observe.Overwrites(s), -1); g != nil {
		out = append(out, g)
	}
	for _, l := range s.Losses {
		out = append(out, errors.New(l.Address()+" "+l.String()))
	}
	return out
}

// large makes the files of a tenant with many objects of some kinds, and a seed with
// the numbers that it needs.
func large(t *rapid.T) (files, seed string) {
	n := rapid.IntRange(1, 40).Draw(t, "size")
	label := rapid.SampledFrom([]string{"null", "Desk", `"12"`})
	var f, dids strings.Builder
	f.WriteString(head + "defaults: {phone: {record_enabled: false}}\nextension_groups: {")
	for i := range n {
		fmt.Fprintf(&f, "g%d: {extra_params: %s}, ", i, label.Draw(t, "extra"))
	}
	f.WriteString("}\nextensions:\n")
	for i := range n {
		fmt.Fprintf(&f, "  \"%d\": {type: %s, status: active, label: %s, extension_group: g%d}\n", 100+i,
			rapid.SampledFrom([]string{"phone", "queue", "ivr"}).Draw(t, "type"), label.Draw(t, "label"), rapid.IntRange(0, n-1).Draw(t, "group"))
	}
	f.WriteString("dids:\n")
	for i := range n {
		fmt.Fprintf(&dids, "{name: \"4930%d\"}, ", 1000+i)
		fmt.Fprintf(&f, "  \"4930%d\": {extension: \"%d\"}\n", 1000+i, 100+rapid.IntRange(0, n-1).Draw(t, "did"))
	}
	return f.String(), "tenants:\n  - settings: {id: 12, name: acme, prefix: \"12037\", extension_len: 3}\n    did: [" + dids.String() + "]\n"
}

// TestGuardsAreSilentOnFirstApplies brings tenants of any size to what their files say
// for the first time, and once more from an import of the result: no guard trips.
func TestGuardsAreSilentOnFirstApplies(t *testing.T) {
	applies, objects, wrong := 0, 0, 0
	judge := func(s *observe.State, err error) []error {
		found := alarms(s, err)
		if applies++; len(found) > 0 {
			wrong++
		}
		return found
	}
	defer func() { // a check that fails ends the test
		evidence.Add(t, evidence.Note{Row: "false alarms", Tried: applies, Right: applies - wrong, Figure: fmt.Sprintf("false alarms: %d, with %d objects", wrong, objects)})
	}()
	rapid.Check(t, func(t *rapid.T) {
		text, seed := large(t)
		var b *box
		if rapid.Bool().Draw(t, "contrary") {
			b = otherByChance(t, seed)
		} else {
			b = newBox(t, simulator.Options{}, seed)
		}
		if rapid.Bool().Draw(t, "no records") {
			b.records.forget()
		}
		first, p, err := b.look(b.parse(text))
		if found := judge(first, err); len(found) > 0 {
			t.Fatalf("the first apply is refused: %v\n%s", found, text)
		}
		b.carryOut(p)
		again, p, err := b.look(b.parse(text))
		if found := judge(again, err); len(found) > 0 || len(p.Steps) > 0 {
			t.Fatalf("the second plan is refused: %v\n%s", found, text)
		}
		b.verified(again.Live)
		_, e := b.imported(rapid.Bool().Draw(t, "sparse"))
		unchanged, _ := b.unchanged(e, false)
		if found := judge(unchanged, nil); len(found) > 0 {
			t.Fatalf("the plan of the import is refused: %v", found)
		}
		objects += len(first.Desired.Objects)
	})
}

// massFault is a wrong answer to GET on a list. refused means that nothing at all may be
// concluded from it; from what looks like the work of people, no delete.
type massFault struct {
	name    string
	status  int
	refused bool
	change  func(rows []map[string]any) []map[string]any
}

// massFaults are lists that show less than there is, and what is another's.
var massFaults = []massFault{
	{"nothing", 200, true, func(rows []map[string]any) []map[string]any { return rows[:0] }},
	{"one row", 200, true, func(rows []map[string]any) []map[string]any { return rows[:1] }},
	{"less than half", 200, true, func(rows []map[string]any) []map[string]any { return rows[:len(rows)/2-1] }},
	{"half", 200, false, func(rows []map[string]any) []map[string]any { return rows[:len(rows)/2] }},
	{"the other half", 200, false, func(rows []map[string]any) []map[string]any { return rows[len(rows)/2:] }},
	{"403", 403, true, nil},
	{"500", 500, true, nil},
	{"another tenant's", 200, false, func(rows []map[string]any) []map[string]any {
		for i, row := range rows {
			row["id"] = 700000 + i
			if _, told := row["client_id"]; told {
				row["client_id"] = 99
			}
			for _, key := range []string{"name", "login", "title"} {
				if text, ok := row[key].(string); ok {
					row[key] = text + "7"
				}
			}
		}
		return rows
	}},
}

// TestMassDeletes has the lists of each kind answer wrongly, for files that declare and
// prune everything: no delete is sent, and none is planned that nobody has counted.
func TestMassDeletes(t *testing.T) {
	cases, right, deletes := 0, 0, 0
	for _, k := range schema.Builtin().Top() {
		if k.Form != schema.FormMap || !k.Has(schema.List) || !k.Has(schema.Create) || !k.Has(schema.Delete) || k.Content != nil {
			continue
		}
		for _, f := range massFaults {
			for _, prune := range []bool{true, false} {
				cases++
				if ok := t.Run(fmt.Sprintf("%s/%s/%v", k.Word, f.name, prune), func(t *testing.T) {
					onOne(t, cases, func(t *testing.T, start func(*testing.T) *box) { massDelete(t, k, f, prune, &deletes, start) })
				}); ok {
					right++
				}
			}
		}
	}
	evidence.Add(t, evidence.Note{Row: "20", Tried: cases, Right: right, Figure: fmt.Sprintf("deletes sent: %d", deletes)})
	if cases < 100 {
		t.Errorf("%d cases", cases)
	}
}

func massDelete(t *testing.T, k *schema.Kind, f massFault, prune bool, deletes *int, start func(*testing.T) *box) {
	b := start(t)
	for i := range 12 {
		b.insert(k.Word, rowOf(b, k, i))
	}
	_, e := b.imported(true)
	if !prune {
		b.insert(k.Word, rowOf(b, k, 12)) // a stray, and nobody said that it may go
	}
	files := slices.Clone(e.Files)
	for i := range files {
		if prune && files[i].Name == export.HeadFile {
			files[i].Data = []byte(strings.Replace(string(files[i].Data), "version: 1\n", "version: 1\nprune: ["+k.Word+"]\n", 1))
		}
	}
	desired := func() *schema.Tenant { return b.parseAll(files) }
	s, p, err := b.look(desired())
	if err != nil {
		t.Fatalf("without a fault: %v\n%s", err, joined(files))
	}
	if len(p.Steps) > 0 { // it is to show what comes of them
		t.Errorf("without a fault there are steps:\n%s", steps(p))
		b.carryOutAnyhow(t, p)
	}
	b.verified(s.Live)
	path := strings.Replace(k.Collection, "{client_id}", "12", 1)
	b.server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, path) {
			return false
		}
		rows := b.rows(k)
		if w.Header().Set("Content-Type", "application/json"); f.status != 200 {
			w.WriteHeader(f.status)
			rows = nil
		} else if rows = f.change(rows); r.URL.Query().Get("page") > "1" {
			rows = nil
		}
		_ = json.NewEncoder(w).Encode(append([]map[string]any{}, rows...))
		return true
	})
	_, p, err = b.look(desired())
	if err == nil { // a person who was asked may have allowed as many deletes as there are strays
		b.carryOutAnyhow(t, p)
	}
	for _, c := range b.server.History() {
		if c.Method == http.MethodDelete {
			*deletes++
			t.Errorf("%s %s was sent", c.Method, c.Path)
		}
	}
	if f.refused && err == nil {
		t.Errorf("it is not refused:\n%s", steps(p))
	}
}

// carryOutAnyhow applies a plan whatever comes of it.
func (b *box) carryOutAnyhow(t *testing.T, p *plan.Plan) {
	o := b.options
	o.Journal = b.records.begin(b)
	if _, err := carriedOut(t.Context(), b.api, p, secret, o, nil, nil); err != nil {
		t.Logf("%v", err)
	}
}

// rowOf is a row of a kind with what create requires.
func rowOf(b *box, k *schema.Kind, i int) map[string]any {
	doc := map[string]any{}
	for _, f := range k.Fields {
		switch {
		case !f.Required || f.WriteOnly:
		case f.Ref != nil:
			if len(b.rows(f.Ref)) == 0 {
				b.insert(f.Ref.Word, rowOf(b, f.Ref, 99))
			}
			doc[f.API] = b.rows(f.Ref)[0]["id"]
		case k.IsKey(f) && f.Format == "extension-name":
			doc[f.API] = fmt.Sprint(800 + i)
		case len(f.Enum) > 0:
			doc[f.API] = f.Enum[0]
		case f.Type == "array":
			doc[f.API] = []any{}
		case f.Format == "timezone":
			doc[f.API] = "UTC"
		case f.Format == "email":
			doc[f.API] = "a@acme.example"
		default:
			doc[f.API] = fmt.Sprintf("x%d", i)
		}
	}
	return doc
}
