package observe

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"pbxsync/schema"
	"pbxsync/schema/file/export"
	"pbxsync/sync/call"
)

// Keep takes the content of a file under its name in the tenant's folder. It is called
// by several at the same time.
type Keep func(name string, data []byte) error

// saveContents downloads the files of the tenant's own objects, and gives each to Keep
// at once, so that few are in memory. It returns how many were skipped because of the
// options, and why others cannot stand beside the files.
func (w *importing) saveContents(ctx context.Context, part map[*schema.Object]bool) (int, map[*schema.Object]string, error) {
	var objects []*schema.Object
	for _, o := range w.live.Objects {
		if o.Kind.Content != nil && !o.Shared && (part == nil || part[o]) && export.Unnamable(o) == "" {
			objects = append(objects, o)
		}
	}
	if w.options.SkipContent {
		return len(objects), nil, nil
	}
	var mu sync.Mutex
	reasons := map[*schema.Object]string{}
	var jobs []func(context.Context) error
	names := schema.ContentNames(objects)
	for _, o := range objects {
		jobs = append(jobs, func(ctx context.Context) error {
			why, err := w.saveContent(ctx, o, names[o])
			if why != "" {
				mu.Lock()
				defer mu.Unlock()
				reasons[o] = why
			}
			return err
		})
	}
	return 0, reasons, w.jobs(ctx, jobs)
}

// saveContent downloads one file. It says why it could not be uploaded again, or "".
func (w *importing) saveContent(ctx context.Context, o *schema.Object, name string) (string, error) {
	ref, data, err := w.content(ctx, o)
	if err != nil && final(err) {
		return err.Error(), nil
	} else if err != nil {
		return "", err
	}
	if err := o.Kind.Content.Check(data); err != nil {
		return "what the tenant has " + err.Error(), nil
	}
	name += "." + ref.Type
	if w.options.Keep != nil {
		if err := w.options.Keep(name, data); err != nil {
			return "", err
		}
	}
	o.Values[o.Kind.Content.Field.Name] = ref.Named(name)
	return "", nil
}

// final reports that a download failed for a reason that will not pass: there is
// nothing, or the answer came whole and is no file.
func final(err error) bool {
	var whole interface{ IsWhole() bool }
	return call.Status(err) == http.StatusNotFound || errors.As(err, &whole) && whole.IsWhole() && call.Status(err)/100 == 2
}
