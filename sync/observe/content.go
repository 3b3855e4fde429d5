package observe

import (
	"context"
	"fmt"

	"pbxsync/schema"
	"pbxsync/sync/call"
)

// This file is the one place of the behaviour FileContent in this package: content is
// read for the comparison, becomes steps, and is sent.

// contents downloads what the live objects have where the files name a file.
func (r *reading) contents(ctx context.Context) error {
	var jobs []func(context.Context) error
	var done []func() error
	for _, o := range r.desired.Objects {
		live := r.live.Object(o.Address())
		if o.Kind.Content == nil || live == nil || o.Values[o.Kind.Content.Field.Name] == nil {
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
	path, err := call.Fill(live.DownloadPath(), func(symbol string) int64 {
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

// keepContent notes what a file is.
func (s *Snapshot) keepContent(path string, ref schema.FileRef) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Contents[path] = ref
}

// Describe tells what a file is: enough to compare it with another one.
func (s *Snapshot) Describe(path string) (schema.FileRef, error) {
	ref, ok := s.Contents[path]
	if !ok && s.Refused[path] == 0 {
		return ref, fmt.Errorf("the snapshot does not tell what GET %s gives; make it again with import --snapshot and without --skip-content, or plan with --skip-content", path)
	} else if !ok {
		return ref, s.missing(path)
	}
	return ref, nil
}
