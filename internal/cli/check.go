package cli

import (
	"errors"
	"net/http"
	"time"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/api"
	"pbxsync/internal/checkup"
	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// check looks at everything that has to be right before a plan: server,
// credentials, rights, tenant, clock. It reads and never writes.
func (p *Program) check(c *ucli.Context) error {
	if err := p.output(c); err != nil {
		return err
	}
	where, err := path(c)
	if err != nil {
		return err
	}
	t, in, err := p.tenantIfAny(where, c.Args().Present())
	if err != nil {
		return err
	}
	deep, err := p.deep(c)
	if err != nil {
		return err
	}
	j, err := p.open(c, &job{where: where, tenant: t, dir: in.Dir}, in)
	if err != nil {
		return errors.Join(err, deep.close())
	}
	defer j.conn.close()
	return errors.Join(p.checked(c, j, deep), deep.close())
}

func (p *Program) checked(c *ucli.Context, j *job, deep *deepJob) error {
	id, err := j.engine(p).Identify(c.Context, j.tenant, p.options(c, j.dir))
	if err != nil && j.conn.client.Counts().Token == 0 {
		return err // of a flag: nothing was called
	}
	rows := p.rows(c, j, id, err)
	if err == nil {
		if err := deep.run(p, c, j, id.ID); err != nil {
			return err
		}
	} else {
		err = exit.Silent(exit.Of(err))
	}
	if err == nil && checkup.Wrong(rows) != "" {
		err = exit.Silent(exit.Error)
	}
	if cut := deep.whole(); cut != nil && (err == nil || exit.Of(err) == exit.Error) {
		err = cut
	}
	if p.format == formatJSON {
		all := map[string]any{"format_version": report.Version, "findings": rows}
		if deep != nil && deep.said != nil {
			all["deep"] = deep.said
		}
		return errors.Join(p.json(exit.Of(err), all), exit.Silent(exit.Of(err)))
	}
	for _, r := range rows {
		p.row(r)
	}
	p.printDeep(deep)
	return err
}

func (p *Program) row(r checkup.Row) {
	mark := "ok  "
	switch {
	case r.Untried:
		mark = "--  "
	case !r.Good:
		mark = "BAD "
	}
	p.out.Linef("%s %-12s %s", mark, r.What, report.Clean(r.Text))
}

// rows tries everything that can be tried, whatever else is wrong.
func (p *Program) rows(c *ucli.Context, j *job, id *plan.TenantID, err error) []checkup.Row {
	seen := checkup.Seen{Server: j.conn.server, From: j.conn.credentials, Token: j.conn.client.Authorized(), Err: err}
	if err == nil {
		seen.Tenant = id.Name + " (prefix " + id.Prefix + ")"
	}
	rows := seen.Rows()
	if wrong := checkup.Wrong(rows); wrong == checkup.Server || wrong == checkup.Credentials {
		rows = append(rows, checkup.Untried(checkup.Rights, wrong))
	} else {
		rows = append(rows, p.rights(c, j))
	}
	return append(rows, clock(j))
}

// rights tells an administrator from a tenant. Whether a token may write cannot
// be known without writing.
func (p *Program) rights(c *ucli.Context, j *job) checkup.Row {
	_, err := j.conn.client.List(c.Context, p.Catalogue.Root().Tenant.Search+"?per_page=1&page=1", api.Listing{})
	switch {
	case err == nil:
		return checkup.Row{What: checkup.Rights, Good: true, Text: "administrator; reading works, writing shows with the first apply"}
	case call.Status(err) == http.StatusForbidden || call.Status(err) == http.StatusNotFound:
		return checkup.Row{What: checkup.Rights, Good: true, Text: "one tenant; reading works, writing shows with the first apply"}
	}
	return checkup.Row{What: checkup.Rights, Text: err.Error()}
}

func clock(j *job) checkup.Row {
	const tolerated = 2 * time.Minute
	r := checkup.Row{What: "clock", Good: true}
	switch skew, known := j.conn.client.ClockSkew(); {
	case !known && !j.conn.client.Authorized():
		r.Good, r.Untried, r.Text = false, true, "not tried, since no answer has told the server's time"
	case !known:
		r.Text = "the server does not tell its time"
	case skew.Abs() > tolerated:
		r.Good, r.Text = false, "this machine's clock is off by "+skew.Round(time.Second).String()+"; set it, or tokens and schedules mislead"
	default:
		r.Text = "within " + tolerated.String() + " of the server's"
	}
	return r
}

// tenantIfAny reads the tenant's files if there are any; check works without.
func (p *Program) tenantIfAny(where string, named bool) (*schema.Tenant, *input.Input, error) {
	if !named {
		if names, err := p.files().Names(where); err != nil || len(names) == 0 {
			return nil, &input.Input{Dir: where}, nil
		}
	}
	return p.tenant(where)
}
