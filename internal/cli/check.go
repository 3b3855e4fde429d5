package cli

import (
	"context"
	"errors"
	"net/http"
	"time"

	"pbxsync/internal/api"
	"pbxsync/internal/checkup"
	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// checker looks at what has to be right before a plan.
type checker struct {
	*Program
	o    *checking
	j    *job
	deep *deepJob
}

// check looks at server, credentials, rights, tenant, clock. It reads and never writes.
func (k *checker) check(ctx context.Context) error {
	p, o := k.Program, k.o
	if err := p.output(o.printing); err != nil {
		return err
	}
	where, err := o.path()
	if err != nil {
		return err
	}
	t, in, err := p.tenantIfAny(where, len(o.list) > 0)
	if err != nil {
		return err
	}
	if k.deep, err = o.opened(); err != nil {
		return err
	}
	if k.j, err = p.open(&o.common, &job{where: where, tenant: t, dir: in.Dir}, in); err != nil {
		return errors.Join(err, k.deep.close())
	}
	defer k.j.conn.close()
	return errors.Join(k.run(ctx), k.deep.close())
}

func (k *checker) run(ctx context.Context) error {
	j, deep := k.j, k.deep
	id, err := j.engine(k.Program).Identify(ctx, j.tenant, k.options(&k.o.common, j.dir))
	if err != nil && j.conn.client.Counts().Token == 0 {
		return err // of a flag: nothing was called
	}
	rows := k.rows(ctx, id, err)
	if err == nil {
		if err := deep.run(ctx, k, id.ID); err != nil {
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
	if k.Format == console.JSON {
		all := map[string]any{"format_version": report.ListVersion, "findings": rows}
		if deep != nil && deep.said != nil {
			all["deep"] = deep.said
		}
		return errors.Join(k.JSON(exit.Of(err), all), exit.Silent(exit.Of(err)))
	}
	for _, r := range rows {
		k.row(r)
	}
	k.printDeep()
	return err
}

func (k *checker) row(r checkup.Row) {
	mark := "ok  "
	switch {
	case r.Untried:
		mark = "--  "
	case !r.Good:
		mark = "BAD "
	}
	k.Out.Linef("%s %-12s %s", mark, r.What, report.Clean(r.Text))
}

// rows tries everything that can be tried, whatever else is wrong.
func (k *checker) rows(ctx context.Context, id *plan.TenantID, err error) []checkup.Row {
	seen := checkup.Seen{Server: k.j.conn.server, From: k.j.conn.credentials, Token: k.j.conn.client.Authorized(), Err: err}
	if err == nil {
		seen.Tenant = id.Name + " (prefix " + id.Prefix + ")"
	}
	rows := seen.Rows()
	if wrong := checkup.Wrong(rows); wrong == checkup.Server || wrong == checkup.Credentials {
		rows = append(rows, checkup.Untried(checkup.Rights, wrong))
	} else {
		rows = append(rows, k.rights(ctx))
	}
	return append(rows, k.clock())
}

// rights tells an administrator from a tenant. Whether a token may write cannot
// be known without writing.
func (k *checker) rights(ctx context.Context) checkup.Row {
	_, err := k.j.conn.client.List(ctx, k.Catalogue.Root().Tenant.Search+"?per_page=1&page=1", api.Listing{})
	switch {
	case err == nil:
		return checkup.Row{What: checkup.Rights, Good: true, Text: "administrator; reading works, writing shows with the first apply"}
	case call.Status(err) == http.StatusForbidden || call.Status(err) == http.StatusNotFound:
		return checkup.Row{What: checkup.Rights, Good: true, Text: "one tenant; reading works, writing shows with the first apply"}
	}
	return checkup.Row{What: checkup.Rights, Text: err.Error()}
}

func (k *checker) clock() checkup.Row {
	const tolerated = 2 * time.Minute
	r := checkup.Row{What: "clock", Good: true}
	switch skew, known := k.j.conn.client.ClockSkew(); {
	case !known && !k.j.conn.client.Authorized():
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
	return p.tenant(where, "check")
}
