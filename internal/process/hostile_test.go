//go:build unix

package process

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
)

// hostileNames are what foreign texts may hold to mislead who reads them.
var hostileNames = []string{"\x1b[2Jcleared", "\x1b]0;title\x07", "\u009b31mred", "over\rwritten", "two\nlines", "tab\tbed", "nul\x00l", "del\x7feted", "\u202etfel-ot-thgir", "\u2066isolated\u2069",
	"zero\u200bwidth", "\ufeffmarked", "line\u2028separator", "next\u0085line", "tag\U000e0041s", "soft\u00adhyphen", strings.Repeat("漢", 255), "\b\b\b\bback", "\u061cletter"}

// raw returns the first character of a text that may not reach a terminal.
func raw(text string) string {
	if !utf8.ValidString(text) {
		return "bytes that are no text"
	}
	for _, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co)) {
			return fmt.Sprintf("%U", r)
		}
	}
	return ""
}

// TestHostileText lets names that mislead come from the server, from its errors, from
// tenant files and from the names of these, and looks at all that is printed and written.
func TestHostileText(t *testing.T) {
	var a tally
	run := func(l *lab, args ...string) {
		code, stdout, stderr := l.run(args...)
		for where, text := range map[string]string{"stdout": stdout, "stderr": stderr} {
			f := &faults{}
			f.check(raw(text) == "", "%s is in %s: %.300q", raw(text), where, text)
			f.check(!strings.Contains(text, "two\nlines"), "a name makes a line of its own in %s: %.2000s", where, text)
			f.check(code != 2 || !strings.Contains(stderr, "goroutine "), "it panicked: %s", stderr)
			a.note(f.list, strings.Join(args, " "))
		}
	}
	commands := func(l *lab, file string) {
		for _, format := range []string{"--format=text", "--format=json"} {
			run(l, "validate", format, file)
			run(l, "plan", format, "--out", "plan.json", file)
			run(l, "show", format, "plan.json")
			run(l, "apply", format, "--auto-approve", file)
			run(l, "drift", format, file)
			run(l, "runs", format, file)
			run(l, "check", format, file)
			run(l, "import", format, "--force", "imported")
			run(l, "import", format, "--force", "--snapshot", "live.json")
			run(l, "plan", format, "--live", "live.json", file)
		}
	}
	// Names in the tenant, half of them managed by name.
	l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": head + "extension_groups: {}\nextensions: {\"101\": {type: phone, status: active, label: New, phone: {record_enabled: false}}}\nintervals: {}\n"})
	for i, name := range hostileNames {
		l.sim.Insert("extension_group", map[string]any{"name": name})
		l.sim.Insert("interval", map[string]any{"name": name, "timezone": "Europe/Berlin", "conditions": []any{}})
		l.sim.Insert("extension", map[string]any{"name": fmt.Sprintf("12037*%d", 200+i), "type": "phone", "status": "active", "label": name})
	}
	l.write("labels.yaml", labels(len(hostileNames)))
	commands(l, "tenant.yaml")
	commands(l, "labels.yaml")
	l.tidy(&a)
	// Names in files, and of files.
	some := hostileNames
	if !evidence.Full() {
		some = []string{hostileNames[0], hostileNames[2], hostileNames[4], hostileNames[8]}
	}
	for _, name := range some {
		quoted, _ := json.Marshal(name)
		l.write("bad.yaml", head+"extension_groups: {"+string(quoted)+": {}}\nextensions: {\"101\": {label: "+string(quoted)+", "+string(quoted)+": 1, extension_group: "+string(quoted)+"}}\n")
		run(l, "validate", "bad.yaml")
		run(l, "validate", "--format=json", "bad.yaml")
		run(l, "plan", "bad.yaml")
		if !strings.ContainsAny(name, "\x00/") && len(name) < 200 {
			l.write(name+".yaml", head+"extensions: {\"101\": {lable: A}}\n")
			run(l, "validate", name+".yaml")
			run(l, "plan", "--format=json", name+".yaml")
		}
		if !strings.Contains(name, "\x00") {
			run(l, "explain", name)
			run(l, "plan", "--only", name, "tenant.yaml")
			run(l, "apply", "--tenant", "name:"+name, "--auto-approve", "tenant.yaml")
		}
	}
	// Errors of the server.
	for _, name := range some {
		for _, status := range []int{400, 500} {
			l.sim.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method == http.MethodGet && status == 400 {
					return false
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(map[bool]int{true: 404, false: status}[r.Method == http.MethodGet])
				_ = json.NewEncoder(w).Encode(map[string]any{"message": name, name: name})
				return true
			})
			l.write("new.yaml", head+"extension_groups: {one: {}}\n")
			run(l, "apply", "--auto-approve", "--settle=1ms", "new.yaml")
			run(l, "apply", "--auto-approve", "--settle=1ms", "--format=json", "new.yaml")
		}
	}
	report(t, "hostile", &a, fmt.Sprintf("%d names that mislead, from the server, its errors, files and their names: %d outputs of all commands and files that were written, as text and as JSON; %d with a control or format character", len(hostileNames), a.tried, a.tried-a.right))
}

func labels(n int) string {
	var b strings.Builder
	b.WriteString(head + "extensions:\n")
	for i := range n {
		fmt.Fprintf(&b, "  \"%d\": {label: Tidy %d}\n", 200+i, i)
	}
	return b.String()
}

// tidy looks at the files that were written for people.
func (l *lab) tidy(a *tally) {
	err := filepath.WalkDir(l.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasSuffix(path, ".jsonl") || strings.HasSuffix(path, ".wav") || filepath.Base(path) == "journal.key" {
			return err
		}
		data, err := os.ReadFile(path)
		f := &faults{}
		f.check(raw(string(data)) == "", "%s is in it", raw(string(data)))
		a.note(f.list, path)
		return err
	})
	if err != nil {
		l.Error(err)
	}
}
