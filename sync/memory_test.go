package sync_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pbxsync/internal/canned"
	"pbxsync/sync"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
	"pbxsync/sync/undo"
)

// memory is a Store that tells what it is asked, and remembers the last run.
type memory struct {
	tell  func(string)
	known record.Records
	past  *undo.Past
	fails string // the call that fails: lock, known, begin, settled, finished, verified, discard, calm
	cut   []string
	alone error
	first bool
	other bool // the server names the tenant otherwise than the files

	journal *canned.Journal
}

var errBroken = errors.New("the disk is broken")

func (m *memory) asked(call string, args ...any) error {
	m.tell(strings.TrimSpace("store " + call + " " + fmt.Sprintln(args...)))
	if m.fails == call {
		return errBroken
	}
	return nil
}

func (m *memory) Known(plan.TenantID) (*record.Records, error) {
	known := m.known
	known.Open = slices.Clone(known.Open)
	if m.fails == "known" {
		return nil, errBroken
	}
	return &known, nil
}

func (m *memory) Past(run string) (*undo.Past, error) {
	if m.past == nil {
		return nil, fmt.Errorf("there is no run %s", run)
	}
	return m.past, nil
}

func (m *memory) Lock(t plan.TenantID) (sync.Lock, error) {
	if err := m.asked("lock", t); err != nil {
		return nil, &sync.Failure{End: sync.Locked, Err: err}
	}
	return &memoryLock{m, t.Name}, nil
}

func (m *memory) Same(a, b plan.TenantID) bool { return !m.other }

func (m *memory) Begin(t plan.TenantID, digest string, steps int) (sync.Record, error) {
	if digest != "" {
		digest = "a digest"
	}
	if err := m.asked("begin", t.Name, digest, steps); err != nil {
		return nil, err
	}
	m.journal = &canned.Journal{Told: m.tell}
	return &memoryRecord{m.journal, m}, nil
}

func (m *memory) KeepBase(t plan.TenantID, b record.Base) error {
	if m.fails == "base" {
		return errBroken
	}
	b.Taken = "2026-01-02T03:04:05Z"
	m.known.Base = &b
	return nil
}

type memoryRecord struct {
	*canned.Journal
	store *memory
}

func (r *memoryRecord) Run() string { return "r" }
func (r *memoryRecord) Settled(s record.Settled) error {
	return r.store.asked("settled", fmt.Sprintf("%+v", s))
}
func (r *memoryRecord) Finished(s *run.Summary) error {
	return r.store.asked("finished", s.Done, s.Failed, s.Skipped)
}
func (r *memoryRecord) Verified(v record.Verified) error {
	return r.store.asked("verified", canned.JSON(v))
}
func (r *memoryRecord) Close() error {
	r.store.past = &undo.Past{Run: "r", Plan: r.Journal.Plan, Before: r.Images, Begun: r.Begun, Made: r.Made}
	return r.store.asked("close")
}
func (r *memoryRecord) Discard() error { return r.store.asked("discard") }

type memoryLock struct {
	*memory
	name string
}

func (l *memoryLock) Alone() error      { return l.alone }
func (l *memoryLock) First() bool       { return l.first }
func (l *memoryLock) CutOff() []string  { return l.cut }
func (l *memoryLock) Calm() error       { return l.asked("calm") }
func (l *memoryLock) Resumed()          { _ = l.asked("resumed", l.name) }
func (l *memoryLock) Release(sure bool) { _ = l.asked("release", l.name, sure) }

// teller is an operator that tells what it is told, and approves or not.
type teller struct {
	tell    func(string)
	refuses error
}

func (t teller) Event(e run.Event) {
	switch e := e.(type) {
	case run.StepDone:
		t.tell(fmt.Sprintf("done %d", e.Step.Number))
	case run.StepFailed:
		t.tell(fmt.Sprintf("failed %d: %v", e.Step.Number, e.Err))
	}
}

func (t teller) Notice(n sync.Notice) {
	text := fmt.Sprintf("%T", n)
	switch n := n.(type) {
	case sync.Read:
		text += fmt.Sprintf(" %d", len(n.Objects))
	case sync.Warned:
		for _, p := range n.Problems {
			text += "\n  " + p.String()
		}
	case sync.Missing:
		text += " " + n.Run
	case sync.Alone:
		text += " " + n.Why.Error()
	case sync.CutOff:
		text += fmt.Sprintf(" %s %s", n.Run, n.Wait)
	case sync.Looking:
		text += fmt.Sprintf(" %d %s", len(n.Open), n.Wait)
	case sync.Settled:
		text += fmt.Sprintf(" %+v of %v", n.Settled, n.Open)
	}
	t.tell(strings.TrimPrefix(text, "sync."))
}

func (t teller) Approve(_ context.Context, p *sync.Planned) error {
	t.tell(fmt.Sprintf("approve %d steps, lost %q", len(p.Plan.Steps), p.Lost))
	return t.refuses
}
