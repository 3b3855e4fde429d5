package sync

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
)

// This file is the one place of the behaviour FileContent in this package: content is
// read for the comparison, becomes steps, and is sent.

// contents downloads what the live objects have where the files name a file.
func (r *reading) contents(ctx context.Context) error {
	var jobs []func(context.Context) error
	var done []func() error
	for _, o := range r.desired.Objects {
		live := r.live.Object(o.Address())
		if o.Kind.Content == nil || live == nil || o.Absent || o.Values[o.Kind.Content.Field.Name] == nil {
			continue
		}
		if r.options.SkipContent {
			r.skipped = append(r.skipped, live)
			continue
		}
		job, put := r.contentJob(o, live)
		jobs, done = append(jobs, job), append(done, put)
	}
	return r.run(ctx, jobs, done)
}

func (r *reading) contentJob(o, live *schema.Object) (func(context.Context) error, func() error) {
	c := o.Kind.Content
	var value map[string]any
	job := func(ctx context.Context) error {
		ref, _, err := r.content(ctx, live)
		value = ref.Named(schema.FileRefOf(o.Values[c.Field.Name]).Name)
		return err
	}
	return job, func() error { live.Values[c.Field.Name] = value; return nil }
}

// describer is a reader that knows what is in files without having them.
type describer interface {
	Describe(path string) (schema.FileRef, error)
}

// content returns what the file of a live object is, with its bytes where the reader
// has them.
func (r *reading) content(ctx context.Context, live *schema.Object) (schema.FileRef, []byte, error) {
	path, err := fill(live.DownloadPath(), func(symbol string) int64 {
		if symbol == schema.TenantSymbol {
			return r.live.ID
		}
		return live.ID
	})
	if err != nil {
		return schema.FileRef{}, nil, err
	}
	if d, ok := r.api.(describer); ok {
		ref, err := d.Describe(path)
		return ref, nil, err
	}
	r.count(func(calls *Calls) { calls.Items++ })
	data, err := r.api.Download(ctx, path, maxDownload)
	if err != nil {
		r.record.refuse(path, err)
		return schema.FileRef{}, nil, err
	}
	r.count(func(calls *Calls) { calls.Downloads++; calls.Bytes += int64(len(data)) })
	ref := live.Kind.Content.Describe(data)
	r.record.keepContent(path, ref)
	return ref, data, nil
}

// maxDownload is more than any upload may have: a server may convert what it is given.
const maxDownload = 256 << 20

// replaceContent makes the step that replaces the content of a file, if the change
// has one. The API takes it apart from all other fields.
func (b *builder) replaceContent(ch *diff.Change) *node {
	o := ch.Desired
	c := o.Kind.Content
	if c == nil || !changesField(ch, c.Field) {
		return nil
	}
	body := map[string]any{c.Field.API: fileOf(o, o.Values[c.Field.Name])}
	return b.add(&node{Step: Step{Method: http.MethodPost, Path: o.ItemPath(), Body: body, Changes: others(ch)}, content: true})
}

// others names the change at a step that is not its only one.
func others(ch *diff.Change) []string {
	if len(ch.Fields) == 1 {
		return nil
	}
	return []string{ch.Address()}
}

func fileOf(o *schema.Object, v any) FileOf {
	ref := schema.FileRefOf(v)
	return FileOf{Name: ref.Name, As: ref.UploadName(o), Size: ref.Size, SHA256: ref.SHA256, ref: ref, rule: o.Kind.Content}
}

// Stale says that what a plan was made from has moved.
type Stale struct{ Problems schema.Problems }

// Error returns every problem on a line of its own.
func (s *Stale) Error() string { return s.Problems.Error() }

// Unwrap returns the problems.
func (s *Stale) Unwrap() error { return s.Problems }

// checkFiles makes sure, before the first write, that each file is what was planned.
func (r *run) checkFiles() error {
	var problems schema.Problems
	for _, s := range r.plan.Steps {
		for _, name := range slices.Sorted(maps.Keys(s.Body)) {
			if f, ok := s.Body[name].(FileOf); ok {
				if _, err := f.read(r.folder); err != nil {
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

// read reads the bytes, which have to be those of the plan.
func (f FileOf) read(folder schema.Folder) ([]byte, error) {
	data, err := f.rule.Read(folder, f.Name)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%q %w", f.Name, err)
	case !f.ref.Is(data):
		return nil, fmt.Errorf("%q is not the file of the plan any more", f.Name)
	}
	return data, nil
}

// deliver makes the call of a step, as a form where it carries a file.
func (r *run) deliver(ctx context.Context, s *Step, path string, body map[string]any) (map[string]any, error) {
	fields := map[string]string{}
	var file *File
	for _, name := range slices.Sorted(maps.Keys(body)) {
		if f, ok := body[name].(FileOf); ok {
			data, err := f.read(r.folder)
			if err != nil {
				return nil, err
			}
			file = &File{Field: name, Name: f.As, Data: data}
			continue
		}
		fields[name] = fmt.Sprint(body[name])
	}
	if file == nil {
		return r.api.Send(ctx, s.Method, path, body)
	}
	return r.api.SendForm(ctx, path, fields, *file)
}
