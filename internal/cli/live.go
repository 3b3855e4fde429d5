package cli

import (
	"bytes"
	"context"

	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/internal/savedplan"
	"pbxsync/internal/staging"
	"pbxsync/sync"
	"pbxsync/sync/observe"
)

// saveSnapshot writes what the API said of a tenant.
func saveSnapshot(path string, s *observe.Snapshot) error {
	var b bytes.Buffer
	if err := report.JSON(&b, s); err != nil {
		return err
	}
	if err := folder.Snapshot.Fits(path, int64(b.Len())); err != nil {
		return err
	}
	return staging.Replace(path, b.Bytes())
}

// loadSnapshot reads one.
func loadSnapshot(path string, stop <-chan struct{}) (*observe.Snapshot, error) {
	data, err := folder.Named(path, folder.Snapshot, stop)
	if err != nil {
		return nil, input.Unread("", err)
	}
	s, err := observe.DecodeSnapshot(data)
	if err != nil {
		return nil, exit.Fail(exit.Invalid, "%s is no snapshot (%w); make one with import --snapshot %s", path, err, path)
	}
	return s, nil
}

// lookAt plans from a snapshot: no server, no credentials, no call.
func (p *looker) lookAt(ctx context.Context) (*job, error) {
	o := p.o
	if err := p.noServer(&o.common); err != nil {
		return nil, err
	}
	s, err := loadSnapshot(o.live, p.Stop)
	if err != nil {
		return nil, err
	}
	j, err := p.desired(&o.common)
	if err != nil {
		return nil, err
	}
	if j.review, err = p.elsewhere().rules(o.rules, j.place(), j.dir, j.tenant); err != nil {
		return nil, err
	}
	j.command, j.flags = o.command, o.repeated()
	j.conn = &connection{host: savedplan.SnapshotHost}
	how := j.heeding(p.options(&o.common, j.dir))
	if how.Base, err = p.elsewhere().base(ctx, &o.common, j); err != nil {
		return nil, err
	}
	how.Tenant, how.SendSecrets, how.TrustVersions = s.Selector(), nil, nil
	e := &sync.Engine{Reader: s, Stop: p.Stop}
	planned, err := e.Plan(ctx, j.tenant, how, &operator{p: p.Program, j: j})
	if j.found(p.Program, planned); j.report != nil {
		j.report.Calls.Calls, j.report.Calls.Reads = observe.Calls{}, 0 // nobody was called
	}
	return j, err
}

// noServer refuses flags that say which server is asked, where none is.
func (p *Program) noServer(o *common) error {
	for _, flag := range []string{"endpoint", "config", "tenant"} {
		if o.stated[flag] && p.Getenv(env(flag)[0]) == "" {
			return exit.Fail(exit.Error, "--%s has no place beside --live: the snapshot says which tenant it is, and no server is asked", flag)
		}
	}
	return nil
}
