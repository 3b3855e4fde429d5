package cli

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/api/adapter"
	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/internal/staging"
	"pbxsync/schema/file"
	"pbxsync/schema/published"
	"pbxsync/sync"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
)

// importFlags are those of import beyond the server's.
func importFlags() []ucli.Flag {
	return []ucli.Flag{
		onlyFlag(),
		skipContentFlag(),
		&ucli.BoolFlag{Name: "sparse", Usage: "leave out what the server would choose itself"},
		&ucli.BoolFlag{Name: "strict", Usage: "write nothing and end with 1 where something cannot be read"},
		&ucli.BoolFlag{Name: "force", Usage: "overwrite files of the same name"},
		&ucli.StringFlag{Name: "snapshot", Usage: "save the live state to `FILE`, for plan --live; without PATH nothing else is written"},
		&ucli.StringFlag{Name: "all", Usage: "every tenant of the provider, one folder each in `DIR` (for administrators)"},
	}
}

// importer takes tenants over as files.
type importer struct {
	*Program
	o *importing
	j *job
}

// importTenant writes a live tenant as files.
func (p *Program) importTenant(ctx context.Context, o *importing) error {
	if err := p.output(o.printing); err != nil {
		return err
	}
	if err := o.serving.check(); err != nil {
		return err
	}
	m := &importer{Program: p, o: o}
	if o.everything {
		return m.all()
	}
	return m.one(ctx)
}

// open opens the server for a folder.
func (m *importer) open(dir string) (err error) {
	m.j, err = m.Program.open(&m.o.common, &job{where: dir, dir: dir}, &input.Input{Dir: dir})
	return err
}

// one imports one tenant.
func (m *importer) one(ctx context.Context) error {
	dir, err := m.o.path()
	if err != nil {
		return err
	}
	target := m.target(dir)
	if m.o.snapshots && len(m.o.list) == 0 {
		target = nil
	}
	if err := errors.Join(target.Check(), m.o.checkSnapshot()); err != nil {
		return err
	}
	if err := m.open(dir); err != nil {
		return err
	}
	defer m.j.conn.close()
	at := target.Staging()
	defer at.Clear()
	got, err := m.takeOver(ctx, m.options(&m.o.common, dir), at, staging.SchemaFile)
	if s := call.Status(err); (s == http.StatusForbidden || s == http.StatusNotFound) && m.o.tenant == string(observe.Me) {
		return exit.Fail(exit.Error, "%w; an administrator is no tenant: name one with --tenant ID or prefix:P, or take every one with --all DIR", err)
	} else if err != nil {
		return err
	}
	if m.o.snapshot != "" {
		if err := saveSnapshot(m.o.snapshot, got.Snapshot); err != nil {
			return err
		}
		got.report.Snapshot = m.o.snapshot
	}
	if target != nil {
		if err := target.Write(at, append(got.Files.Files, file.File{Name: staging.SchemaFile, Data: published.Schema(m.Catalogue)})); err != nil {
			return err
		}
		got.report.Folder = dir
		got.keep(dir)
		if err := m.accept(got); err != nil {
			return err
		}
	}
	return m.print(got.report)
}

// accept keeps what was taken over as the base, where there are run records of the tenant.
func (m *importer) accept(got *taken) error {
	b := got.Accepted()
	if b == nil {
		return nil
	}
	t := got.Snapshot.Tenant
	known, err := m.j.store.Known(t)
	if err != nil || known.None {
		return err
	}
	if known.Base != nil {
		b.Rules = known.Base.Rules // nothing was reviewed
	}
	l, err := m.j.store.Lock(t)
	if err != nil {
		return err
	}
	defer l.Release(true)
	return m.j.store.KeepBase(t, *b)
}

// target is the folder for a tenant.
func (m *importer) target(dir string) *staging.Target {
	t := &staging.Target{Dir: dir, Force: m.o.force}
	for _, k := range m.Catalogue.Kinds {
		if folder := k.ContentFolder(); folder != "" && !m.o.skipContent {
			t.Contents = append(t.Contents, folder)
		}
	}
	return t
}

// taken is a tenant that was read, written down and proven.
type taken struct {
	*sync.Imported
	report *report.Import
}

// keep reports the warnings of files that were written into dir.
func (t *taken) keep(dir string) {
	for _, w := range t.State.Problems {
		w.Place.File = filepath.Join(dir, w.Place.File)
		t.report.Warnings = append(t.report.Warnings, w)
	}
}

// takeOver reads a tenant, writes it as files in memory, and proves these by planning
// them against what was read. The content of files lies where it is staged.
func (m *importer) takeOver(ctx context.Context, o sync.Options, at *staging.Staging, schemaAt string) (*taken, error) {
	before := m.j.conn.client.Counts()
	o.Folder, o.Only = at, m.o.only
	m.reads(m.j.conn)
	e := &sync.Engine{Reader: adapter.Read(m.j.conn.client), Store: m.j.store} // the context says when to stop
	got, err := e.Import(ctx, o, sync.ImportOptions{Sparse: m.o.sparse, Strict: m.o.strict, Schema: schemaAt, Keep: at.Keep})
	if err != nil {
		return nil, err
	}
	got.Calls.Token = m.j.conn.client.Counts().Token - before.Token
	return &taken{got, report.OfImport(got.Import, got.Files, got.State)}, nil
}

func (m *importer) print(r *report.Import) error {
	if m.Format == console.JSON {
		return m.JSON(exit.Fine, r)
	}
	m.Warn(append(slices.Clone(r.Left), r.Warnings...))
	report.ImportText(m.Out, r)
	return nil
}

func (o *importing) checkSnapshot() error {
	file := o.snapshot
	switch {
	case file == "":
		return nil
	case len(o.only) > 0:
		return exit.Fail(exit.Error, "--only has no place beside --snapshot: a snapshot is the whole tenant")
	case o.force:
		return nil
	}
	if _, err := os.Lstat(file); err == nil {
		return exit.Fail(exit.Error, "%s is there already; choose another name, or overwrite it with --force", file)
	}
	return nil
}
