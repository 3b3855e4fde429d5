//go:build unix

package vault

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"pbxsync/internal/evidence"
	"pbxsync/internal/report"
	"pbxsync/schema"
)

// Files of secrets: what is not one's own, not private, no file or somewhere else is
// refused, and nothing is waited for.
func TestSecretFiles(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write := func(path, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	write(in("_good"), "a: text\n", 0o600)
	write(in("_number"), "a: 5\n", 0o600)
	write(in("_blank"), " \n", 0o600)
	write(in("_read"), "a: text\n", 0o400)
	write(in("_open"), "a: text\n", 0o644)
	write(in("_group"), "a: text\n", 0o640)
	write(in("_big"), "a: "+strings.Repeat("x", 1<<20), 0o600)
	write(in("plain"), "a: text\n", 0o600)
	write(filepath.Join(outside, "theirs"), "a: text\n", 0o600)
	for name, to := range map[string]string{"_inside": "_good", "_leaves": filepath.Join(outside, "theirs"), "_device": "/dev/zero"} {
		if err := os.Symlink(to, in(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(in("_pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(in("_folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	cases := []struct{ file, key, want string }{
		{"_good", "a", ""}, {"_read", "a", ""}, {"_inside", "a", ""},
		{"_good", "b", "_good has no text for the key b; write that key and the secret into it, or name another key"},
		{"_open", "a", in("_open") + " is readable by others (0644); chmod 600 " + in("_open")},
		{"_group", "a", in("_group") + " is readable by others (0640); chmod 600 " + in("_group")},
		{"_big", "a", in("_big") + " is over the limit of 1 MiB for a file of secrets; split it"},
		{"plain", "a", "plain: the name of a file of secrets in the tenant's folder begins with . or _"},
		{"_leaves", "a", in("_leaves") + " is a link that leaves the folder; put the file itself there"},
		{"_device", "a", in("_device") + " is a link that leaves the folder; put the file itself there"},
		{"../theirs", "a", "../theirs leaves the tenant's folder; put it under --secrets-dir DIR and name it relative to that"},
		{filepath.Join(outside, "theirs"), "a", filepath.Join(outside, "theirs") + " leaves the tenant's folder; put it under --secrets-dir DIR and name it relative to that"},
		{"_pipe", "a", in("_pipe") + " is no regular file (a pipe, socket or device); put a file there"},
		{"_folder", "a", in("_folder") + " is a folder; name a file"},
		{"_gone", "a", in("_gone") + ": no such file; write the secret into it (chmod 600), or name another place"},
		{"_number", "a", "_number has no text at the key a; put the secret there in quotes"},
		{"_blank", "a", in("_blank") + " is empty or blank; write the secret into it, or name another place"},
		{"_good/_deeper", "a", in("_good/_deeper") + " cannot be read: not a directory; name another place"},
	}
	if os.Geteuid() == 0 {
		write(in("_other"), "a: text\n", 0o600)
		if err := os.Chown(in("_other"), 4242, -1); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, struct{ file, key, want string }{"_other", "a", in("_other") + " belongs to user 4242, and user 0 runs this; a file of secrets belongs to who uses it: chown 0 " + in("_other")})
	}
	right := 0
	for _, c := range cases {
		v := &Vault{Dir: dir, Mask: &report.Mask{}}
		text, err := v.Find(schema.SecretRef{File: c.file, Key: c.key})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.want || c.want == "" && text != "text" {
			t.Errorf("%s: %q, want %q", c.file, got, c.want)
			continue
		}
		right++
	}
	evidence.Add(t, evidence.Note{Row: "hardening", Tried: len(cases), Right: right, Figure: fmt.Sprintf("%d files of secrets", len(cases))})
}
