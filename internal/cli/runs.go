package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/schema/wording"
	"pbxsync/sync/local"
)

// runLine is one run as the command shows it.
type runLine struct {
	Run      string `json:"run"`
	Started  string `json:"started"`
	Server   string `json:"server"`
	Tenant   string `json:"tenant"`
	Prefix   string `json:"prefix"`
	Tool     string `json:"tool"`
	Plan     string `json:"plan"`
	Steps    int    `json:"steps"`
	Done     int    `json:"done"`
	Failed   int    `json:"failed"`
	Unknown  int    `json:"unknown"`
	Finished bool   `json:"finished"` // by itself, and was not cut off
	Pruned   int    `json:"pruned,omitempty"`
}

// keeper shows and settles what is on record.
type keeper struct {
	*Program
	o *recorded
}

// runs lists the run records, oldest first. It needs no server.
func (p *keeper) runs() error {
	o := p.o
	if err := p.output(o.printing); err != nil {
		return err
	}
	where, err := o.path()
	if err != nil {
		return err
	}
	dir, err := p.recordsOf(where)
	if err != nil {
		return err
	}
	if err := p.pruneRuns(dir); err != nil {
		return err
	}
	lines, gone, err := p.runLines(dir)
	if err != nil {
		return err
	}
	tellGone(p.Console, gone...)
	if p.Format == console.JSON {
		return p.JSON(exit.Fine, map[string]any{"format_version": report.ListVersion, "runs": lines})
	}
	if len(lines) == 0 {
		p.Out.Linef("no run records in %s", filepath.ToSlash(dir))
	}
	for _, l := range lines {
		p.Out.Linef("%s   %s (prefix %s) on %s   %s", l.Run, l.Tenant, l.Prefix, l.Server, l.outcome())
	}
	return nil
}

// pruneRuns drops the oldest runs, where that is asked for.
func (p *keeper) pruneRuns(dir string) error {
	o := p.o
	switch {
	case !o.prune && o.policy:
		return exit.Fail(exit.Error, "--keep and --older-than say which runs --prune drops; give --prune too, or leave them out")
	case !o.prune:
		return nil
	case !o.policy || o.keep < 0 || o.olderThan < 0:
		return exit.Fail(exit.Error, "say which runs may go, such as --keep 100 or --older-than 8760h; nothing was dropped")
	}
	store, err := p.store(dir, nil)
	if err != nil {
		return err
	}
	policy := local.Policy{Keep: o.keep}
	if o.olderThan > 0 {
		policy.Before = p.clock().Add(-o.olderThan)
	}
	n, err := store.Prune(policy)
	if n > 0 {
		p.Note("%s dropped: what later runs need of them is kept", wording.CountOf(n, "run"))
	}
	return err
}

// runLines returns a line for each run, and the runs whose records were taken away.
func (p *Program) runLines(dir string) (lines []runLine, gone []string, err error) {
	store, err := p.store(dir, nil)
	if err != nil {
		return nil, nil, err
	}
	runs, gone, err := store.Runs()
	lines = []runLine{}
	for _, r := range runs {
		lines = append(lines, runLine{Run: r.Name, Started: r.Started, Server: r.Server, Tenant: r.Tenant.Name, Prefix: r.Tenant.Prefix, Tool: r.Tool,
			Plan: r.Plan, Steps: r.Steps, Done: r.Done, Failed: r.Failed, Unknown: r.Unknown, Finished: r.Ended, Pruned: r.Pruned})
	}
	return lines, gone, err
}

// outcome says how a run went.
func (l runLine) outcome() string {
	if l.Pruned > 0 {
		return fmt.Sprintf("%s until this one: dropped, cannot be undone", wording.CountOf(l.Pruned, "run"))
	}
	text := wording.CountOf(l.Steps, "step") + ": " + fmt.Sprintf("%d done, %d failed, %d unknown, %d not sent", l.Done, l.Failed, l.Unknown, l.Steps-l.Done-l.Failed-l.Unknown)
	if !l.Finished {
		text += "; cut off"
	}
	return text
}

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
