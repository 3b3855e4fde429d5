package vault

import (
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"

	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/internal/secretfile"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/wording"
	"pbxsync/sync/run"
)

// Vault finds secrets when a step will send them, never before.
type Vault struct {
	Dir     string // of the tenant's files
	Outside string // a folder of files of secrets elsewhere, or ""
	Getenv  func(string) string
	Mask    *report.Mask    // learns each secret that is found
	Stop    <-chan struct{} // closed when nobody waits any more; nil: never
	MakeUp  bool            // the simulator gets made-up ones
	Keep    bool            // none is looked for: whoever wrote the files says where they would go

	madeUp int
}

var _ run.Secrets = (&Vault{}).Find

// Find returns the secret behind a reference, which from now on is never printed.
func (v *Vault) Find(ref schema.SecretRef) (string, error) {
	text, err := v.look(ref)
	if err != nil {
		return "", err
	}
	v.Mask.Hide(strings.TrimSpace(text))
	v.Mask.Hide(text)
	return text, secretfile.Whole(text, ref.String())
}

func (v *Vault) look(ref schema.SecretRef) (string, error) {
	if v.Keep {
		v.madeUp++
		return rand.Text(), nil
	}
	if ref.Env != "" {
		if text := v.Getenv(ref.Env); text != "" {
			return text, nil
		}
		if v.MakeUp {
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
func (v *Vault) file(name string) (map[string]any, error) {
	base := v.Dir
	switch {
	case v.Outside != "" && !v.inside(name):
		base = v.Outside
	case base == "":
		return nil, fmt.Errorf("%s: standard input has no folder with files of secrets; say where the file lies with --secrets-dir DIR", name)
	case !filepath.IsLocal(name):
		return nil, fmt.Errorf("%s leaves the tenant's folder; put it under --secrets-dir DIR and name it relative to that", name)
	case !strings.HasPrefix(filepath.Base(name), ".") && !strings.HasPrefix(filepath.Base(name), "_"):
		return nil, fmt.Errorf("%s: the name of a file of secrets in the tenant's folder begins with . or _", name)
	}
	data, err := secretfile.ReadIn(base, name, v.Stop)
	if err != nil {
		return nil, err
	}
	return file.ParseMap(file.File{Name: filepath.ToSlash(filepath.Join(base, name)), Data: data})
}

func (v *Vault) inside(name string) bool {
	if v.Dir == "" || !filepath.IsLocal(name) {
		return false
	}
	return input.IsThere(filepath.Join(v.Dir, name))
}

// Note says that secrets were made up, "" where none was.
func (v *Vault) Note() string {
	switch {
	case v.madeUp == 0:
		return ""
	case v.Keep:
		return "made up " + wording.CountOf(v.madeUp, "secret") + "; a server that a profile beside the files names gets no others"
	}
	return "made up " + wording.CountOf(v.madeUp, "secret") + " that the environment does not have; only the built-in simulator gets such"
}
