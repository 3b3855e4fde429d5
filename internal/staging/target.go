package staging

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/input"
	"pbxsync/schema/file"
	"pbxsync/schema/file/export"
)

// SchemaFile is the JSON Schema of tenant files, for editors.
const SchemaFile = "tenant.schema.json"

// Target is the folder into which a tenant is imported.
type Target struct {
	Dir      string
	Force    bool     // overwrite files of the same name
	Contents []string // the folders of the content of files
}

// Check refuses, before any call is made, a folder that has a tenant already.
func (t *Target) Check() error {
	if t == nil {
		return nil
	}
	if t.Dir == input.Stdin || input.IsTenantFile(filepath.Base(t.Dir)) {
		return exit.Fail(exit.Error, "import writes a folder; %s is none", t.Dir)
	}
	entries, err := folder.At(t.Dir, nil).List()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return exit.Fail(exit.Error, "%w; a folder is due", err)
	}
	if t.Force {
		if err := t.untouched(entries, nil); err != nil {
			return err
		}
	}
	for _, e := range entries {
		switch folder := slices.Contains(t.Contents, e.Name()); {
		case !folder && !t.taken(e.Name()):
		case !t.Force:
			return exit.Fail(exit.Error, "%s has %s already; name an empty or new folder, or overwrite with --force", t.Dir, e.Name())
		case folder && !e.IsDir(): // a link could lead anywhere
			return exit.Fail(exit.Error, "%s is no folder, and files are to lie there; delete it", filepath.Join(t.Dir, e.Name()))
		}
	}
	return nil
}

// taken tells files that an import could overwrite, or that would say something
// beside what it writes.
func (t *Target) taken(name string) bool { return input.IsTenantFile(name) || name == SchemaFile }

// Write puts the files into the folder: first all of them beside what is staged, then
// each into its own place, the one without which the folder says nothing last.
func (t *Target) Write(at *Staging, files []file.File) error {
	if err := t.left(files); err != nil {
		return err
	}
	for _, f := range append(files, written(files)) {
		if err := folder.Tenant.Fits(filepath.Join(t.Dir, f.Name), int64(len(f.Data))); err != nil {
			return exit.Fail(exit.Error, "%w; nothing was written", err)
		}
		if err := at.Keep(f.Name, f.Data); err != nil {
			return err
		}
	}
	if _, err := os.Stat(t.Dir); !errors.Is(err, fs.ErrNotExist) {
		return t.move(at, files)
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Clean(t.Dir)), 0o755); err != nil {
		return err
	}
	if err := os.Chmod(at.dir, 0o755); err != nil {
		return err
	}
	return os.Rename(at.dir, t.Dir)
}

// left refuses files of another import that the new ones would not overwrite.
func (t *Target) left(files []file.File) error {
	entries, _ := folder.At(t.Dir, nil).List()
	if err := t.untouched(entries, files); err != nil {
		return err
	}
	for _, e := range entries {
		if input.IsTenantFile(e.Name()) && !slices.ContainsFunc(files, func(f file.File) bool { return f.Name == e.Name() }) {
			return exit.Fail(exit.Error, "%s would stand beside the imported files and say things twice; delete it or name an empty folder; nothing was written", filepath.Join(t.Dir, e.Name()))
		}
	}
	return nil
}

// move renames files into the folder, what others name first. tenant.yaml goes last:
// without it the folder is no tenant, and every command says so.
func (t *Target) move(at *Staging, files []file.File) error {
	var own []string
	for _, f := range files {
		if f.Name != export.HeadFile {
			own = append(own, f.Name)
		}
	}
	contents := slices.DeleteFunc(at.kept(), func(name string) bool { return name == export.HeadFile || slices.Contains(own, name) })
	for _, name := range slices.Concat(contents, own, []string{export.HeadFile}) {
		to := filepath.Join(t.Dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.Rename(at.path(name), to); err != nil {
			return err
		}
	}
	return nil
}
