package proof

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/contrary"
	"pbxsync/internal/evidence"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/file/export"
)

// dialects are ways in which the documents let a server answer and the simulator does not.
var dialects = []contrary.Dialect{
	{Name: "plain"},
	{Name: "nulls", Nulls: true},
	{Name: "zeros", Zeros: true},
	{Name: "absent", Absent: 3},
	{Name: "absent otherwise", Absent: 8},
	{Name: "wrapped", Wrap: "items", WrapPages: true},
	{Name: "wrapped variables", Variables: "wrapped"},
	{Name: "variables as a map", Variables: "map"},
	{Name: "extra", Extra: true},
	{Name: "newest first", Newest: true},
	{Name: "capped", PageCap: 2},
	{Name: "numbers as text", NumbersAsText: true},
	{Name: "ids as text", IDsAsText: true},
	{Name: "yes and no", Booleans: "words"},
	{Name: "0 and 1", Booleans: "number"},
	{Name: "created", Created: 201, PutEmpty: true, DeleteBody: true},
	{Name: "everything", Nulls: true, Absent: 5, Wrap: "rows", Variables: "map", Extra: true, Newest: true, PageCap: 3, NumbersAsText: true, IDsAsText: true, Booleans: "text"},
}

// mixed returns dialects that mix the ways of the others, by chance and the same in every run.
func mixed(n int) []contrary.Dialect {
	r := rand.New(rand.NewPCG(20261128, 0))
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	yes := func() bool { return r.IntN(2) == 0 }
	out := make([]contrary.Dialect, n)
	for i := range out {
		out[i] = contrary.Dialect{Name: fmt.Sprintf("mixed %d", i), Nulls: yes(), Zeros: yes(), Absent: uint64(r.IntN(20)), Wrap: pick("", "rows", "result"),
			WrapPages: yes(), Variables: pick("", "list", "wrapped", "map"), Extra: yes(), Newest: yes(), PageCap: r.IntN(4), NumbersAsText: yes(),
			IDsAsText: yes(), Booleans: pick("", "text", "number", "words"), AgentStatus: pick("", "text", "object", "null"),
			Domain: pick("", "text", "object", "null"), Created: 200 + r.IntN(2), PutEmpty: yes(), DeleteBody: yes()}
	}
	return out
}

// filled is a tenant of most kinds.
const filled = `
extension_groups: {sales: {}, night: {extra_params: text}}
dial_rule_lists: {out: {dial_rules: [{match_exp: '^0(\d+)$', repl_exp: '49\1', comment: abroad}]}}
intervals:
  Office: {timezone: Europe/Berlin, conditions: [{start_dow: mon, end_dow: fri, start_time: "08:00", end_time: "18:00"}]}
network_permissions: {office: {network_address: [192.0.2.0/24, 198.51.100.7/32]}}
extensions:
  "101": {type: phone, status: active, label: Alice, extension_group: sales, dial_rule: out, phone: {record_enabled: false, hangup_timeout: 25}}
  "102": {type: phone, status: blocked, phone: {record_enabled: true, vm_enabled: false}}
  "103": {type: queue, status: active, label: Queue}
dids: {"493012301": {extension: "101"}, "493012302": {extension: null}}
variables: {company: Example, night: "off"}
phone_events: [{event_type: dial-in, method: POST, url: "https://hooks.example.org/a"}]
`

// contraryBox is an engine in front of a contrary server with two tenants, of which it
// manages one.
func contraryBox(t *testing.T, d contrary.Dialect) (b *box, s *contrary.Server, tenants []*contrary.Tenant) {
	t.Helper()
	data, err := os.ReadFile("../../schema/testdata/contract.json")
	if err != nil {
		t.Fatal(err)
	}
	if s, err = contrary.New(data, d); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"acme", "copy"} {
		tenant := s.AddTenant(name, []string{"12037", "20411"}[i])
		for _, did := range []string{"493012301", "493012302"} {
			s.Put(tenant, &contrary.Row{Collection: "did", Values: map[string]any{"name": did}})
		}
		tenants = append(tenants, tenant)
	}
	b = &box{tb: t, cat: schema.Builtin(), records: &records{}}
	b.options = options{Catalogue: b.cat, Parallelism: 1, Records: b.records.known, Folder: sounds}
	b.speak(wired(s))
	return b, s, tenants
}

