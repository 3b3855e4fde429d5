package earlier

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/input"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync"
	"pbxsync/sync/observe"
)

// Finder finds a base.
type Finder struct {
	Catalogue *schema.Catalogue
	Files     input.Reader
	Getenv    func(string) string
	Stop      <-chan struct{} // closed when nobody waits for it any more; nil: never
}

// Find finds what a text names: a folder, a tenant's file, a snapshot, or a revision of git, in
// which the files at path are looked for. What may be meant in two ways is refused.
func (f Finder) Find(ctx context.Context, what, path string) (*sync.Base, error) {
	info, err := os.Stat(what)
	switch there := err == nil; {
	case what == "":
		return nil, exit.Fail(exit.Error, "--base is empty; name a revision of git, a folder of earlier files, or a snapshot")
	case err != nil && !errors.Is(err, fs.ErrNotExist) && !strings.ContainsRune(what, 0):
		return nil, exit.Fail(exit.Invalid, "--base %w; name another, or make it readable", err)
	case there && !clearly(what) && f.git(path).isRevision(ctx, what):
		return nil, exit.Fail(exit.Error, "--base %s is a revision of git, and something here has that name too; write ./%s for what is here, or refs/heads/%s or the like for the revision", what, what, what)
	case there && info.IsDir():
		return f.folder(what)
	case there && filepath.Ext(what) == ".json":
		return f.snapshot(ctx, what)
	case there:
		return f.folder(what)
	case clearly(what):
		return nil, exit.Fail(exit.Invalid, "--base %s is not there; name a revision of git, a folder of earlier files, or a snapshot", what)
	}
	return f.revision(ctx, what, path)
}

// clearly reports whether a text can only be a path.
func clearly(what string) bool {
	return filepath.IsAbs(what) || strings.HasPrefix(what, "./") || strings.HasPrefix(what, "../") || what == "." || what == ".." ||
		strings.HasSuffix(what, ".json") || strings.HasSuffix(what, ".yaml") || strings.HasSuffix(what, ".yml")
}

// folder reads earlier files.
func (f Finder) folder(dir string) (*sync.Base, error) {
	in, err := f.Files.Read(dir)
	if err != nil {
		return nil, err
	}
	b, err := f.parse(in.Files)
	if err != nil {
		return nil, err
	}
	b.Source, b.Where = sync.FromFolder, filepath.ToSlash(filepath.Clean(dir))
	return b, nil
}

// parse makes a base of files.
func (f Finder) parse(files []file.File) (*sync.Base, error) {
	t, problems := file.Parse(f.Catalogue, files)
	if err := problems.Err(); err != nil {
		return nil, problems.Errors()
	}
	for _, o := range t.Objects {
		if c := o.Kind.Content; c != nil {
			delete(o.Values, c.Field.Name) // which file it was is known, and not what was in it
		}
	}
	b := &sync.Base{}
	b.Tenant = t
	return b, nil
}

// snapshot reads what the API said earlier.
func (f Finder) snapshot(ctx context.Context, path string) (*sync.Base, error) {
	data, err := folder.Named(path, folder.Snapshot, f.Stop)
	if err != nil {
		return nil, input.Unread("", err)
	}
	s, err := observe.DecodeSnapshot(data)
	if err != nil {
		return nil, exit.Fail(exit.Invalid, "--base %s is no snapshot (%w); make one with import --snapshot FILE, or name a folder or a revision of git", path, err)
	}
	b, err := sync.BaseOf(ctx, f.Catalogue, s)
	if err != nil {
		return nil, exit.Fail(exit.Invalid, "--base %s: %w", path, err)
	}
	b.Where = filepath.ToSlash(path)
	return b, nil
}
