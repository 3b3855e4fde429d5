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

// PoliciesName is the folder of a provider's rules. It stands above the tenants' folders: who
// writes a tenant does not write the rules for it.
const PoliciesName = "policies"

// Policies reads the files of the folders of policies above a tenant's folder: up to the top of
// the repository that it is in, and beside it where it is in none. All of them hold. Without a
// repository, and without any file, it is not known whether there are some elsewhere.
func (r Reader) Policies(dir string) (files []file.File, known bool, err error) {
	if dir == "" {
		return nil, false, nil
	}
	above, inRepository, err := foldersAbove(dir)
	if err != nil {
		return nil, false, err
	}
	for _, up := range above {
		some, err := r.policiesIn(filepath.Join(up, PoliciesName))
		if err != nil {
			return nil, false, err
		}
		files = append(files, some...)
	}
	return files, inRepository || len(files) > 0, nil
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

// foldersAbove are the folders around one, the outermost first, and whether it is in a repository.
func foldersAbove(dir string) (out []string, inRepository bool, err error) {
	whole, err := filepath.Abs(dir)
	if err != nil {
		return nil, false, err
	}
	inRepository = isTop(whole)
	for at, up := whole, dir; !inRepository && at != filepath.Dir(at); {
		at, up = filepath.Dir(at), filepath.Join(up, "..")
		out = append(out, up)
		inRepository = isTop(at)
	}
	if !inRepository && len(out) > 1 {
		out = out[:1]
	}
	slices.Reverse(out)
	return out, inRepository, nil
}

// isTop reports whether a repository of git begins at a folder.
func isTop(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, ".git"))
	return !errors.Is(err, fs.ErrNotExist)
}
