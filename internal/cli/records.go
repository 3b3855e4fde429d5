package cli

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"pbxsync/internal/journal"
	"pbxsync/schema"
	"pbxsync/sync"
)

// recordsDir is the folder of a tenant's run records. The prefix that the server
// tells decides, whatever the files call the tenant.
func (j *job) recordsDir(prefix string) string {
	return filepath.Join(j.stated, j.conn.host, folderName(prefix))
}

// records finds what earlier runs have put down. The built-in simulator keeps its
// tenant beside its records, so there nothing can have been made without them.
func (j *job) records(t sync.TenantID) (*sync.Records, error) {
	dir := j.recordsDir(t.Prefix)
	runs, err := journal.Load(dir)
	if err != nil {
		return nil, err
	}
	k := journal.Known(runs)
	k.Where, k.None = filepath.ToSlash(dir), k.None && !j.conn.builtin
	return k, nil
}

// run carries the plan out, and keeps the record of it.
func (j *job) run(ctx context.Context, o sync.Options, find sync.Secrets, stop <-chan struct{}, sink sync.Sink) (s *sync.Summary, err error) {
	w, err := j.record()
	if err != nil {
		return nil, fmt.Errorf("run records: %w; nothing was written; say where they may lie with --state-dir", err)
	}
	o.Journal = w
	s, err = sync.Apply(ctx, writer{reader{j.conn.client}}, j.plan, find, o, stop, sink)
	if err != nil {
		return s, errors.Join(err, w.Discard()) // nothing was sent
	}
	if s.Broken == nil {
		s.Broken = w.Finished(s)
	}
	if closed := w.Close(); s.Broken == nil {
		s.Broken = closed
	}
	return s, nil
}

// record begins the record of this run.
func (j *job) record() (*journal.Writer, error) {
	dir := j.recordsDir(j.plan.Tenant.Prefix)
	if err := makeStateDir(j.stated); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	key, err := journal.Key(j.stated)
	if err != nil {
		return nil, err
	}
	plan, err := j.plan.Bytes()
	if err != nil {
		return nil, err
	}
	run, err := journal.NewRun(dir, time.Now())
	if err != nil {
		return nil, err
	}
	host, _ := os.Hostname()
	t := j.plan.Tenant
	return journal.Create(dir, key, journal.Header{Run: run, Tool: version, Host: host, Server: j.conn.host,
		Client: t.ID, Name: t.Name, Prefix: t.Prefix, Plan: fmt.Sprintf("sha256:%x", sha256.Sum256(plan)), Steps: len(j.plan.Steps)})
}

// checkSecrets sees to it that each pattern of --send-secrets names an object
// with a secret.
func checkSecrets(patterns []string, t *schema.Tenant) error {
	for _, p := range patterns {
		if !slices.ContainsFunc(t.Objects, func(o *schema.Object) bool { return len(o.Secrets) > 0 && schema.Matches(p, o) }) {
			return fail(exitInvalid, "--send-secrets %q names no object with a secret; patterns are addresses, such as extension_user/alice or 'client_user/*'", p)
		}
	}
	return nil
}
