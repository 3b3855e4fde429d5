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
	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
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

// importTenant writes a live tenant as files.
func (p *Program) importTenant(c *ucli.Context) error {
	if err := p.output(c); err != nil {
		return err
	}
	if err := checkPace(c); err != nil {
		return err
	}
	if c.IsSet("all") {
		return p.importAll(c)
	}
	dir, err := path(c)
	if err != nil {
		return err
	}
	target := p.target(c, dir)
	if c.IsSet("snapshot") && !c.Args().Present() {
		target = nil
	}
	if err := errors.Join(target.check(), checkSnapshot(c)); err != nil {
		return err
	}
	j, err := p.open(c, &job{where: dir, dir: dir}, &input.Input{Dir: dir})
	if err != nil {
		return err
	}
	defer j.conn.close()
	at := target.staging()
	defer at.clear()
	got, err := p.takeOver(c.Context, c, j, p.options(c, j.dir), at, schemaFile)
	if s := call.Status(err); (s == http.StatusForbidden || s == http.StatusNotFound) && c.String("tenant") == string(observe.Me) {
		return exit.Fail(exit.Error, "%w; an administrator is no tenant: name one with --tenant ID or prefix:P, or take every one with --all DIR", err)
	} else if err != nil {
		return err
	}
	if file := c.String("snapshot"); file != "" {
		if err := saveSnapshot(file, got.Snapshot); err != nil {
			return err
		}
		got.report.Snapshot = file
	}
	if target != nil {
		if err := target.write(at, append(got.Files.Files, file.File{Name: schemaFile, Data: published.Schema(p.Catalogue)})); err != nil {
			return err
		}
		got.report.Folder = dir
		got.keep(dir)
	}
	return p.printImport(got.report)
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
func (p *Program) takeOver(ctx context.Context, c *ucli.Context, j *job, o sync.Options, at *staging, schemaAt string) (*taken, error) {
	before := j.conn.client.Counts()
	o.Folder, o.Only = at, c.StringSlice("only")
	e := &sync.Engine{Reader: adapter.Read(j.conn.client), Store: j.store} // the context says when to stop
	got, err := e.Import(ctx, o, sync.ImportOptions{Sparse: c.Bool("sparse"), Strict: c.Bool("strict"), Schema: schemaAt, Keep: at.keep})
	if err != nil {
		return nil, err
	}
	got.Calls.Token = j.conn.client.Counts().Token - before.Token
	return &taken{got, report.OfImport(got.Whole, got.Files, got.State)}, nil
}

func (p *Program) printImport(r *report.Import) error {
	if p.format == formatJSON {
		return p.json(exit.Fine, r)
	}
	p.warn(append(slices.Clone(r.Left), r.Warnings...))
	report.ImportText(p.out, r)
	return nil
}

// checkPace refuses flags of the server that make no sense.
func checkPace(c *ucli.Context) error {
	if c.Int("parallelism") < 1 || c.Int("page-size") < 1 {
		return exit.Fail(exit.Error, "--parallelism and --page-size are at least 1; leave them out for 10 and 200")
	}
	if c.Float64("rate") < 0 {
		return exit.Fail(exit.Error, "--rate %v: calls per second are due; 0 for no limit", c.Float64("rate"))
	}
	return nil
}

func checkSnapshot(c *ucli.Context) error {
	file := c.String("snapshot")
	switch {
	case file == "":
		return nil
	case len(c.StringSlice("only")) > 0:
		return exit.Fail(exit.Error, "--only has no place beside --snapshot: a snapshot is the whole tenant")
	case c.Bool("force"):
		return nil
	}
	if _, err := os.Lstat(file); err == nil {
		return exit.Fail(exit.Error, "%s is there already; choose another name, or overwrite it with --force", file)
	}
	return nil
}
