package undo_test

import (
	"fmt"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
	"pbxsync/sync/undo"
)

// scene is a run that is taken back.
type scene struct {
	name   string
	files  string               // behind the line of the tenant
	before func(*canned.Server) // makes the tenant that the run finds
	reads  func(*observe.Options)
	past   func(*undo.Past)     // changes what the record tells of the run
	after  func(*canned.Server) // what somebody does after the run
	only   []string
	// respelled is what is on record of other forms.
	respelled []record.Respelled
}

const comment = "What is wanted to take each run back, and what that does. With UPDATE=1 the tests write it: read the difference.\n"

// scenes plays each run and its way back, and compares what is wanted, lost, refused and sent
// with the part of the same name in testdata.
func scenes(t *testing.T, file string, list []scene) { canned.Scenes(t, file, comment, list) }

// Title returns the name of the scene.
func (s scene) Title() string { return s.name }

// Play plays it.
func (s scene) Play(t *testing.T) string {
	t.Helper()
	l := canned.NewServer()
	l.Keeps = true
	if s.before != nil {
		s.before(l)
	}
	text := s.files + "\n"
	if !strings.HasPrefix(text, "version") {
		text = tenantLine + text
	}
	o := observe.Options{Catalogue: schema.Builtin(), Parallelism: 1, Records: canned.NoneSaid}
	if s.reads != nil {
		s.reads(&o)
	}
	desired := canned.Parse(t, text)
	if o.Folder != nil {
		if problems := desired.Contents(o.Folder); len(problems) > 0 {
			t.Fatal(problems)
		}
	}
	state, err := observe.Observe(t.Context(), l, desired, o)
	if err != nil || len(state.Guards) > 0 || state.Problems.Err() != nil {
		t.Fatal(err, state)
	}
	past := carriedOut(t, l, canned.Order(t, &state.Basis), run.Options{Folder: o.Folder})
	if s.past != nil {
		s.past(past)
	}
	if s.after != nil {
		s.after(l)
	}
	return strings.Join(wayBack(t, l, past, s), "\n") + "\n"
}

// wayBack tells what undoes a run.
func wayBack(t *testing.T, l *canned.Server, past *undo.Past, sc scene) (out []string) {
	t.Helper()
	tell := func(what string, list []string) {
		for _, line := range list {
			out = append(out, what+" "+line)
		}
	}
	u, err := undo.Undo(schema.Builtin(), past)
	if err == nil && sc.only != nil {
		err = u.Only(sc.only)
	}
	if err != nil {
		return []string{"refused " + err.Error()}
	}
	tell("wants", described(u.Tenant))
	tell("lost", u.Lost())
	records := func(plan.TenantID) (*record.Records, error) { return &record.Records{Respelled: sc.respelled}, nil }
	s, err := observe.Observe(t.Context(), l, u.Tenant, observe.Options{Catalogue: schema.Builtin(), Parallelism: 1, Records: records})
	if err != nil {
		return append(out, "not to be compared: "+err.Error())
	}
	for _, p := range s.Problems {
		out = append(out, "problem "+p.String())
	}
	for _, g := range s.Guards {
		out = append(out, "guard "+g.Error())
	}
	tell("since", words(u.Since(&s.Basis, nil)))
	tell("sends", canned.Calls(canned.Order(t, &s.Basis)))
	u.Word(&s.Basis)
	for _, ch := range s.Diff.Changes {
		out = append(out, fmt.Sprintf("why %s: %s", ch.Address(), ch.Why))
	}
	return out
}
