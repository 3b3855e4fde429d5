package cli

import (
	"bytes"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/sync"
	"pbxsync/sync/observe"
)

const snapshotHost = "snapshot" // stands for the server where there is none

// saveSnapshot writes what the API said of a tenant.
func saveSnapshot(path string, s *observe.Snapshot) error {
	var b bytes.Buffer
	if err := report.JSON(&b, s); err != nil {
		return err
	}
	return replaceFile(path, b.Bytes())
}

// loadSnapshot reads one.
func (p *Program) loadSnapshot(path string) (*observe.Snapshot, error) {
	data, err := folder.Named(path, folder.Snapshot, p.Stop)
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
func (p *Program) lookAt(c *ucli.Context, file string) (*job, error) {
	for _, flag := range []string{"endpoint", "config", "tenant"} {
		if c.IsSet(flag) && p.Getenv(env(flag)[0]) == "" {
			return nil, exit.Fail(exit.Error, "--%s has no place beside --live: the snapshot says which tenant it is, and no server is asked", flag)
		}
	}
	s, err := p.loadSnapshot(file)
	if err != nil {
		return nil, err
	}
	j, err := p.desired(c)
	if err != nil {
		return nil, err
	}
	j.conn = &connection{host: snapshotHost}
	o := p.options(c, j.dir)
	o.Tenant, o.SendSecrets, o.TrustVersions = s.Selector(), nil, nil
	e := &sync.Engine{Reader: s, Stop: p.Stop}
	planned, err := e.Plan(c.Context, j.tenant, o, &operator{p: p, j: j})
	if j.found(planned); j.report != nil {
		j.report.Calls.Calls, j.report.Calls.Reads = observe.Calls{}, 0 // nobody was called
	}
	return j, err
}
