package input

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"pbxsync/internal/folder"
	"pbxsync/schema/file"
)

// policiesName is the folder of a provider's rules. It stands above the tenants' folders: who
// writes a tenant does not write the rules for it.
const policiesName = "policies"

// Policies reads the files of the folders of policies above a tenant's folder: up to the top of
// the repository that it is in, and beside it where it is in none. All of them hold.
func (r Reader) Policies(dir string) ([]file.File, error) {
	if dir == "" {
		return nil, nil
	}
	above, err := foldersAbove(dir)
	if err != nil {
		return nil, err
	}
	var out []file.File
	for _, up := range above {
		files, err := r.policiesIn(filepath.Join(up, policiesName))
		if err != nil {
			return nil, err
		}
		out = append(out, files...)
	}
	return out, nil
}

func (r Reader) policiesIn(dir string) ([]file.File, error) {
	if !folder.Is(dir) {
		return nil, nil
	}
	in := &Input{Dir: dir}
	entries, err := folder.At(dir, r.Stop).List()
	if err != nil {
		return nil, Unread("", err)
	}
	var names []string
	for _, e := range entries {
		if tenantFile(e) {
			names = append(names, e.Name())
		}
	}
	err = r.readAll(in, names...)
	return in.Files, err
}

// foldersAbove are the folders around one, the outermost first.
func foldersAbove(dir string) ([]string, error) {
	whole, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	inRepository := isTop(whole)
	for at, up := whole, dir; !inRepository && at != filepath.Dir(at); {
		at, up = filepath.Dir(at), filepath.Join(up, "..")
		out = append(out, up)
		inRepository = isTop(at)
	}
	if !inRepository && len(out) > 1 {
		out = out[:1]
	}
	slices.Reverse(out)
	return out, nil
}

// isTop reports whether a repository of git begins at a folder.
func isTop(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, ".git"))
	return !errors.Is(err, fs.ErrNotExist)
}
