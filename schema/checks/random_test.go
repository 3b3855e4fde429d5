package checks_test

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/checks"
)

// What random tenants are told that are as people set them up and have no fault: no errors, and the rest is counted.
func TestFalseAlarms(t *testing.T) {
	const tenants = 200
	found, objects := map[string]int{}, 0
	for seed := range int64(tenants) {
		text := randomTenant(rand.New(rand.NewSource(seed)))
		one := tenant(t, text)
		objects += len(one.Objects)
		for _, p := range checks.Of(schema.Builtin(), one, "2026-11-30") {
			found[p.Check]++
			if p.Warning == "" {
				t.Errorf("seed %d: %s\n%s", seed, p, text)
			}
		}
	}
	t.Logf("%d tenants, %d objects", tenants, objects)
	for _, c := range checks.All() {
		t.Logf("%s %-8s %d", c.ID, c.Severity, found[c.ID])
	}
}

// regions are zones with the numbers of help, a city's numbers from outside and what is dialled before them.
var regions = []struct{ zone, help, city, trunk string }{
	{"Europe/Berlin", "110|112", "4930", "0"}, {"Europe/London", "112|999", "4420", "0"}, {"America/New_York", "112|911", "1212", "1"},
	{"Europe/Moscow", "0[1-3]|10[1-3]|112", "7495", "8"}, {"Australia/Sydney", "000|106|112", "612", "0"},
}

// randomTenant writes the files of a tenant without a fault.
func randomTenant(r *rand.Rand) string {
	at := regions[r.Intn(len(regions))]
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("settings: {timezone: %s, dial_rule: Outside}", at.zone)
	line("dial_rule_lists:\n  Outside:\n    dial_rules:")
	line(`      - {match_exp: '^(%s)$', repl_exp: '\1'}`, at.help)
	for i := range r.Intn(4) {
		line(`      - {match_exp: '^7%d([0-9]{%d})$', repl_exp: '%s\1'}`, i, 2+r.Intn(3), at.city)
	}
	line(`      - {match_exp: '^%s([1-9][0-9]{%d,12})$', repl_exp: '%s\1'}`, at.trunk, 5+r.Intn(3), at.city[:1])
	line("extensions:")
	n, first := 2+r.Intn(30), []int{20, 200, 300, 2000, 7100}[r.Intn(5)]
	for i := range n {
		line(`  "%d": {type: phone, status: active, phone: {vm_enabled: true, vm_mailto: a@acme.example, record_enabled: %t, announce_sound_upon_incoming_call: {live: Notice}, auth_type: digest}}`, first+i, r.Intn(2) == 0)
	}
	line(`  "190": {type: ivr, status: blocked}`)
	line(`  "%d": {type: queue, status: active, queue: {max_wait_time: 60, timeout_transfer_dst: "%d", exit_transfer_dst: "%d"}}`, first+n, first+n+1, first)
	line(`  "%d": {type: queue, status: active, queue: {max_wait_time: 90, timeout_transfer_dst: "%d"}}`, first+n+1, first+n)
	line(`  "%d": {type: fax, status: active, fax: {fax_mailto: a@acme.example}}`, first+n+2)
	line("dids:")
	keys := keysOf(b.String())
	for i := range 1 + r.Intn(20) {
		line(`  "%s%06d": {extension: "%s"}`, at.city, i, keys[r.Intn(len(keys))])
	}
	line("agents:\n  local:")
	for i := range 1 + r.Intn(5) {
		line(`    Agent %d: {extension: "%s"}`, i, keys[r.Intn(len(keys))])
	}
	line("users:\n  client: {it: {name: IT, status: active}}\n  extension:")
	for i, key := range keys {
		line(`    user%d: {name: User %d, status: %s, extension: "%s"}`, i, i, []string{"active", "blocked"}[r.Intn(2)], key)
	}
	return b.String()
}

// keysOf returns the phones of files.
func keysOf(text string) []string {
	var keys []string
	for line := range strings.Lines(text) {
		if key, rest, ok := strings.Cut(strings.TrimPrefix(line, `  "`), `"`); ok && strings.HasPrefix(rest, ": {type: phone") {
			keys = append(keys, key)
		}
	}
	return keys
}
