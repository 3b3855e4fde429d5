package sync

import (
	"context"

	"pbxsync/schema/file"
	"pbxsync/sync/pull"
)

// Pull takes the live tenant, or the part that Only chooses, over into the files of people, in
// memory. It cannot write to the server, and nothing is written to the disk.
func (e *Engine) Pull(ctx context.Context, files []file.File, o Options) (*pull.Pulled, error) {
	ctx, cancel := e.untilStop(ctx)
	defer cancel()
	w := e.work(nil, o, nil)
	w.drift = true // nothing is left out of what the files say
	return pull.Pull(ctx, e.Reader, files, o.Only, w.reading())
}