// reach brings the tenant to what files want. Then there may be nothing left to do.
func (b *box) reach(files []file.File) {
	b.Helper()
	for round := range 2 {
		desired, problems := file.Parse(b.cat, files)
		if problems.Err() != nil {
			b.Fatalf("%v\n%s", problems, joined(files))
		}
		_, p, err := b.look(desired)
		if err != nil {
			b.Fatalf("plan: %v\n%s", err, joined(files))
		}
		if round == 1 && len(p.Steps) > 0 {
			b.Fatalf("plan after apply is not empty:\n%s", steps(p))
		}
		if round == 0 {
			sum, err := carriedOut(context.Background(), b.api, p, secret, b.options, nil, nil)
			if err != nil || sum.Done != len(p.Steps) {
				b.Fatalf("apply: %v, %+v", err, sum)
			}
		}
	}
}

// asks reports whether the plan of files needs nothing but decisions.
func (b *box) asks(files []file.File) bool {
	b.Helper()
	desired, problems := file.Parse(b.cat, files)
	if problems.Err() != nil {
		return false
	}
	var open schema.Problems
	if _, _, err := b.look(desired); !errors.As(err, &open) {
		return false
	}
	return !slices.ContainsFunc(open, func(p schema.Problem) bool { return p.Warning == "" && !strings.Contains(p.Message, "is not decided") })
}

// On each server that the documents allow a tenant can be made, is imported into files
// that change nothing, and can be made again from these in an empty tenant.
func TestContraryServers(t *testing.T) {
	worlds, asked, written := 0, 0, 0
	all := append(slices.Clone(dialects), mixed(evidence.Size(evidence.Quick(6, 60), 200))...)
	for _, d := range all {
		t.Run(d.Name, func(t *testing.T) {
			b, s, tenants := contraryBox(t, d)
			b.reach([]file.File{{Name: "tenant.yaml", Data: []byte(head + filled)}})
			made := len(s.Writes())
			w, err := b.readAll(nil)
			if err != nil {
				t.Fatal(err)
			}
			e, err := export.Tenant(b.cat, &w.Live.Tenant, export.Options{Missed: w.NotKnown()})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Prove(context.Background(), e.Files, b.options.Reading(), len(e.Left) == 0); err != nil {
				t.Fatalf("%v\n%s", err, joined(e.Files))
			}
			if n := len(s.Writes()); n != made {
				t.Errorf("import made %d writes", n-made)
			}
			s.Become(tenants[1])
			b.records, b.options.Records = &records{}, (&records{}).known
			for i := range e.Files {
				text := strings.ReplaceAll(string(e.Files[i].Data), "12037", "20411")
				e.Files[i].Data = []byte(strings.ReplaceAll(text, "acme", "copy"))
			}
			if d.Absent != 0 && b.asks(e.Files) {
				asked++ // nothing is made up for what a create has to decide and the server does not show
				return
			}
			b.reach(e.Files)
			if refused := s.Refused(); len(refused) > 0 {
				t.Errorf("the server refused\n%s", strings.Join(refused, "\n"))
			}
			worlds++
			written += len(s.Writes())
		})
	}
	t.Logf("%d dialects: a tenant made and imported on each, made again on %d, asked for what the server does not show on %d, %d writes, no difference", len(all), worlds, asked, written)
	if worlds+asked != len(all) {
		t.Errorf("%d of %d dialects ended as they should", worlds+asked, len(all))
	}
}
