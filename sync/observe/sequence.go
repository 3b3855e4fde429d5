package observe

import (
	"context"

	"pbxsync/schema"
)

// ordered reports whether the order of a list of rows says something.
func ordered(k *schema.Kind) bool { return k.Form == schema.FormSequence }

// sequenceJob returns the call that reads the items of a sequence, and what takes them in as
// one object; of other kinds, none.
func (r *reading) sequenceJob(k *schema.Kind, parent *schema.Object) (func(context.Context) error, func() error) {
	if k.Each == nil {
		return nil, nil
	}
	var rows []map[string]any
	read := false
	job := func(ctx context.Context) error {
		l, extra, err := r.list(ctx, k.Each, parent)
		if err != nil {
			return r.spare(k, parent, l.path, err)
		}
		rows, read = l.rows, true
		r.count(func(c *Calls) { c.Lists += l.pages; c.Extra += extra })
		return nil
	}
	return job, func() error {
		if !read {
			return nil
		}
		o, err := r.live.NewSequence(k, parent, rows)
		if err != nil {
			return r.spareRow(k, parent, err)
		}
		r.live.Put(o)
		return nil
	}
}
