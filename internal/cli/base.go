package cli

import (
	"context"
	"path/filepath"

	"pbxsync/internal/earlier"
	"pbxsync/internal/savedplan"
	"pbxsync/sync"
)

// base finds what --base names, nil where it is not stated.
func (p *Program) base(ctx context.Context, o *common, j *job) (*sync.Base, error) {
	if !o.stated["base"] {
		return nil, nil
	}
	where := j.where
	if filepath.Ext(where) == savedplan.Ext {
		where = j.dir
	}
	return earlier.Finder{Catalogue: p.Catalogue, Files: p.files(), Getenv: p.Getenv, Stop: p.Stop}.Find(ctx, o.base, where)
}
