package contrary

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// lines add an object of each kind by hand, with the collections that have to be open. All
// that a create needs is stated, since a random tenant leaves little to defaults. A task
// scheduler is not among them: the documents have no list of these, so no import either.
var lines = []struct {
	kinds int // that it adds an object of
	line  string
	open  []string
}{
	{1, `extensions: {"777": {type: phone, status: active, extension_group: null, phone: {record_enabled: false}}}`, []string{"extension"}},
	{1, `extension_groups: {new: {}}`, []string{"extension_group"}},
	{1, `call_statuses: {new: {property_list: [new]}}`, []string{"extension/call_status"}},
	{1, `dial_rule_lists: {new: {dial_rules: [{match_exp: "^00(.*)$", repl_exp: '\1'}]}}`, []string{"dial_rule"}},
	{1, `intervals: {new: {timezone: Europe/Berlin, conditions: [{start_dow: mon, end_dow: fri}]}}`, []string{"interval"}},
	{1, `network_permissions: {new: {network_address: [192.0.2.7/32]}}`, []string{"network_permission"}},
	{2, `agents: {local: {new: {extension: "101", call_timeout: 30, events: [{event_type: agent-login, method: GET, url: "https://crm.example/new"}]}}}`,
		[]string{"agent/local", "agent/local/event"}},
	{1, `agents: {remote: {new: {number: "493023125199", call_timeout: 30}}}`, []string{"agent/remote"}},
	{1, `phone_events: [{event_type: dial-in, method: GET, url: "https://crm.example/new"}]`, []string{"phone_event"}},
	{1, `sounds: {new: {file: new.wav}}`, []string{"sound"}},
	{1, `variables: {new: new}`, []string{"variables"}},
	{1, `users: {client: {new: {name: new, status: active, access: full, email: new@acme.example, password: {env: P}}}}`, logins},
	{1, `users: {extension: {new1: {name: new, extension: "101", status: active, access: full, email: new@acme.example, password: {env: P}}}}`, logins},
	{1, `users: {extension_group: {new2: {name: new, extension_group: extension_group 0, status: active, access: full, email: new@acme.example, password: {env: P}}}}`,
		append([]string{"extension_group"}, logins...)},
}

// lined writes the lines into files beside the imported ones, and returns how many objects
// they add.
func (w *world) lined() int {
	n := 0
	_ = os.WriteFile(filepath.Join(w.dir, "new.wav"), silence(9), 0o600)
	for i, l := range lines {
		if slices.ContainsFunc(l.open, func(c string) bool { _, refused := w.s.Dialect.Refuse[c]; return refused }) {
			continue
		}
		n += l.kinds
		_ = os.WriteFile(filepath.Join(w.dir, fmt.Sprintf("more%d.yaml", i)), []byte("version: 1\n"+l.line+"\n"), 0o600)
	}
	return n
}

// grown adds an object of each kind to the files. The plan makes exactly these, apply does
// it, and the plan after it is empty.
func (w *world) grown() string {
	w.before = w.s.State(w.first)
	n := w.lined()
	code, out := w.run("plan", "--detailed-exitcode", w.dir)
	want := fmt.Sprintf("\nPlan: %d to create.\n", n) // a phone is a part of its new extension
	if code != 2 || !strings.Contains(out, want) {
		return fmt.Sprintf("plan: exit %d, not %q\n%s", code, want, out)
	}
	w.s.Forget()
	if code, out = w.run("apply", "--auto-approve", w.dir); code != 0 {
		return fmt.Sprintf("apply: exit %d, refused %v\n%s", code, w.s.Refused(), out)
	}
	for _, d := range differences(w.before, w.s.State(w.first)) {
		if address, _, _ := strings.Cut(d, `: "`); !strings.Contains(address, "new") && !strings.HasPrefix(address, "extension 777") {
			return "apply changed what was there: " + d
		}
	}
	w.made += n
	return w.reads("plan", "--detailed-exitcode", w.dir)
}

// allowed finds what a refusal asks for.
var allowed = regexp.MustCompile(`(--allow-loss|--approve)\s+([^\s;]+)`)

// undone takes the last run back. Then the tenant is as before it, but for what it says
// that it stays.
func (w *world) undone() string {
	for _, pattern := range []string{"more*.yaml", "new.wav"} {
		paths, _ := filepath.Glob(filepath.Join(w.dir, pattern))
		for _, p := range paths {
			_ = os.Remove(p)
		}
	}
	_, runs := w.run("runs", w.dir)
	last := ""
	for line := range strings.Lines(runs) {
		if run, of, _ := strings.Cut(line, " "); strings.Contains(of, "acme") {
			last = max(last, run)
		}
	}
	w.s.Forget()
	code, out := w.run("undo", "--auto-approve", last, w.dir)
	if code != 6 || len(w.s.Writes()) > 0 {
		return fmt.Sprintf("undo with losses that nobody allowed: exit %d, writes %v\n%s", code, w.s.Writes(), out)
	}
	args := []string{"undo", "--auto-approve"}
	for _, m := range allowed.FindAllStringSubmatch(out, -1) {
		args = append(args, m[1], m[2])
	}
	code, out = w.run(append(args, last, w.dir)...)
	left := differences(w.before, w.s.State(w.first))
	for _, d := range left {
		name, _, _ := strings.Cut(strings.Replace(d, " ", "/", 1), `: "`)
		if !strings.Contains(out, name+": the run made it, and it stays") {
			return fmt.Sprintf("undo: exit %d, left %v, refused %v\n%s", code, left, w.s.Refused(), out)
		}
	}
	if code != 0 {
		return fmt.Sprintf("undo: exit %d\n%s", code, out)
	}
	return w.reads("plan", "--detailed-exitcode", w.dir)
}
