package staging

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/input"
	"pbxsync/schema/file"
)

// writtenFile lies beside imported files and says what import wrote, in the form of sha256sum:
// what people have changed since is not overwritten.
const writtenFile = ".imported"

// written makes it.
func written(files []file.File) file.File {
	var b bytes.Buffer
	for _, f := range files {
		if input.IsTenantFile(f.Name) {
			fmt.Fprintf(&b, "%s  %s\n", digest(f.Data), f.Name)
		}
	}
	return file.File{Name: writtenFile, Data: b.Bytes()}
}

func digest(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// untouched refuses to overwrite tenant files that are not as an import wrote them. Which those
// are is known once the new ones are; before, what was imported tells.
func (t *Target) untouched(entries []fs.DirEntry, files []file.File) error {
	here := folder.At(t.Dir, nil)
	known, _ := here.Read(writtenFile, folder.Tenant) // none: no import is known to have written anything
	var edited []string
	for _, e := range entries {
		if !input.IsTenantFile(e.Name()) || !overwritten(e.Name(), known, files) {
			continue
		}
		data, err := here.Read(e.Name(), folder.Tenant)
		if err != nil || !bytes.Contains(known, []byte(digest(data)+"  "+e.Name()+"\n")) {
			edited = append(edited, e.Name())
		}
	}
	if len(edited) == 0 {
		return nil
	}
	return exit.Fail(exit.Error, "%s: %s is not as an import wrote it, so --force does not overwrite it; nothing was written; take the live values over into it with pull, or delete it first",
		t.Dir, strings.Join(edited, ", "))
}

// overwritten reports whether an import would overwrite a file: one of the new files, or, where
// these are not known yet, one of an earlier import.
func overwritten(name string, known []byte, files []file.File) bool {
	if files != nil {
		return slices.ContainsFunc(files, func(f file.File) bool { return f.Name == name })
	}
	return len(known) == 0 || bytes.Contains(known, []byte("  "+name+"\n"))
}
