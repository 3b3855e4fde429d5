package cli

import (
	"os"
	"slices"

	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/schema"
	"pbxsync/sync/local"
)

// store returns the run records in a folder. Without a server they can be read, and settled.
func (p *Program) store(dir string, conn *connection) (*local.Store, error) {
	c := local.Config{Dir: dir, Tool: version, Disk: p.Disk}
	if conn != nil {
		c.Endpoint, c.Server, c.Whole = conn.server, conn.host, conn.builtin
		if p.LockDirs != nil && !conn.builtin { // a simulator is beside its records
			c.Shared = append([]string{}, p.LockDirs()...)
		}
	}
	s, err := local.Open(c)
	return s, input.Unread("", err)
}

// userLockDirs are the folders of the user for locks, which all checkouts share.
func userLockDirs() []string {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = ""
	}
	return local.Shared(os.Getenv("XDG_RUNTIME_DIR"), cache)
}

// checkSecrets makes sure that each pattern of a flag names an object with a secret.
func checkSecrets(flag string, patterns []string, t *schema.Tenant) error {
	for _, p := range patterns {
		if !slices.ContainsFunc(t.Objects, func(o *schema.Object) bool { return len(o.Secrets) > 0 && schema.Matches(p, o) }) {
			return exit.Fail(exit.Invalid, "--%s %q names no object with a secret; patterns are addresses, such as extension_user/alice or 'client_user/*'", flag, p)
		}
	}
	return nil
}
