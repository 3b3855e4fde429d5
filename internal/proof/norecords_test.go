package proof

import (
	"net/http"
	"strings"
	"testing"

	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// lifeSeed is a tenant with a scheduler that was made by hand, so that files can name it.
const lifeSeed = `
tenants:
  - settings: {id: 12, name: acme, prefix: "12037", extension_len: 3, timezone: Europe/Moscow}
    did: [{id: 201, name: "493023125100"}, {id: 202, name: "493023125101"}]
    alias: [{id: 213, name: reception}]
    sound: [{id: 301, title: Jazz, dealer: true}]
    task_scheduler: [{id: 900, name: Handmade, status: "off"}]
`

// life is the life of a tenant on runners that are thrown away: every state is applied
// without the records of the ones before.
var life = []struct {
	name, text string
	needs      bool     // something in it needs records
	sends      int      // secrets of users that are there
	send       []string // --send-secrets
	refused    string
}{
	{name: "create all kinds", text: lifeBegins},
	{name: "edit", text: strings.NewReplacer("label: Alice", "label: Alice B", "comment: first", "comment: second", "value: one", "value: two", `status: "off"`, `status: "on"`,
		"call_timeout: 30", "call_timeout: 40", "hangup_timeout: 20", "hangup_timeout: 25", "geo_list: null", "geo_list: DE",
		"call_status: no_answer", "call_status: busy").Replace(lifeBegins)},
	{name: "rename", text: strings.NewReplacer("sales: {}", "Sales: {previously: [sales]}", "extension_group: sales", "extension_group: Sales",
		"Day: {", "Daytime: {previously: [Day], ", "interval: Day", "interval: Daytime").Replace(lifeBegins)},
	{name: "a higher version", text: lifeWith("version: 1}", "version: 2}"), needs: true},
	{name: "a higher version, and a word", text: lifeWith("version: 1}", "version: 2}"), send: []string{"client_user/*", "extension_user/*", "group_user/*"}, sends: 3},
	{name: "a still higher version", text: lifeWith("version: 1}", "version: 3}"), needs: true},
	{name: "replace", text: lifeWith(`"103": {type: ivr,`, `"103": {type: queue, replaces: ["103"],`, "version: 1}", "version: 3}"), needs: true},
	{name: "a scheduler without id", text: lifeWith(`"103": {type: ivr,`, `"103": {type: queue,`, "Handmade: {id: 900", "Another: {}, Handmade: {id: 900"), refused: "tell whether it was made before", needs: true},
	{name: "a scheduler without id, and a higher version", text: lifeWith(`"103": {type: ivr,`, `"103": {type: queue,`, "Handmade: {id: 900", "Another: {}, Handmade: {id: 900", "version: 1}", "version: 4}"), refused: "tell whether it was made before", needs: true},
	{name: "absent", text: head + `phone_events: []
extensions:
  "101": {absent: true}
  "102": {absent: true}
  "103": {absent: true}
  "105": {absent: true}
agents: {local: {L: {absent: true}}, remote: {R: {absent: true}}}
dids: {"493023125100": {extension: null}}
aliases: {reception: {extension: null}}
users: {extension: {bob: {absent: true}}}
`},
	{name: "create once more", text: lifeWith()},
}

const lifeBegins = head + lifeKinds

const lifeKinds = `defaults: {extension: {status: active}, phone: {record_enabled: false}}
settings: {geo_list: null, dial_rule: home}
ani: "493023125101"
dial_rule_lists: {home: {dial_rules: [{match_exp: '^0(.*)$', repl_exp: '\1'}]}}
extension_groups: {sales: {}}
call_statuses: {Any: {property_list: [uuid]}}
network_permissions: {Office: {network_address: [192.0.2.0/24]}}
intervals: {Day: {timezone: UTC, conditions: []}}
sounds: {Welcome: {file: sounds/a.wav}}
caller_id_groups: {Kiel: {did_list: ["493023125101"]}}
extensions:
  "101": {type: phone, label: Alice, extension_group: sales, ani: "493023125101", events: [{event_type: dial-in, method: GET, url: "https://a.example"}], phone: {hangup_timeout: 20, hold_music: {dealer: Jazz}}}
  "102": {type: phone, phone: {bundle: {"103x": {active: true}}}}
  "103": {type: ivr, extension_group: sales}
  "103x": {name: "104", type: phone}
  "105": {type: queue, queue: {strategy: ring-all, sound_type: music, sound: Welcome, timeout_transfer_dst: "103"}}
  "106": {type: fax, fax: {fax_mailto: a@acme.example}, rules: [{type: hangup, caller_id_action: anonymous, interval: Day}, {name: after, type: transfer, transfer_dst: ["4940"], call_status: no_answer}]}
agents:
  local: {L: {extension: "101", call_timeout: 30, events: [{event_type: agent-login, method: GET, url: "https://a.example"}]}}
  remote: {R: {number: "4940"}}
aliases: {reception: {extension: "103"}}
dids: {"493023125100": {extension: "103"}, "493023125101": {}}
phone_events: [{event_type: dial-in, method: GET, url: "https://a.example"}]
task_schedulers: {Handmade: {id: 900, status: "off", interval: Day}}
users:
  client: {anne: {name: A, comment: first, status: active, access: full, email: a@acme.example, password: {env: A, version: 1}}}
  extension: {bob: {name: B, comment: first, status: active, access: full, email: b@acme.example, extension: "101", password: {env: B, version: 1}}}
  extension_group: {carl: {name: C, comment: first, status: active, access: full, email: c@acme.example, extension_group: sales, password: {env: C, version: 1}}}
variables: {V: "one"}
`

// lifeWith is the last edited state with some texts replaced.
func lifeWith(pairs ...string) string {
	text := strings.NewReplacer("sales: {}", "Sales: {previously: [sales]}", "extension_group: sales", "extension_group: Sales",
		"Day: {", "Daytime: {previously: [Day], ", "interval: Day", "interval: Daytime").Replace(lifeBegins)
	return strings.NewReplacer(pairs...).Replace(text)
}

// A tenant lives on runners without records: nothing is made twice, no secret is sent on
// a guess, and where something needs records one line says that there are none.
func TestLifeWithoutRecords(t *testing.T) {
	b := newBox(t, simulator.Options{}, lifeSeed)
	b.named()
	for _, step := range life {
		ok := t.Run(step.name, func(t *testing.T) {
			b := b.with(t)
			b.records.forget()
			b.options.SendSecrets = step.send
			desired := b.parse(step.text)
			s, p, err := b.look(desired)
			said := noRecordsLines(s)
			if want := map[bool]int{true: 1}[step.needs]; said != want {
				t.Errorf("%d lines say that there are no records, wanted %d: %q %v", said, want, s.Notes, s.Guards)
			}
			if step.refused != "" {
				if err == nil || !strings.Contains(err.Error(), step.refused) {
					t.Errorf("not refused: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatalf("%v", err)
			}
			if n := resent(p); n != step.sends {
				t.Errorf("%d secrets are sent to users that are there, wanted %d", n, step.sends)
			}
			b.carryOut(p)
			b.options.SendSecrets = nil
			b.records.forget()
			if _, left, err := b.look(b.parse(step.text)); err != nil || len(left.Steps) > 0 {
				t.Errorf("plan after apply: %v\n%s", err, steps(left))
			}
			for name := range b.snapshot().byName() {
				if strings.HasSuffix(name, " (2)") {
					t.Errorf("%s is there twice", name)
				}
			}
		})
		if !ok {
			return
		}
	}
}

// Nothing is pruned that may have been protected by files that nobody remembers.
func TestPruneWithoutRecords(t *testing.T) { onBoth(t, pruneWithoutRecords) }

func pruneWithoutRecords(t *testing.T, start func(*testing.T) *box) {
	b := start(t)
	b.apply(head + "protected: [interval/Night]\nintervals: {Day: {timezone: UTC, conditions: []}, Night: {timezone: UTC, conditions: []}}\n")
	b.records.forget()
	s, _, err := b.look(b.parse(head + "prune: [interval]\nintervals: {Day: {}}\n"))
	if err == nil || !strings.Contains(err.Error(), "may have been protected") {
		t.Fatalf("not refused: %v", err)
	}
	if n := noRecordsLines(s); n != 1 {
		t.Errorf("%d lines say that there are no records: %v", n, err)
	}
}

// named has the records say where they are missing, as the program's do.
func (b *box) named() {
	known := b.options.Records
	b.options.Records = func(t plan.TenantID) (*record.Records, error) {
		k, err := known(t)
		if err == nil {
			k.Where = "here"
		}
		return k, err
	}
}

// noRecordsLines counts the lines of a plan that say that there are no records.
func noRecordsLines(s *observe.State) int {
	n := 0
	for _, note := range s.Notes {
		n += strings.Count(note, "no run records")
	}
	for _, g := range s.Guards {
		n += strings.Count(g.Error(), "no run records")
	}
	return n
}

// resent counts the secrets that a plan sends to objects that are there.
func resent(p *plan.Plan) int {
	n := 0
	for _, s := range p.Steps {
		for _, v := range s.Body {
			if _, ok := v.(plan.SecretOf); ok && s.Method == http.MethodPut {
				n++
			}
		}
	}
	return n
}

// Every kind that files may declare lives that life.
func TestLifeHasAllKinds(t *testing.T) {
	c := schema.Builtin()
	desired, problems := file.Parse(c, []file.File{{Name: "life.yaml", Data: []byte(lifeBegins)}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	for _, k := range c.Kinds {
		if k.Managed() && !desired.Manages(k, nil) {
			t.Errorf("no %s in it", k.Word)
		}
	}
}
