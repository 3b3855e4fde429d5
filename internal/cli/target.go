package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/input"
	"pbxsync/schema/file"
	"pbxsync/schema/file/export"
)

// schemaFile is the JSON Schema of tenant files, for editors.
const schemaFile = "tenant.schema.json"

// target is the folder into which a tenant is imported.
type target struct {
	dir      string
	force    bool
	contents []string // the folders of the content of files
}

func (p *Program) target(c *ucli.Context, dir string) *target {
	t := &target{dir: dir, force: c.Bool("force")}
	for _, k := range p.Catalogue.Kinds {
		if folder := k.ContentFolder(); folder != "" && !c.Bool("skip-content") {
			t.contents = append(t.contents, folder)
		}
	}
	return t
}

// check refuses, before any call is made, a folder that has a tenant already.
func (t *target) check() error {
	if t == nil {
		return nil
	}
	if t.dir == input.Stdin || input.IsTenantFile(filepath.Base(t.dir)) {
		return exit.Fail(exit.Error, "import writes a folder; %s is none", t.dir)
	}
	entries, err := folder.At(t.dir, nil).List()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return exit.Fail(exit.Error, "%w; a folder is due", err)
	}
	for _, e := range entries {
		switch folder := slices.Contains(t.contents, e.Name()); {
		case !folder && !t.taken(e.Name()):
		case !t.force:
			return exit.Fail(exit.Error, "%s has %s already; name an empty or new folder, or overwrite with --force", t.dir, e.Name())
		case folder && !e.IsDir(): // a link could lead anywhere
			return exit.Fail(exit.Error, "%s is no folder, and files are to lie there; delete it", filepath.Join(t.dir, e.Name()))
		}
	}
	return nil
}

// taken tells files that an import could overwrite, or that would say something
// beside what it writes.
func (t *target) taken(name string) bool { return input.IsTenantFile(name) || name == schemaFile }

// write puts the files into the folder: first all of them beside what is staged, then
// each into its own place, the one without which the folder says nothing last.
func (t *target) write(at *staging, files []file.File) error {
	if err := t.left(files); err != nil {
		return err
	}
	for _, f := range files {
		if err := at.keep(f.Name, f.Data); err != nil {
			return err
		}
	}
	if _, err := os.Stat(t.dir); !errors.Is(err, fs.ErrNotExist) {
		return t.move(at, files)
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Clean(t.dir)), 0o755); err != nil {
		return err
	}
	if err := os.Chmod(at.dir, 0o755); err != nil {
		return err
	}
	return os.Rename(at.dir, t.dir)
}

// left refuses files of another import that the new ones would not overwrite.
func (t *target) left(files []file.File) error {
	entries, _ := folder.At(t.dir, nil).List()
	for _, e := range entries {
		if input.IsTenantFile(e.Name()) && !slices.ContainsFunc(files, func(f file.File) bool { return f.Name == e.Name() }) {
			return exit.Fail(exit.Error, "%s would stand beside the imported files and say things twice; delete it or name an empty folder; nothing was written", filepath.Join(t.dir, e.Name()))
		}
	}
	return nil
}

// move renames files into the folder, what others name first. tenant.yaml goes last:
// without it the folder is no tenant, and every command says so.
func (t *target) move(at *staging, files []file.File) error {
	var own []string
	for _, f := range files {
		if f.Name != export.HeadFile {
			own = append(own, f.Name)
		}
	}
	contents := slices.DeleteFunc(at.kept(), func(name string) bool { return name == export.HeadFile || slices.Contains(own, name) })
	for _, name := range slices.Concat(contents, own, []string{export.HeadFile}) {
		to := filepath.Join(t.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.Rename(at.path(name), to); err != nil {
			return err
		}
	}
	return nil
}
