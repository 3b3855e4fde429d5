package input

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/wording"
)

const (
	Stdin       = "-"
	ProfileName = "pbxsync.yaml"
	maxFiles    = 2000
	maxTotal    = 64 << 20
)

// CallsName is the file of what people expect of calls.
const CallsName = "calls.yaml"

// reserved are names in a tenant's folder that are no tenant files.
var reserved = []string{ProfileName, CallsName}

// Reader reads what people have written for the program.
type Reader struct {
	Stdin io.Reader
	Stop  <-chan struct{} // closed when nobody waits for it any more; nil: never
}

// Input is what PATH named: the files, and the folder in which they lie.
type Input struct {
	Files []file.File
	Dir   string     // "" for standard input
	Calls *file.File // what is expected of calls, nil where nothing is
	total int        // bytes of the files
}

// Read reads a file, a folder, or standard input.
func (r Reader) Read(path string) (*Input, error) {
	if path == Stdin {
		data, err := folder.Stream(r.Stdin, folder.Tenant, r.Stop)
		return &Input{Files: []file.File{{Name: "stdin", Data: data}}}, Unread("stdin", err)
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, exit.Fail(exit.Invalid, "%s: no such file or folder; name a tenant's file or folder", path)
	} else if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		if err := notReserved(path); err != nil {
			return nil, err
		}
		in := &Input{Dir: filepath.Dir(path)}
		return in, r.readAll(in, filepath.Base(path))
	}
	names, err := r.Names(path)
	if err != nil {
		return nil, err
	}
	in := &Input{Dir: path}
	if !IsThere(filepath.Join(path, CallsName)) {
		return in, r.readAll(in, names...)
	}
	err = r.readAll(in, append(names, CallsName)...)
	if n := len(in.Files); err == nil {
		in.Calls, in.Files = &in.Files[n-1], in.Files[:n-1]
	}
	return in, err
}

// readAll reads files of a tenant's folder. Its error names each that was refused.
func (r Reader) readAll(in *Input, names ...string) error {
	var refused schema.Problems
	for _, name := range names {
		err := r.readInto(in, filepath.Join(in.Dir, name))
		switch why := errors.Unwrap(err); {
		case errors.Is(err, folder.ErrInterrupted), err != nil && why == nil:
			return Unread("", err)
		case err != nil:
			refused = append(refused, schema.Problem{Place: schema.Place{File: filepath.ToSlash(filepath.Join(in.Dir, name))}, Message: why.Error()})
		}
	}
	return refused.Err()
}

// readInto adds one file of a tenant's folder to what is read.
func (r Reader) readInto(in *Input, path string) error {
	data, err := folder.At(in.Dir, r.Stop).Read(filepath.Base(path), folder.Tenant)
	if err != nil {
		return err
	}
	if in.total += len(data); in.total > maxTotal {
		return fmt.Errorf("%s %w", path, fmt.Errorf("brings the files to over the limit of %d MiB together; name the folder of one tenant", maxTotal>>20))
	}
	in.Files = append(in.Files, file.File{Name: filepath.ToSlash(path), Data: data})
	return nil
}

// Unread words that a file was refused: that is invalid input, but for an interrupt.
func Unread(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, folder.ErrInterrupted):
		return exit.Fail(exit.Interrupted, "%w", err)
	case what != "":
		return exit.Fail(exit.Invalid, "%s %w", what, err)
	case errors.Is(err, fs.ErrNotExist):
		return exit.Fail(exit.Error, "%w; name another, or make it", err)
	}
	return exit.Fail(exit.Invalid, "%w", err)
}

// notReserved refuses a file whose name says that it is no tenant file.
func notReserved(path string) error {
	switch filepath.Base(path) {
	case CallsName:
		return exit.Fail(exit.Invalid, "%s: %s holds what is expected of calls and is never a tenant file; name the folder, or give a tenant's file another name", path, CallsName)
	case ProfileName:
		return exit.Fail(exit.Invalid, "%s: %s is a profile and never a tenant file; name the folder, or give a tenant's file another name", path, ProfileName)
	}
	return nil
}

// IsThere reports whether there is something of this name, a link too.
func IsThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Names lists the YAML files of a folder, never deeper.
func (r Reader) Names(dir string) ([]string, error) {
	here := folder.At(dir, r.Stop)
	entries, err := here.List()
	if err != nil {
		return nil, Unread("", err)
	}
	var names []string
	for _, e := range entries {
		if tenantFile(e) {
			names = append(names, e.Name())
		}
	}
	switch {
	case len(names) > maxFiles:
		return nil, exit.Fail(exit.Invalid, "%s: %d files, limit %d", dir, len(names), maxFiles)
	case len(names) > 0:
		return names, nil
	}
	below := 0
	for _, e := range entries {
		if e.IsDir() && here.Some(e.Name(), tenantFile) {
			below++
		}
	}
	if below > 0 {
		return nil, exit.Fail(exit.Invalid, "%s: %s below; name one", dir, wording.CountOf(below, "tenant"))
	}
	return nil, exit.Fail(exit.Invalid, "%s: no *.yaml file here; name a tenant's file or folder", dir)
}

func tenantFile(e fs.DirEntry) bool { return !e.IsDir() && IsTenantFile(e.Name()) }

// IsTenantFile reports whether a file in a tenant's folder is one of its files.
func IsTenantFile(name string) bool {
	ext := filepath.Ext(name)
	return (ext == ".yaml" || ext == ".yml") && !slices.Contains(reserved, name) &&
		!strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "_")
}

// Folder returns the folder of the tenant's files; standard input has none.
func (r Reader) Folder(dir string) schema.Folder {
	if dir == "" {
		return nil
	}
	return folder.At(dir, r.Stop)
}

// StateDir returns where run records lie, if nobody else could have written what lies there.
func StateDir(flag string, in *Input) (string, error) {
	dir := flag
	switch {
	case dir != "":
	case in.Dir == "":
		return "", exit.Fail(exit.Error, "standard input has no folder; say where run records lie with --state-dir")
	default:
		dir = filepath.Join(in.Dir, folder.StateName)
	}
	return dir, Unread("", folder.CheckState(dir))
}
