package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pbxsync/internal/secretfile"
	"pbxsync/schema"
)

const (
	stdinPath   = "-"
	profileName = "pbxsync.yaml"
	stateName   = ".pbxsync"
	maxFiles    = 2000
	maxTotal    = 64 << 20
)

// callsName is for what calls are expected to do, which a later version reads.
const callsName = "calls.yaml"

// reserved are names in a tenant's folder that are no tenant files.
var reserved = []string{profileName, callsName}

// input is what PATH named: the files, and the folder in which they lie.
type input struct {
	files []schema.File
	dir   string // "" for standard input
	later string // a file of a later version that was left alone, or ""
}

// read reads a file, a folder, or standard input.
func (p *Program) read(path string) (*input, error) {
	if path == stdinPath {
		data, err := io.ReadAll(io.LimitReader(p.Stdin, schema.MaxFileSize+1))
		return &input{files: []schema.File{{Name: "stdin", Data: data}}}, err
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fail(exitInvalid, "%s: no such file or folder; name a tenant's file or folder", path)
	} else if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		if err := notReserved(path); err != nil {
			return nil, err
		}
		f, err := readFile(path)
		return &input{files: []schema.File{f}, dir: filepath.Dir(path)}, err
	}
	names, err := tenantFiles(path)
	if err != nil {
		return nil, err
	}
	in := &input{dir: path}
	if calls := filepath.Join(path, callsName); isThere(calls) {
		in.later = filepath.ToSlash(calls)
	}
	total := 0
	for _, name := range names {
		f, err := readFile(filepath.Join(path, name))
		if err != nil {
			return nil, err
		}
		if total += len(f.Data); total > maxTotal {
			return nil, fail(exitInvalid, "%s: the files together are over the limit of %d MiB", path, maxTotal>>20)
		}
		in.files = append(in.files, f)
	}
	return in, nil
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
	_, err := os.Stat(path)
	return err == nil
}

// readFile reads one regular file, no more than a tenant file may hold.
func readFile(path string) (schema.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return schema.File{}, err
	}
	if !info.Mode().IsRegular() {
		return schema.File{}, fail(exitInvalid, "%s is no regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return schema.File{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, schema.MaxFileSize+1))
	return schema.File{Name: filepath.ToSlash(path), Data: data}, err
}

// tenantFiles lists the YAML files of a folder, never deeper.
func tenantFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	below := 0
	for _, e := range entries {
		switch {
		case e.IsDir():
			if isTenant(filepath.Join(dir, e.Name())) {
				below++
			}
		case isTenantFile(e.Name()):
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	switch {
	case len(names) == 0 && below > 0:
		return nil, fail(exitInvalid, "%s: %s below; name one", dir, countOf(below, "tenant"))
	case len(names) == 0:
		return nil, fail(exitInvalid, "%s: no *.yaml file here; name a tenant's file or folder", dir)
	case len(names) > maxFiles:
		return nil, fail(exitInvalid, "%s: %d files, limit %d", dir, len(names), maxFiles)
	}
	return names, nil
}

func isTenant(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !e.IsDir() && isTenantFile(e.Name()) })
}

func isTenantFile(name string) bool {
	ext := filepath.Ext(name)
	return (ext == ".yaml" || ext == ".yml") && !slices.Contains(reserved, name) &&
		!strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "_")
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
	t, problems := p.Catalogue.Parse(in.files)
	problems = t.Unsilenced(append(problems, t.Contents(folderOf(in.dir))...).Sort())
	if err := problems.Err(); err != nil {
		return nil, in, problems
	}
	p.warn(problems)
	return t, in, nil
}

// stateDir returns where run records lie.
func (p *Program) stateDir(flag string, in *input) (string, error) {
	if flag != "" {
		return flag, nil
	}
	if in.dir == "" {
		return "", fail(exitError, "standard input has no folder; say where run records lie with --state-dir")
	}
	return filepath.Join(in.dir, stateName), nil
}

// makeStateDir makes the folder of run records, which no version control should take in.
func makeStateDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("run records: %w; say where they may lie with --state-dir", err)
	}
	if err := secretfile.NotForAll(dir); err != nil {
		return err
	}
	ignore := filepath.Join(dir, ".gitignore")
	if _, err := os.Stat(ignore); errors.Is(err, fs.ErrNotExist) {
		return os.WriteFile(ignore, []byte("*\n"), 0o600)
	}
	return nil
}
