//go:build unix

package process

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
	"pbxsync/schema/file"
)

// needs are the flags that a guard asks for.
var needs = regexp.MustCompile(`(--allow-[a-z]+|--approve)\s+('[^']*'|[^\s;]+)`)

// leftOpen is what an apply of files ends with 4 for although it has done all that it can. A
// saved plan holds what is going to be done, so the review of it has said so, and its apply does not.
var leftOpen = regexp.MustCompile(`secrets? to be decided|differences? cannot be put back`)

// chainLab is a lab in which the states of a chain are applied, each from files or from a plan
// that another process has saved.
func chainLab(t *testing.T, seed []byte, admin bool) *lab {
	t.Helper()
	l := newLab(t, simulator.Options{Admin: admin}, map[string]string{"_s": "a: secret-a\nb: secret-b\n"})
	doc, err := file.ParseMap(file.File{Name: "seed", Data: seed})
	if err == nil {
		l.sim = simulator.New(simulator.Options{Admin: admin, AppID: appID, AppSecret: appSecret})
		err = l.sim.Seed(doc)
	}
	if err == nil {
		err = os.Mkdir(filepath.Join(l.dir, "sounds"), 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	l.write("sounds/a.wav", string(simulator.WAV([]byte("aaaa"))))
	l.write("sounds/b.wav", string(simulator.WAV([]byte("bbbbbbb"))))
	l.write("sounds/again.wav", string(simulator.WAV([]byte("aaaa"))))
	l.write("sounds/c.bin", "\xff\xfb\x90\x00frame of an MP3")
	l.env = append(l.env, "A=secret-a", "B=secret-b", "C=secret-c", "ALICE=secret-d", "BOB=secret-e", "PBXSYNC_PARALLELISM=1", "PBXSYNC_TENANT=12")
	return l
}

// approved runs a command with all approvals that it asks for.
func (l *lab) approved(args ...string) (code int, said string) {
	l.Helper()
	var flags []string
	for range 4 {
		code, stdout, stderr := l.run(slices.Concat(args[:1], flags, args[1:])...)
		said = stdout + stderr
		asked := needs.FindAllStringSubmatch(said, -1)
		if code != 6 || len(asked) == 0 {
			return code, said
		}
		for _, m := range asked {
			if flag := m[1] + "=" + strings.Trim(m[2], "'"); !slices.Contains(flags, flag) {
				flags = append(flags, flag)
			}
		}
		l.flags = flags
	}
	return code, said
}

// written are the calls that have changed something, in their order.
func (l *lab) written() string {
	var out []string
	for _, c := range l.sim.History() {
		if c.Method != http.MethodGet {
			out = append(out, fmt.Sprintf("%s %s %d", c.Method, c.Path, c.Status))
		}
	}
	l.sim.ResetCounts()
	return strings.Join(out, "\n")
}

// Every chain of states ends alike, by the same calls, whether each state is applied from its
// files or from a plan that another process has written as JSON, without the files.
func TestChainsThroughSavedPlans(t *testing.T) {
	paths, err := filepath.Glob("../../testdata/chains/*.txtar")
	if err != nil || len(paths) < 30 {
		t.Fatalf("%d chains: %v", len(paths), err)
	}
	common, err := os.ReadFile("../../testdata/chains/_seed.yaml")
	if err != nil {
		t.Fatal(err)
	}
	states, steps := 0, 0
	for n, path := range paths {
		if !evidence.Full() && n%30 != 1 {
			continue
		}
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			s, c := savedChain(t, a, common)
			states, steps = states+s, steps+c
		})
	}
	t.Logf("%d states, %d calls that write", states, steps)
	if steps == 0 {
		t.Error("nothing was written")
	}
}

// savedChain takes one chain both ways, and returns how many states and writes it had.
func savedChain(t *testing.T, a *txtar.Archive, seed []byte) (states, writes int) {
	admin := slices.ContainsFunc(a.Files, func(f txtar.File) bool { return f.Name == "_admin" })
	for _, f := range a.Files {
		if f.Name == "_seed.yaml" {
			seed = f.Data
		}
	}
	direct, saved := chainLab(t, seed, admin), chainLab(t, seed, admin)
	for _, f := range a.Files {
		if strings.HasPrefix(f.Name, "_") {
			continue
		}
		states++
		for _, l := range []*lab{direct, saved} {
			if strings.Contains(string(f.Data), "#<") {
				_ = os.RemoveAll(filepath.Join(l.dir, ".pbxsync"))
			}
			l.write("tenant.yaml", head+string(f.Data))
			l.sim.ResetCounts()
		}
		want, said := direct.approved("apply", "--auto-approve", "tenant.yaml")
		got, also := saved.throughPlan()
		if want != got && !(want == 4 && got == 0 && leftOpen.MatchString(said)) {
			t.Fatalf("%s: exit %d from files, %d from the saved plan\n%s\n%s", f.Name, want, got, said, also)
		}
		called := direct.written()
		if other := saved.written(); called != other {
			t.Fatalf("%s: from files\n%s\nand from the saved plan\n%s\n%s", f.Name, called, other, also)
		}
		writes += len(strings.Fields(called)) / 3
		if a, b := canonical(direct.sim), canonical(saved.sim); a != b {
			t.Fatalf("%s: the tenant from files\n%s\nand from the saved plan\n%s", f.Name, a, b)
		}
	}
	return states, writes
}

// throughPlan saves the plan of the files, takes the files away, and applies the plan.
func (l *lab) throughPlan() (code int, said string) {
	l.Helper()
	l.flags = nil
	code, said = l.approved("plan", "--out", "plan.json", "tenant.yaml")
	if code != 0 {
		return code, said
	}
	if err := os.Remove(filepath.Join(l.dir, "tenant.yaml")); err != nil {
		l.Fatal(err)
	}
	code, stdout, stderr := l.run(slices.Concat([]string{"apply"}, l.flags, []string{"plan.json"})...)
	return code, stdout + stderr
}
