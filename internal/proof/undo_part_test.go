package proof

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/simulator"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

const undoneBefore = head + `extension_groups: {g: {}, h: {extra_params: x}}
extensions:
  "101": {type: phone, status: active, extension_group: g, phone: {record_enabled: false, hangup_timeout: 20}}
  "102": {type: ivr, status: active}
dids: {"493023125100": {extension: "101"}}
agents: {local: {L: {extension: "101", events: [{event_type: agent-login, method: GET, url: "https://a.example"}]}}}
variables: {A: "1"}
`

const undoneAfter = head + `extension_groups: {g: {absent: true}, i: {previously: [h]}}
extensions:
  "101": {absent: true}
  "102": {replaces: ["102"], type: queue, status: active, extension_group: i}
  "103": {type: phone, status: active, extension_group: i, phone: {record_enabled: true}}
dids: {"493023125100": {extension: "103"}}
agents: {local: {L: {absent: true}, M: {extension: "103"}}}
variables: {A: "2"}
`

// A run that was stopped after any number of steps is taken back as far as it came.
func TestUndoOfACutOffRun(t *testing.T) { onBoth(t, undoOfACutOffRun) }

func undoOfACutOffRun(t *testing.T, start func(*testing.T) *box) {
	for stopped := 1; ; stopped++ {
		b := start(t)
		b.options.Parallelism = 1
		b.apply(undoneBefore)
		before := b.snapshot()
		p := b.start(undoneAfter)
		if stopped > len(p.Steps) {
			break
		}
		stop := make(chan struct{})
		o := b.options
		o.Journal = b.records.begin(b)
		sum, err := carriedOut(context.Background(), b.api, p, secret, o, stop, &after{steps: stopped, do: func() { close(stop) }})
		if err != nil || sum.Done != stopped {
			t.Fatalf("stopped after %d: %v %+v", stopped, err, sum)
		}
		undoing := b.undo()
		b.returned(before, b.snapshot(), undoing.Left)
		if t.Failed() {
			t.Fatalf("stopped after %d of\n%s", stopped, steps(p))
		}
	}
}

// What a run did not come to is none of the undo's business, whoever edits it.
func TestUndoLeavesWhatWasNotDone(t *testing.T) { onBoth(t, undoLeavesWhatWasNotDone) }

func undoLeavesWhatWasNotDone(t *testing.T, start func(*testing.T) *box) {
	b := start(t)
	b.options.Parallelism = 1
	b.apply(undoneBefore)
	p := b.start(undoneAfter)
	if a := p.Steps[0].Changes[0]; a == "extension/101" || a == "did/493023125100" {
		t.Fatalf("the first step is of %s", a)
	}
	stop := make(chan struct{})
	o := b.options
	o.Journal = b.records.begin(b)
	if _, err := carriedOut(context.Background(), b.api, p, secret, o, stop, &after{steps: 1, do: func() { close(stop) }}); err != nil {
		t.Fatal(err)
	}
	b.theirs("extension", "101", "label", "theirs")
	b.theirs("did", "493023125100", "extension_id", "")
	undoing, s, way := b.undoing(len(b.records.files) - 1)
	if guards := undoing.Since(&s.Basis, nil); len(guards) > 0 {
		t.Errorf("%v", guards)
	}
	for _, step := range way.Steps {
		if a := step.Changes[0]; a == "extension/101" || a == "did/493023125100" {
			t.Errorf("it would %s %s", step.Method, a)
		}
	}
}

// A phone that cannot be recorded keeps its extension from being deleted, and nothing else.
func TestNoDeleteWithoutItsImage(t *testing.T) {
	b := testBox(t, simulator.Options{})
	b.apply(undoneBefore)
	p := b.start(undoneAfter)
	p.Before = slices.DeleteFunc(p.Before, func(o record.Object) bool { return o.Parent != "" }) // the plan could not look
	b.server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/phone/") {
			return false
		}
		http.Error(w, `{"message": "no"}`, http.StatusBadRequest)
		return true
	})
	sum, _ := b.run(p, nil)
	failed := stepOf(t, p, "DELETE extension/101")
	if sum.Failed != 1 || sum.Failures[0].Step.Number != failed.Number || sum.Done != len(p.Steps)-1-len(dependents(p, failed.Number)) {
		t.Errorf("%+v", *sum)
	}
	b.finish(undoneAfter)
}

// after does something when a number of steps are done.
type after struct {
	steps int
	do    func()
}

func (a *after) Event(e run.Event) {
	if _, ok := e.(run.StepDone); ok {
		if a.steps--; a.steps == 0 {
			a.do()
		}
	}
}

// What somebody edits after a run is named, whatever the run did there, and stays.
func TestUndoNamesLaterEdits(t *testing.T) { onBoth(t, undoNamesLaterEdits) }

func undoNamesLaterEdits(t *testing.T, start func(*testing.T) *box) {
	for _, tt := range []struct{ name, kind, key, field, value, want string }{
		{"of what it made", "extension", "103", "label", "theirs", ""},
		{"of what it made, and stated", "extension", "103", "status", "blocked", `extension/103: somebody changed status since the run made it: the run left "active", it is "blocked" now, and it would be deleted; undo the later run first, or take that back too with --overwrite extension/103`},
		{"of what it made again", "extension", "102", "status", "blocked", `extension/102: somebody changed status since the run made it: the run left "active", it is "blocked" now, and it would be deleted; `},
		{"of a number that it moved", "did", "493023125100", "extension_id", "", `did/493023125100: somebody changed extension since the run: the run left "103", it is null now, and would be "101" again; `},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := start(t)
			b.apply(undoneBefore)
			b.apply(undoneAfter)
			b.theirs(tt.kind, tt.key, tt.field, tt.value)
			undoing, s, _ := b.undoing(len(b.records.files) - 1)
			var got []string
			for _, g := range undoing.Since(&s.Basis, nil) {
				got = append(got, g.Error())
			}
			if text := strings.Join(got, "\n"); len(got) > 1 || !strings.HasPrefix(text, tt.want) || tt.want == "" && text != "" {
				t.Errorf("%s", text)
			}
			address := tt.kind + "/" + tt.key
			if rest := undoing.Since(&s.Basis, []string{address}); len(rest) > 0 {
				t.Errorf("allowed, and refused all the same: %v", rest)
			}
		})
	}
}

// theirs edits an object as somebody else would.
func (b *box) theirs(word, key, field, value string) {
	b.Helper()
	for _, it := range b.snapshot().of(b.cat.Kind(word)) {
		if it.key("12037") != key {
			continue
		}
		var v any = value
		if value == "" {
			v = nil
		}
		if err := b.edit(word, it.id, map[string]any{field: v}); err != nil {
			b.Fatalf("edit: %v", err)
		}
		return
	}
	b.Fatalf("no %s %s", word, key)
}
