package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"pbxsync/internal/folder"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

const (
	stdinPath   = "-"
	profileName = "pbxsync.yaml"
	maxFiles    = 2000
	maxTotal    = 64 << 20
)

// callsName is for what calls are expected to do, which a later version reads.
const callsName = "calls.yaml"

// reserved are names in a tenant's folder that are no tenant files.
var reserved = []string{profileName, callsName}

// input is what PATH named: the files, and the folder in which they lie.
type input struct {
	files []file.File
	dir   string // "" for standard input
	later string // a file of a later version that was left alone, or ""
	total int    // bytes of the files
}

// read reads a file, a folder, or standard input.
func (p *Program) read(path string) (*input, error) {
	if path == stdinPath {
		data, err := folder.Stream(p.Stdin, folder.Tenant, p.Stop)
		return &input{files: []file.File{{Name: "stdin", Data: data}}}, unread("stdin", err)
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, fail(exitInvalid, "%s: no such file or folder; name a tenant's file or folder", path)
	} else if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		if err := notReserved(path); err != nil {
			return nil, err
		}
		in := &input{dir: filepath.Dir(path)}
		return in, p.readAll(in, filepath.Base(path))
	}
	names, err := p.tenantFiles(path)
	if err != nil {
		return nil, err
	}
	in := &input{dir: path}
	if calls := filepath.Join(path, callsName); isThere(calls) {
		in.later = filepath.ToSlash(calls)
	}
	return in, p.readAll(in, names...)
}

// readAll reads files of a tenant's folder. Its error names each that was refused.
func (p *Program) readAll(in *input, names ...string) error {
	var refused schema.Problems
	for _, name := range names {
		err := p.readInto(in, filepath.Join(in.dir, name))
		switch why := errors.Unwrap(err); {
		case errors.Is(err, folder.ErrInterrupted), err != nil && why == nil:
			return unread("", err)
		case err != nil:
			refused = append(refused, schema.Problem{Place: schema.Place{File: filepath.ToSlash(filepath.Join(in.dir, name))}, Message: why.Error()})
		}
	}
	return refused.Err()
}

// readInto adds one file of a tenant's folder to what is read.
func (p *Program) readInto(in *input, path string) error {
	data, err := folder.At(in.dir, p.Stop).Read(filepath.Base(path), folder.Tenant)
	if err != nil {
		return err
	}
	if in.total += len(data); in.total > maxTotal {
		return fmt.Errorf("%s %w", path, fmt.Errorf("brings the files to over the limit of %d MiB together; name the folder of one tenant", maxTotal>>20))
	}
	in.files = append(in.files, file.File{Name: filepath.ToSlash(path), Data: data})
	return nil
}

// unread words that a file was refused: that is invalid input, but for an interrupt.
func unread(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, folder.ErrInterrupted):
		return fail(exitInterrupted, "%w", err)
	case what != "":
		return fail(exitInvalid, "%s %w", what, err)
	case errors.Is(err, fs.ErrNotExist):
		return fail(exitError, "%w; name another, or make it", err)
	}
	return fail(exitInvalid, "%w", err)
}

// notReserved refuses a file whose name says that it is no tenant file.
func notReserved(path string) error {
	switch filepath.Base(path) {
	case callsName:
		return fail(exitInvalid, "%s: %s is kept for a later version and never a tenant file; name the folder, or give a tenant's file another name", path, callsName)
	case profileName:
		return fail(exitInvalid, "%s: %s is a profile and never a tenant file; name the folder, or give a tenant's file another name", path, profileName)
	}
	return nil
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// tenantFiles lists the YAML files of a folder, never deeper.
func (p *Program) tenantFiles(dir string) ([]string, error) {
	here := folder.At(dir, p.Stop)
	entries, err := here.List()
	if err != nil {
		return nil, unread("", err)
	}
	var names []string
	for _, e := range entries {
		if tenantFile(e) {
			names = append(names, e.Name())
		}
	}
	switch {
	case len(names) > maxFiles:
		return nil, fail(exitInvalid, "%s: %d files, limit %d", dir, len(names), maxFiles)
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
		return nil, fail(exitInvalid, "%s: %s below; name one", dir, countOf(below, "tenant"))
	}
	return nil, fail(exitInvalid, "%s: no *.yaml file here; name a tenant's file or folder", dir)
}

func tenantFile(e fs.DirEntry) bool { return !e.IsDir() && isTenantFile(e.Name()) }

func isTenantFile(name string) bool {
	ext := filepath.Ext(name)
	return (ext == ".yaml" || ext == ".yml") && !slices.Contains(reserved, name) &&
		!strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "_")
}

// folderOf returns the folder of the tenant's files; standard input has none.
func (p *Program) folderOf(dir string) schema.Folder {
	if dir == "" {
		return nil
	}
	return folder.At(dir, p.Stop)
}

// tenant reads and parses PATH, and prints warnings. Problems are the error.
func (p *Program) tenant(path string) (*schema.Tenant, *input, error) {
	in, err := p.read(path)
	if err != nil {
		return nil, nil, err
	}
	if in.later != "" && !p.quiet {
		p.log.Linef("note: %s was not read; a later version of pbxsync reads it", in.later)
	}
	t, problems := file.Parse(p.Catalogue, in.files)
	p.keepWhole(pathsOf(in.files))
	p.keepWhole(addressesOf(t.Objects))
	problems = t.Unsilenced(append(problems, t.Contents(p.folderOf(in.dir))...).Sort())
	if err := problems.Err(); err != nil {
		return nil, in, problems
	}
	p.warn(problems)
	return t, in, nil
}

// stateDir returns where run records lie, if nobody else could have written what lies there.
func (p *Program) stateDir(flag string, in *input) (string, error) {
	dir := flag
	switch {
	case dir != "":
	case in.dir == "":
		return "", fail(exitError, "standard input has no folder; say where run records lie with --state-dir")
	default:
		dir = filepath.Join(in.dir, folder.StateName)
	}
	return dir, unread("", folder.CheckState(dir))
}
