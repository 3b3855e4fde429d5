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

// Finder finds what a flag names.
type Finder struct {
	Flag      string // by which it is named
	Catalogue *schema.Catalogue
	Files     input.Reader
	Getenv    func(string) string
	Stop      <-chan struct{} // closed when nobody waits for it any more; nil: never
}

// The flags that name what is found.
const (
	Base  = "base"
	Rules = "rules"
)

// found are files as they were, or the path of a snapshot.
type found struct {
	files, policies []file.File
	known           bool // whether all policies are among them
	source          sync.Source
	where, taken    string
}

// ways is what can be named.
func (f Finder) ways() string {
	if f.Flag == Rules {
		return "name a revision of git, or a folder with the files of this tenant"
	}
	return "name a revision of git, a folder of earlier files, or a snapshot"
}

// fail words what is wrong with the value of the flag.
func (f Finder) fail(code int, what, format string, args ...any) error {
	return exit.Fail(code, "--"+f.Flag+" %s"+format, append([]any{what}, args...)...)
}

// find finds what a text names: a folder, a tenant's file, a snapshot, or a revision of git, in
// which the files at path are looked for. What may be meant in two ways is refused.
func (f Finder) find(ctx context.Context, what, path string) (*found, error) {
	info, err := os.Stat(what)
	switch there := err == nil; {
	case what == "":
		return nil, exit.Fail(exit.Error, "--%s is empty; %s", f.Flag, f.ways())
	case err != nil && !errors.Is(err, fs.ErrNotExist) && !strings.ContainsRune(what, 0):
		return nil, exit.Fail(exit.Invalid, "--%s %w; name another, or make it readable", f.Flag, err)
	case there && !clearly(what) && f.git(path).isRevision(ctx, what):
		return nil, f.fail(exit.Error, what, " is a revision of git, and something here has that name too; write ./%s for what is here, or refs/heads/%s or the like for the revision", what, what)
	case there && !info.IsDir() && filepath.Ext(what) == ".json":
		return &found{source: sync.FromSnapshot, where: what}, nil
	case there:
		return f.folder(what)
	case clearly(what):
		return nil, f.fail(exit.Invalid, what, " is not there; %s", f.ways())
	}
	return f.revision(ctx, what, path)
}

// clearly reports whether a text can only be a path.
func clearly(what string) bool {
	return filepath.IsAbs(what) || strings.HasPrefix(what, "./") || strings.HasPrefix(what, "../") || what == "." || what == ".." ||
		strings.HasSuffix(what, ".json") || strings.HasSuffix(what, ".yaml") || strings.HasSuffix(what, ".yml")
}

// folder reads files that lie elsewhere.
func (f Finder) folder(dir string) (*found, error) {
	in, err := f.Files.Read(dir)
	if err != nil {
		return nil, err
	}
	out := &found{files: in.Files, source: sync.FromFolder, where: filepath.ToSlash(filepath.Clean(dir))}
	out.policies, out.known, err = f.Files.Policies(in.Dir)
	return out, err
}

// Base finds what the tenant was like earlier, and by which rules it was reviewed then.
func (f Finder) Base(ctx context.Context, what, path string) (*sync.Base, error) {
	got, err := f.find(ctx, what, path)
	if err != nil {
		return nil, err
	}
	if got.source == sync.FromSnapshot {
		return f.snapshot(ctx, what)
	}
	t, err := f.tenant(got)
	if err != nil {
		return nil, err
	}
	b := &sync.Base{Source: got.source, Where: got.where, Taken: got.taken}
	b.Tenant = t
	b.Rules, _, _ = f.rules(t, got) // policies that cannot be read any more are not known
	for _, o := range t.Objects {
		if c := o.Kind.Content; c != nil {
			delete(o.Values, c.Field.Name) // which file it was is known, and not what was in it
		}
	}
	return b, nil
}

// tenant makes a tenant of files.
func (f Finder) tenant(got *found) (*schema.Tenant, error) {
	t, problems := file.Parse(f.Catalogue, got.files)
	if problems.Err() != nil {
		return nil, problems.Errors()
	}
	return t, nil
}

// snapshot reads what the API said earlier.
func (f Finder) snapshot(ctx context.Context, path string) (*sync.Base, error) {
	data, err := folder.Named(path, folder.Snapshot, f.Stop)
	if err != nil {
		return nil, input.Unread("", err)
	}
	s, err := observe.DecodeSnapshot(data)
	if err != nil {
		return nil, f.fail(exit.Invalid, path, " is no snapshot (%w); make one with import --snapshot FILE, or name a folder or a revision of git", err)
	}
	b, err := sync.BaseOf(ctx, f.Catalogue, s)
	if err != nil {
		return nil, f.fail(exit.Invalid, path, ": %w", err)
	}
	b.Where = filepath.ToSlash(path)
	return b, nil
}
