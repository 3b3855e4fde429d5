package ci

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// step runs the action's script as a step does, and returns its exit code's line and outputs.
func (r *repository) step(t *testing.T, code int, command, path, arguments string, env ...string) map[string]string {
	t.Helper()
	outputs, summary := filepath.Join(t.TempDir(), "output"), filepath.Join(t.TempDir(), "summary")
	script, err := filepath.Abs("github/run.sh")
	if err != nil {
		t.Fatal(err)
	}
	r.bash(t, code, "bash "+script, append(env, "INPUT_COMMAND="+command, "INPUT_PATH="+path, "INPUT_ARGUMENTS="+arguments, "GITHUB_OUTPUT="+outputs, "GITHUB_STEP_SUMMARY="+summary)...)
	data, err := os.ReadFile(outputs)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		out[name] = value
	}
	if shown, err := os.ReadFile(summary); err != nil || !strings.HasPrefix(string(shown), "<!-- pbxsync") {
		t.Errorf("the summary is %q (%v)", shown, err)
	}
	return out
}

// The steps of the three workflows, one after the other: the plan of a pull request, the apply
// of that very plan, the night after it, and a plan that nobody reviewed.
func TestAction(t *testing.T) {
	r := newRepository(t)
	planned := r.step(t, 0, "plan", "tenants/acme", "")
	if planned["exitcode"] != "2" || planned["plan"] != "reports/plan.json" || len(planned["digest"]) != 64 {
		t.Fatalf("plan gave %v", planned)
	}
	r.bash(t, 0, "cp -r reports reviewed && rm -r reports")
	r.step(t, 6, "apply", "reviewed/plan.json", "--expect-digest\n"+strings.Repeat("0", 64))
	applied := r.step(t, 0, "apply", "reviewed/plan.json", "--expect-digest\n"+planned["digest"]+"\n--max-age\n168h")
	if applied["exitcode"] != "0" {
		t.Errorf("apply gave %v", applied)
	}
	if night := r.step(t, 0, "drift", "tenants/acme", ""); night["exitcode"] != "0" {
		t.Errorf("drift gave %v", night)
	}
	r.step(t, 5, "apply", "reviewed/plan.json", "")
}

// fewChanges is a policy that the plan of the example breaks.
const fewChanges = `version: 1
policies:
  - id: few
    each: plan
    deny: plan.changes.size() > 1
    message: many changes
    examples:
      - {deny: true, plan: {changes: [{address: extension/1}, {address: extension/2}]}}
      - {deny: false, plan: {changes: []}}
`

// The plan of a change that weakens its own review: the comment and the annotations say it first,
// and the rules of the base branch hold.
func TestRulesOfTheBase(t *testing.T) {
	r := newRepository(t)
	r.bash(t, 0, "mkdir policies && cat > policies/rules.yaml <<'END'\n"+fewChanges+"END\ngit add policies && git commit -q -m rules && rm -r policies")
	r.step(t, 0, "plan", "tenants/acme", "")
	if got := r.step(t, 6, "plan", "tenants/acme", "--rules\nmain"); got["exitcode"] != "6" {
		t.Errorf("plan gave %v", got)
	}
	comment := r.bash(t, 0, "cat reports/comment.md")
	said, verdict := strings.Index(comment, "**weakened** <code>policies: few: was refuse"), strings.Index(comment, "to create")
	if said < 0 || verdict < said {
		t.Errorf("it is not said first: %s", comment)
	}
}

// gh is a program in the place of GitHub's own, which writes down what it is asked: there is a
// comment of another person, one of a bot, and ours where there is one.
const gh = `#!/bin/sh
echo "$@" >> "$ASKED"
case "$*" in
*--paginate*) cat "$COMMENTS" ;;
esac
`

// A comment is put once, and replaced after that, by its marker alone.
func TestComment(t *testing.T) {
	r := newRepository(t)
	if err := os.WriteFile(filepath.Join(r.bin, "gh"), []byte(gh), 0o700); err != nil { //nolint:gosec // a program is run
		t.Fatal(err)
	}
	script, err := filepath.Abs("github/comment.sh")
	if err != nil {
		t.Fatal(err)
	}
	asked := func(comments string) string {
		t.Helper()
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "comments"), []byte(comments), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(r.dir, "comment.md"), []byte("<!-- pbxsync: acme -->\ntext\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		r.bash(t, 0, "bash "+script+" 7 comment.md", "ASKED="+filepath.Join(dir, "asked"), "COMMENTS="+filepath.Join(dir, "comments"), "GITHUB_REPOSITORY=a/b")
		data, err := os.ReadFile(filepath.Join(dir, "asked"))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(data)), "\n")
		return lines[len(lines)-1]
	}
	const others = `{"id": 1, "user": {"type": "User"}, "body": "<!-- pbxsync: acme -->\n forged"}, {"id": 2, "user": {"type": "Bot"}, "body": "<!-- pbxsync: other -->\n"}`
	if got := asked(`[` + others + `]`); got != "api --method POST repos/a/b/issues/7/comments --field body=@comment.md --silent" {
		t.Error(got)
	}
	if got := asked(`[` + others + `, {"id": 3, "user": {"type": "Bot"}, "body": "<!-- pbxsync: acme -->\nold"}]`); got != "api --method PATCH repos/a/b/issues/comments/3 --field body=@comment.md --silent" {
		t.Error(got)
	}
	r.bash(t, 1, "echo nothing > x.md && bash "+script+" 7 x.md", "GITHUB_REPOSITORY=a/b")
}
