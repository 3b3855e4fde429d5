package cli

import (
	"context"
	"fmt"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/internal/savedplan"
	"pbxsync/internal/staging"
	"pbxsync/schema/wording"
	"pbxsync/sync"
)

// pullFlags are those of pull beyond the server's.
func pullFlags() []ucli.Flag {
	return []ucli.Flag{
		onlyFlag(),
		&ucli.StringFlag{Name: "live", Usage: "take the values from a snapshot in `FILE`, without a server (see import --snapshot)"},
		&ucli.BoolFlag{Name: "auto-approve", Aliases: []string{"yes"}, Usage: "do not ask"},
	}
}

// pulling are the options of pull.
type pulling struct {
	common
	live   string
	agreed bool // nobody is asked
}

func pullingOf(c *ucli.Context) *pulling {
	return &pulling{commonOf(c), c.String("live"), c.Bool("auto-approve")}
}

// puller takes live values over into files.
type puller struct {
	*Program
	o *pulling
}

// pull writes live values into the files.
func (p *puller) pull(ctx context.Context) error {
	o := p.o
	if where, err := o.path(); err == nil && where == input.Stdin {
		return exit.Fail(exit.Error, "standard input is no file that could be changed; name a tenant's file or folder")
	}
	only := o.only
	o.only = nil // the files are read whole, since what is chosen may be in none of them
	j, err := p.desired(&o.common)
	if err != nil {
		return err
	}
	e, how, err := p.engine(j)
	if err != nil {
		return err
	}
	defer j.conn.close()
	how.Only = only
	got, err := e.Pull(ctx, j.files, how)
	if err != nil {
		return unseeded(j, err)
	}
	p.KeepWhole(addressesOf(got.State.Live.Objects))
	r := report.OfPull(p.Catalogue, j.files, got)
	if p.Format == console.Text {
		report.PulledText(p.Out, r)
		p.Warn(got.Left)
		if got.Stay > 0 {
			p.Note("%s in the files that no run has applied yet: what they say stays", wording.CountOf(got.Stay, "change"))
		}
	}
	if len(got.Files) == 0 {
		return p.pulled(r, "Nothing to take: the files say what the tenant has.")
	}
	if err := p.mayRewrite(len(got.Files), j.tenant.Name); err != nil {
		return err
	}
	if err := staging.Rewrite(j.files, got.Files); err != nil {
		return err
	}
	r.Written = true
	return p.pulled(r, fmt.Sprintf("Pulled: %s in %s.", wording.CountOf(len(got.Taken), "change"), wording.CountOf(len(got.Files), "file")))
}

// engine returns one that reads a server, or a snapshot of one. Neither can write.
func (p *puller) engine(j *job) (*sync.Engine, sync.Options, error) {
	o := p.o
	how := p.options(&o.common, j.dir)
	if o.live == "" {
		if _, err := p.open(&o.common, j, &input.Input{Dir: j.dir}); err != nil {
			return nil, how, err
		}
		return j.engine(p.Program), how, nil
	}
	if err := p.noServer(&o.common); err != nil {
		return nil, how, err
	}
	s, err := loadSnapshot(o.live, p.Stop)
	if err != nil {
		return nil, how, err
	}
	j.conn = &connection{host: savedplan.SnapshotHost, close: func() error { return nil }}
	how.Tenant = s.Selector()
	return &sync.Engine{Reader: s, Stop: p.Stop}, how, nil
}

// pulled says what a pull has come to.
func (p *puller) pulled(r *report.Pulled, text string) error {
	if p.Format == console.JSON {
		r.Warnings = append(r.Warnings, p.Warnings...)
		return p.JSON(exit.Fine, r)
	}
	p.Out.Linef("%s", text)
	return nil
}

// mayRewrite asks a person whether the files may be changed.
func (p *puller) mayRewrite(files int, tenant string) error {
	switch {
	case p.o.agreed:
		return nil
	case !p.Terminal:
		return exit.Fail(exit.Guard, "there is no terminal to ask on, so nothing was written; use --auto-approve")
	}
	if !p.yes(fmt.Sprintf("Write this into %s of tenant %s?", wording.CountOf(files, "file"), report.Clean(wording.Cut(tenant, wording.Longest, wording.Longest)))) {
		return exit.Fail(exit.Guard, "not approved; nothing was written")
	}
	return nil
}
