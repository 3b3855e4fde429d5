package run

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// This file finds out what became of a create whose answer was lost. It may have been
// done, it may not, or it will be done a moment later. So the tenant is looked at until
// the object is there, or until the time is over in which that could still happen. Only
// then may the create be sent again.

// maxAttempts is how often a create is sent in all.
const maxAttempts = 3

// Ambiguous says that nobody but a person can tell what a create has made.
type Ambiguous struct {
	Address string
	IDs     []int64 // of objects that may be the one; empty where the API lists none
	Run     string
	Step    int
	Spare   string // what files say so that the last of them is deleted, or ""
}

// Way is what to do, with the command that goes on.
func (a *Ambiguous) Way() string {
	return fmt.Sprintf("look in the PBX, then pbxsync settle %s %d --adopt ID, or --forget where there is none", a.Run, a.Step)
}

// Error lists what was found, and says what to do.
func (a *Ambiguous) Error() string {
	if len(a.IDs) == 0 {
		return fmt.Sprintf("it is not known whether %s was created, and the API does not list its kind; %s", a.Address, a.Way())
	}
	return fmt.Sprintf("%s was sent once without an answer, and may be any of the ids %s, or none; %s", a.Address, strings.Trim(fmt.Sprint(a.IDs), "[]"), a.Way())
}

// IsDoubtful says that the outcome is still unknown.
func (a *Ambiguous) IsDoubtful() bool { return true }

// search looks for what a create has made.
type search struct {
	api    call.Reader
	kind   *schema.Kind
	prefix string
	intent *record.Intent
	known  map[int64]bool // ids that are explained already
	count  func(calls int)
}

// findings are the new objects with the key of the create.
type findings struct {
	equal []int64 // equal in whatever was sent and can be read
	all   []int64
}

// look reads the list once, or until two passes in a row agree where it is a long one.
func (s *search) look(ctx context.Context) (findings, error) {
	const most = 6
	var before *findings
	for range most {
		rows, pages, extra, err := s.api.List(ctx, s.path(), s.kind.Listing())
		s.count(pages + extra)
		if call.Status(err) == http.StatusNotFound {
			return findings{}, nil // its parent is gone, and it with that
		}
		if err != nil {
			return findings{}, err
		}
		now, err := s.among(rows)
		if err != nil {
			return findings{}, err
		}
		if pages <= 1 || before != nil && reflect.DeepEqual(*before, now) {
			return now, nil
		}
		before = &now
	}
	return findings{}, fmt.Errorf("GET %s: the list changes from one reading to the next", s.intent.Path)
}

func (s *search) among(rows []map[string]any) (findings, error) {
	var f findings
	for _, row := range rows {
		id, key, err := s.identify(row)
		if err != nil {
			return f, fmt.Errorf("GET %s: %w", s.intent.Path, err) // it may be the one that is looked for
		}
		if key != s.intent.Key && keyed(s.kind) || id <= 0 || s.known[id] || slices.Contains(s.intent.Baseline, id) {
			continue
		}
		f.all = append(f.all, id)
		if s.asSent(row) {
			f.equal = append(f.equal, id)
		}
	}
	slices.Sort(f.all)
	slices.Sort(f.equal)
	return f, nil
}

// asSent reports whether a row has every value that was sent and can be read back, and
// otherwise nothing that our create would not have made.
func (s *search) asSent(row map[string]any) bool {
	for _, f := range s.kind.Fields {
		now := f.Live(row[f.Answer], s.prefix)
		sent, ok := s.intent.Sent[f.API]
		switch {
		case f.Once || f.Apart || s.kind.IsKey(f): // the key is that of the create
		case !ok && f.Comparable() && !s.fillsIn(f, now):
			return false
		case ok && !schema.Equal(now, f.Live(plan.ThroughJSON(sent), s.prefix)):
			return false
		}
	}
	return true
}

// byServer reports whether a server may fill in a value that a create does not state:
// its documented default, or none where only people refer and write free text. Of
// anything else it is not known what it fills in.
func byServer(f *schema.Field, now any) bool {
	switch {
	case f.HasDefault:
		return schema.Equal(now, f.Live(f.Default, ""))
	case f.Ref != nil, f.Type == "string" && f.Format == "" && len(f.Enum)+len(f.Words) == 0:
		return now == nil || now == ""
	}
	return true
}

// wait looks at 1, 2, 4 … seconds until something is there or the time is over. It
// reports false where it was stopped before.
func (s *search) wait(ctx context.Context, whole time.Duration, stop <-chan struct{}) (findings, bool, error) {
	pause, waited := min(time.Second, max(whole/8, time.Millisecond)), time.Duration(0)
	for {
		f, err := s.look(ctx)
		if len(f.all) > 0 || waited >= whole {
			return f, true, err
		}
		pause = min(pause, whole-waited)
		select {
		case <-time.After(pause):
		case <-stop:
			return findings{}, false, nil
		case <-ctx.Done():
			return findings{}, false, ctx.Err()
		}
		waited += pause
		pause *= 2
	}
}

// verdict is what was found out about a create.
type verdict struct {
	id  int64 // of the object that it made
	not bool  // it was certainly not done
	err error // it is still unknown
}

// resolveCreate decides about a create whose outcome is unknown.
func (r *sending) resolveCreate(ctx context.Context, i record.Intent, k *schema.Kind, lost error) verdict {
	if !record.Listed(k) {
		return verdict{err: fmt.Errorf("%w; %w", lost, r.ambiguous(i, nil))}
	}
	if r.settle <= 0 {
		return verdict{err: lost} // the next run looks
	}
	s := &search{api: r.api, kind: k, prefix: r.plan.Tenant.Prefix, intent: &i, known: r.madeItems(k), count: func(n int) { r.settling.Add(int64(n)) }}
	f, over, err := s.wait(ctx, r.settle, r.stop)
	switch {
	case err != nil:
		return verdict{err: fmt.Errorf("%w; looking for what it made: %w", lost, err)}
	case !over:
		return verdict{err: lost}
	case len(f.all) == 0:
		return verdict{not: true}
	case len(f.all) == 1 && len(f.equal) == 1:
		return verdict{id: f.all[0]}
	}
	return verdict{err: fmt.Errorf("%w; %w", lost, r.ambiguous(i, f.all))}
}

func (r *sending) ambiguous(i record.Intent, ids []int64) error {
	return &Ambiguous{Address: i.Addresses[0], IDs: ids, Run: r.name, Step: i.Step}
}
