package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"pbxsync/schema"
)

// schemaFile is the JSON Schema of tenant files, for editors.
const schemaFile = "tenant.schema.json"

// target is the folder into which a tenant is imported.
type target struct {
	dir   string
	force bool
}

func newTarget(dir string, force bool) *target { return &target{dir, force} }

// check refuses, before any call is made, a folder that has a tenant already.
func (t *target) check() error {
	if t == nil {
		return nil
	}
	if t.dir == stdinPath || isTenantFile(filepath.Base(t.dir)) {
		return fail(exitError, "import writes a folder; %s is none", t.dir)
	}
	entries, err := os.ReadDir(t.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fail(exitError, "%s: a folder is due: %w", t.dir, err)
	}
	for _, e := range entries {
		if t.taken(e.Name()) && !t.force {
			return fail(exitError, "%s has %s already; name an empty or new folder, or overwrite with --force", t.dir, e.Name())
		}
	}
	return nil
}

// taken tells files that an import could overwrite, or that would say something
// beside what it writes.
func (t *target) taken(name string) bool { return isTenantFile(name) || name == schemaFile }

// write puts the files into the folder: first all of them beside their places, then
// each into its own, the one without which the folder says nothing last.
func (t *target) write(files []schema.File) error {
	if err := t.left(files); err != nil {
		return err
	}
	parent, made := filepath.Dir(filepath.Clean(t.dir)), false
	if _, err := os.Stat(t.dir); errors.Is(err, fs.ErrNotExist) {
		made = true
	} else {
		parent = t.dir
	}
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(parent, ".pbxsync-import-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	for _, f := range files {
		if err := writeSynced(filepath.Join(tmp, f.Name), f.Data); err != nil {
			return err
		}
	}
	if made {
		if err := os.Chmod(tmp, 0o755); err != nil {
			return err
		}
		return os.Rename(tmp, t.dir)
	}
	return t.move(tmp, files)
}

// left refuses files of another import that the new ones would not overwrite.
func (t *target) left(files []schema.File) error {
	entries, _ := os.ReadDir(t.dir)
	for _, e := range entries {
		if isTenantFile(e.Name()) && !slices.ContainsFunc(files, func(f schema.File) bool { return f.Name == e.Name() }) {
			return fail(exitError, "%s would stand beside the imported files and say things twice; delete it or name an empty folder; nothing was written", filepath.Join(t.dir, e.Name()))
		}
	}
	return nil
}

// move renames files into the folder. tenant.yaml goes last: without it the folder is
// no tenant, and every command says so.
func (t *target) move(from string, files []schema.File) error {
	ordered := append(slices.Clone(files), schema.File{Name: schema.HeadFile})
	for i, f := range ordered {
		if f.Name == schema.HeadFile && i < len(files) {
			continue
		}
		if err := os.Rename(filepath.Join(from, f.Name), filepath.Join(t.dir, f.Name)); err != nil {
			return err
		}
	}
	return nil
}

func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
