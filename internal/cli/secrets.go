package cli

import (
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"

	"pbxsync/internal/input"
	"pbxsync/internal/secretfile"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/wording"
	"pbxsync/sync/run"
)

// vault finds secrets when a step will send them, never before.
type vault struct {
	p       *Program
	dir     string // of the tenant's files
	outside string // --secrets-dir
	makeUp  bool   // the simulator gets made-up ones
	keep    bool   // none is looked for: whoever wrote the files says where they would go
	madeUp  int
}

var _ run.Secrets = (&vault{}).find

// find returns the secret behind a reference, which from now on is never printed.
func (v *vault) find(ref schema.SecretRef) (string, error) {
	text, err := v.look(ref)
	if err != nil {
		return "", err
	}
	v.p.mask.Hide(strings.TrimSpace(text))
	v.p.mask.Hide(text)
	return text, secretfile.Whole(text, ref.String())
}

func (v *vault) look(ref schema.SecretRef) (string, error) {
	if v.keep {
		v.madeUp++
		return rand.Text(), nil
	}
	if ref.Env != "" {
		if text := v.p.Getenv(ref.Env); text != "" {
			return text, nil
		}
		if v.makeUp {
			v.madeUp++
			return rand.Text(), nil
		}
		return "", fmt.Errorf("environment variable %s is not set; set it, or name another place at the object", ref.Env)
	}
	m, err := v.file(ref.File)
	if err != nil {
		return "", err
	}
	switch text, isText := m[ref.Key].(string); {
	case isText:
		return text, nil
	case m[ref.Key] != nil:
		return "", fmt.Errorf("%s has no text at the key %s; put the secret there in quotes", ref.File, ref.Key)
	}
	return "", fmt.Errorf("%s has no text for the key %s; write that key and the secret into it, or name another key", ref.File, ref.Key)
}

// file reads a file of secrets: inside the tenant's folder, where its name has to
// begin with . or _, or inside --secrets-dir.
func (v *vault) file(name string) (map[string]any, error) {
	base := v.dir
	switch {
	case v.outside != "" && !v.inside(name):
		base = v.outside
	case base == "":
		return nil, fmt.Errorf("%s: standard input has no folder with files of secrets; say where the file lies with --secrets-dir DIR", name)
	case !filepath.IsLocal(name):
		return nil, fmt.Errorf("%s leaves the tenant's folder; put it under --secrets-dir DIR and name it relative to that", name)
	case !strings.HasPrefix(filepath.Base(name), ".") && !strings.HasPrefix(filepath.Base(name), "_"):
		return nil, fmt.Errorf("%s: the name of a file of secrets in the tenant's folder begins with . or _", name)
	}
	data, err := secretfile.ReadIn(base, name, v.p.Stop)
	if err != nil {
		return nil, err
	}
	return file.ParseMap(file.File{Name: filepath.ToSlash(filepath.Join(base, name)), Data: data})
}

func (v *vault) inside(name string) bool {
	if v.dir == "" || !filepath.IsLocal(name) {
		return false
	}
	return input.IsThere(filepath.Join(v.dir, name))
}

// note says once that secrets were made up.
func (v *vault) note() {
	if v.madeUp > 0 && v.keep {
		v.p.log.Linef("note: made up %s; a server that a profile beside the files names gets no others", wording.CountOf(v.madeUp, "secret"))
	} else if v.madeUp > 0 {
		v.p.log.Linef("note: made up %s that the environment does not have; only the built-in simulator gets such", wording.CountOf(v.madeUp, "secret"))
	}
}
