package run

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// Stale says that what a plan was made from has moved.
type Stale struct{ Problems schema.Problems }

// Error returns every problem on a line of its own.
func (s *Stale) Error() string { return s.Problems.Error() }

// Unwrap returns the problems.
func (s *Stale) Unwrap() error { return s.Problems }

// checkFiles makes sure, before the first write, that each file is what was planned.
func (r *sending) checkFiles() error {
	var problems schema.Problems
	for _, s := range r.plan.Steps {
		for _, name := range slices.Sorted(maps.Keys(s.Body)) {
			if f, ok := s.Body[name].(plan.FileOf); ok {
				if _, err := readFile(f, r.folder); err != nil {
					problems = append(problems, schema.Problem{Address: s.Changes[0], Message: err.Error(), Hint: "nothing was written; make the plan again"})
				}
			}
		}
	}
	if len(problems) > 0 {
		return &Stale{problems.Sort()}
	}
	return nil
}

// readFile reads the bytes, which have to be those of the plan.
func readFile(f plan.FileOf, folder schema.Folder) ([]byte, error) {
	data, err := f.Rule.Read(folder, f.Name)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%q %w", f.Name, err)
	case !f.Ref.Is(data):
		return nil, fmt.Errorf("%q is not the file of the plan any more", f.Name)
	}
	return data, nil
}

// deliver makes the call of a step, as a form where it carries a file.
func (r *sending) deliver(ctx context.Context, s *plan.Step, path string, body map[string]any) (map[string]any, error) {
	fields := map[string]string{}
	var file *call.File
	for _, name := range slices.Sorted(maps.Keys(body)) {
		if f, ok := body[name].(plan.FileOf); ok {
			data, err := readFile(f, r.folder)
			if err != nil {
				return nil, err
			}
			file = &call.File{Field: name, Name: f.As, Data: data}
			continue
		}
		fields[name] = fmt.Sprint(body[name])
	}
	if file == nil {
		return r.api.Send(ctx, s.Method, path, body)
	}
	return r.api.SendForm(ctx, path, fields, *file)
}
