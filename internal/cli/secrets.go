package cli

import (
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode"

	"pbxsync/schema"
	"pbxsync/sync"
)

const mostSecrets = 1 << 20 // bytes in a file of them

// vault finds secrets when a step will send them, never before.
type vault struct {
	p       *Program
	dir     string // of the tenant's files
	outside string // --secrets-dir
	makeUp  bool   // the built-in simulator gets made-up ones
	madeUp  int
}

var _ sync.Secrets = (&vault{}).find

// find returns the secret behind a reference, which from now on is never printed.
func (v *vault) find(ref schema.SecretRef) (string, error) {
	text, err := v.look(ref)
	if err != nil {
		return "", err
	}
	v.p.mask.Hide(strings.TrimSpace(text))
	v.p.mask.Hide(text)
	return text, whole(text, ref.String())
}

// whole refuses what nobody means by a secret. It is one rule, wherever a secret comes from:
// one that is sent with a line end opens nothing, and its owner learns of it too late.
func whole(secret, from string) error {
	switch line := strings.TrimRight(secret, "\r\n"); {
	case strings.TrimSpace(secret) == "":
		return fmt.Errorf("%s is empty or blank; put the secret there, or name another place", from)
	case line != secret:
		return fmt.Errorf("%s ends with a line end, which would be part of the secret; take it out (in YAML write it on one line, in a shell use printf '%%s')", from)
	case strings.ContainsFunc(secret, unicode.IsControl):
		return fmt.Errorf("%s holds a line break or control character; take it out", from)
	}
	return nil
}

// withoutEnd takes off the line end of a file that holds a secret and nothing else: it ends
// the file's only line, and is no part of the secret.
func withoutEnd(data []byte) string {
	return strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
}

func (v *vault) look(ref schema.SecretRef) (string, error) {
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
	text, ok := m[ref.Key].(string)
	if !ok {
		return "", fmt.Errorf("%s has no text for the key %s", ref.File, ref.Key)
	}
	return text, nil
}

// file reads a file of secrets: inside the tenant's folder, where its name has to
// begin with . or _, or inside --secrets-dir.
func (v *vault) file(name string) (map[string]any, error) {
	base := v.dir
	switch {
	case v.outside != "" && !v.inside(name):
		base = v.outside
	case !filepath.IsLocal(name):
		return nil, fmt.Errorf("%s leaves the tenant's folder; put it under --secrets-dir DIR and name it relative to that", name)
	case !strings.HasPrefix(filepath.Base(name), ".") && !strings.HasPrefix(filepath.Base(name), "_"):
		return nil, fmt.Errorf("%s: the name of a file of secrets in the tenant's folder begins with . or _", name)
	}
	root, err := os.OpenRoot(base)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe is not waited for
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if err := regular(info); err != nil {
		return nil, fmt.Errorf("%s %w", name, err)
	}
	if err := onlyOurs(name, info); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, mostSecrets+1))
	if err != nil {
		return nil, err
	}
	if len(data) > mostSecrets {
		return nil, fmt.Errorf("%s is over the limit of %d KiB for a file of secrets", name, mostSecrets>>10)
	}
	return schema.ParseMap(schema.File{Name: name, Data: data})
}

func (v *vault) inside(name string) bool {
	if v.dir == "" || !filepath.IsLocal(name) {
		return false
	}
	_, err := os.Stat(filepath.Join(v.dir, name))
	return err == nil
}

// note says once that secrets were made up.
func (v *vault) note() {
	if v.madeUp > 0 {
		v.p.log.Linef("note: made up %s that the environment does not have; only the built-in simulator gets such", countOf(v.madeUp, "secret"))
	}
}
