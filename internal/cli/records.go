package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"pbxsync/internal/api/adapter"
	"pbxsync/internal/folder"
	"pbxsync/internal/journal"
	"pbxsync/schema"
	"pbxsync/sync"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// recordsDir is the folder of a tenant's run records. The prefix that the server
// tells decides, whatever the files call the tenant; until there is one, its name.
func (j *job) recordsDir(t plan.TenantID) string {
	return filepath.Join(j.stated, j.conn.host, folderName(cmp.Or(t.Prefix, newPrefix+t.Name)))
}

// newPrefix begins the folder of a tenant whose prefix is not known yet.
const newPrefix = "new-"

// records finds what earlier runs have recorded. The built-in simulator keeps its
// tenant beside its records, so there nothing can have been made without them.
func (j *job) records(t plan.TenantID) (*record.Records, error) {
	dir := j.recordsDir(t)
	runs, err := journal.LoadBelow(j.stated, dir)
	if err != nil {
		return nil, err
	}
	if t.Prefix != "" { // the run that created the tenant did not know its prefix
		first, err := journal.LoadBelow(j.stated, j.recordsDir(plan.TenantID{Name: t.Name}))
		if err != nil {
			return nil, err
		}
		runs = append(first, runs...)
	}
	j.gone = journal.Gone(runs)
	k := journal.Known(runs)
	k.Where, k.None = filepath.ToSlash(dir), k.None && !j.conn.builtin
	return k, nil
}

// run carries the plan out, and keeps the record of it, which the caller closes.
func (j *job) run(ctx context.Context, o sync.Options, find run.Secrets, stop <-chan struct{}, sink run.Sink) (*run.Summary, *journal.Writer, error) {
	plan, err := j.plan.Bytes()
	if err != nil {
		return nil, nil, err
	}
	w, run, err := j.record(j.plan.Tenant, fmt.Sprintf("sha256:%x", sha256.Sum256(plan)), len(j.plan.Steps))
	if err != nil {
		return nil, nil, fmt.Errorf("run records: %w; nothing was written; say where they may lie with --state-dir", err)
	}
	o.Journal, o.Run = w, run
	s, err := sync.Apply(ctx, adapter.Write(j.conn.client), j.plan, find, o, stop, sink)
	if err != nil {
		return s, nil, errors.Join(err, w.Discard()) // nothing was sent
	}
	if s.Broken == nil {
		s.Broken = w.Finished(s)
	}
	return s, w, nil
}

// record begins the record of a run.
func (j *job) record(t plan.TenantID, plan string, steps int) (*journal.Writer, string, error) {
	host, _ := os.Hostname()
	return beginRecord(j.disk, j.stated, j.recordsDir(t), journal.Header{Tool: version, Host: host, Server: j.conn.host, Client: t.ID, Name: t.Name, Prefix: t.Prefix, Plan: plan, Steps: steps})
}

// beginRecord begins a record in a folder of records, and returns the name of the run.
func beginRecord(disk journal.Opener, stated, dir string, h journal.Header) (*journal.Writer, string, error) {
	if err := folder.MakeState(stated); err != nil {
		return nil, "", err
	}
	if err := folder.MakeBelow(stated, dir); err != nil {
		return nil, "", err
	}
	key, err := journal.Key(stated)
	if err != nil {
		return nil, "", err
	}
	if h.Run, err = journal.NewRun(dir, time.Now()); err != nil {
		return nil, "", err
	}
	if h.Previous, err = journal.Follow(dir); err != nil {
		return nil, "", err
	}
	if disk == nil {
		disk = journal.OnDisk
	}
	w, err := journal.CreateWith(disk, dir, key, h)
	return w, h.Run, err
}

// checkSecrets makes sure that each pattern of a flag names an object with a secret.
func checkSecrets(flag string, patterns []string, t *schema.Tenant) error {
	for _, p := range patterns {
		if !slices.ContainsFunc(t.Objects, func(o *schema.Object) bool { return len(o.Secrets) > 0 && schema.Matches(p, o) }) {
			return fail(exitInvalid, "--%s %q names no object with a secret; patterns are addresses, such as extension_user/alice or 'client_user/*'", flag, p)
		}
	}
	return nil
}
