package sync

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	gosync "sync"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// This file saves the calls of the second reading that would show what was shown already. Lists
// of the tenant are always read again: they show doubles, and most of what other people do.
// What lies below one of their rows is asked for again where the run wrote to it or refers to
// it, and where its row is another one than before.

// sight is a Reader that remembers what it was shown below the objects of lists.
type sight struct {
	call.Reader
	mu    gosync.Mutex
	shown map[string]answer // by path
	rows  map[string]uint64 // sums of rows, by objects as in their paths, such as extension/503

	before  *sight         // of the first reading; nil: this is it
	touched map[int64]bool // ids of what was written to, or of what that refers to
}

// answer is what a call was answered: with a value, or with rows.
type answer struct {
	value any
	rows  []map[string]any
}

func seeing(r call.Reader) *sight {
	return &sight{Reader: r, shown: map[string]answer{}, rows: map[string]uint64{}}
}

// again is the Reader of a second reading, after objects with these ids were touched.
func (s *sight) again(touched map[int64]bool) *sight {
	second := seeing(s.Reader)
	second.before, second.touched = s, touched
	return second
}

// Get returns one answer, as it was where nothing can have changed.
func (s *sight) Get(ctx context.Context, path string) (any, error) {
	if a, still := s.unchanged(path); still {
		return a.value, nil
	}
	v, err := s.Reader.Get(ctx, path)
	if err == nil {
		s.keep(path, answer{value: v})
	}
	return v, err
}

// List returns the rows of a list, as they were where nothing can have changed: without a page.
func (s *sight) List(ctx context.Context, path string, how schema.Listing) ([]map[string]any, int, int, error) {
	if a, still := s.unchanged(path); still {
		s.note(path, a.rows)
		return a.rows, 0, 0, nil
	}
	rows, pages, extra, err := s.Reader.List(ctx, path, how)
	if err == nil {
		s.keep(path, answer{rows: rows})
		s.note(path, rows)
	}
	return rows, pages, extra, err
}

// keep remembers an answer of the first reading, where it is about what lies below an object.
func (s *sight) keep(path string, a answer) {
	if owner, _ := ownerIn(path); s.before != nil || owner == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown[path] = a
}

// note remembers the rows of a list. Of a row that two answers show differently nothing is known.
func (s *sight) note(path string, rows []map[string]any) {
	parts := segments(path)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, row := range rows {
		key := fmt.Sprintf("%s/%v", parts[len(parts)-1], row["id"])
		sum := call.Sum(row)
		if old, known := s.rows[key]; known && old != sum {
			sum = 0
		}
		s.rows[key] = sum
	}
}

// unchanged returns what the first reading was answered, where the row of the object was read
// again since, is as it was, and nothing on the path was touched.
func (s *sight) unchanged(path string) (answer, bool) {
	if s.before == nil {
		return answer{}, false
	}
	owner, ids := ownerIn(path)
	if slices.ContainsFunc(ids, func(id int64) bool { return s.touched[id] }) {
		return answer{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.rows[owner]
	a, known := s.before.shown[path]
	return a, known && now != 0 && now == s.before.rows[owner]
}

// ownerIn returns the last object on a path, such as extension/503, and the ids of all.
func ownerIn(path string) (owner string, ids []int64) {
	parts := segments(path)
	for i, part := range parts {
		if id, err := strconv.ParseInt(part, 10, 64); err == nil && i > 0 {
			owner, ids = parts[i-1]+"/"+part, append(ids, id)
		}
	}
	return owner, ids
}

func segments(path string) []string {
	path, _, _ = strings.Cut(path, "?")
	return strings.Split(strings.Trim(path, "/"), "/")
}

// sparing returns the Reader of the second reading. It asks for everything where that was
// wanted, where an answer was lost, and where a step takes something away from those that refer
// to it, or changes a bundle, each of whose members has its own view of it.
func (p *proof) sparing() call.Reader {
	done := p.applied.Summary
	if p.seen == nil || done.Lost > 0 || done.Created != nil || spreads(p.now.State.Diff.Changes) {
		return p.Reader
	}
	return p.seen.again(touchedBy(p.now.Plan, p.now.State.Diff.Changes))
}

// spreads reports whether changes reach what no step names.
func spreads(changes []*diff.Change) bool {
	return slices.ContainsFunc(changes, func(ch *diff.Change) bool { return ch.Ends() || ch.Bundles() })
}

// touchedBy returns the ids of what a plan writes to or refers to, of what is above that, and
// of the tenant, whose lists are read again in any case.
func touchedBy(p *plan.Plan, changes []*diff.Change) map[int64]bool {
	out := map[int64]bool{p.Tenant.ID: true}
	for _, id := range p.IDs {
		out[id] = true
	}
	for _, step := range p.Steps {
		_, ids := ownerIn(step.Path)
		for _, id := range ids {
			out[id] = true
		}
	}
	for _, ch := range changes {
		for o := ch.Live; o != nil; o = o.Parent {
			out[o.ID] = true
		}
	}
	return out
}
