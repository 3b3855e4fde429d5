package cli

import (
	"errors"
	"net/http"
	"time"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/api"
	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/sync"
)

// finding is one line of check.
type finding struct {
	What string `json:"what"`
	Good bool   `json:"good"`
	Text string `json:"text"`
}

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
	j, err := p.open(c, &job{where: where, tenant: t, dir: in.dir}, in)
	if err != nil {
		return errors.Join(err, deep.close())
	}
	defer j.conn.close()
	return errors.Join(p.checked(c, j, deep), deep.close())
}

func (p *Program) checked(c *ucli.Context, j *job, deep *deepJob) error {
	id, probeErr := sync.Identify(c.Context, reader{j.conn.client}, j.tenant, p.options(c, j.dir))
	findings := p.findings(c, j, id, probeErr)
	if probeErr == nil {
		if err := deep.run(p, c, j, id.ID); err != nil {
			return err
		}
	}
	if p.format == formatJSON {
		all := map[string]any{"format_version": report.Version, "findings": findings}
		if deep != nil && deep.said != nil {
			all["deep"] = deep.said
		}
		if err := p.json(codeOf(probeErr), all); err != nil {
			return err
		}
		return silent(codeOf(errors.Join(probeErr, deep.whole())))
	}
	for _, f := range findings {
		p.finding(f)
	}
	p.printDeep(deep)
	return errors.Join(silent(codeOf(probeErr)), deep.whole())
}

func (p *Program) finding(f finding) {
	mark := "ok  "
	if !f.Good {
		mark = "BAD "
	}
	p.out.Linef("%s %-12s %s", mark, f.What, f.Text)
}

func (p *Program) findings(c *ucli.Context, j *job, id *sync.TenantID, err error) []finding {
	counts := j.conn.client.Counts()
	reached := counts.Token > 0 && (err == nil || sync.Status(err) != 0)
	out := []finding{{"server", reached, j.conn.server}}
	if err != nil {
		return append(out, finding{"tenant", false, err.Error()})
	}
	out = append(out, finding{"credentials", true, "a token was given"})
	out = append(out, finding{"tenant", true, report.Clean(id.Name) + " (prefix " + report.Clean(id.Prefix) + ")"})
	out = append(out, p.rights(c, j, id), clock(j))
	return out
}

// rights tells an administrator from a tenant. Whether a token may write cannot
// be known without writing.
func (p *Program) rights(c *ucli.Context, j *job, _ *sync.TenantID) finding {
	_, err := j.conn.client.List(c.Context, p.Catalogue.Root().Tenant.Search+"?per_page=1&page=1", api.Listing{})
	switch {
	case err == nil:
		return finding{"rights", true, "administrator; reading works, writing shows with the first apply"}
	case sync.Status(err) == http.StatusForbidden || sync.Status(err) == http.StatusNotFound:
		return finding{"rights", true, "one tenant; reading works, writing shows with the first apply"}
	}
	return finding{"rights", false, err.Error()}
}

func clock(j *job) finding {
	const tolerated = 2 * time.Minute
	skew, known := j.conn.client.ClockSkew()
	switch {
	case !known:
		return finding{"clock", true, "the server does not tell its time"}
	case skew.Abs() > tolerated:
		return finding{"clock", false, "this machine's clock is off by " + skew.Round(time.Second).String() + "; set it, or tokens and schedules mislead"}
	}
	return finding{"clock", true, "within " + tolerated.String() + " of the server's"}
}

// tenantIfAny reads the tenant's files if there are any; check works without.
func (p *Program) tenantIfAny(where string, named bool) (*schema.Tenant, *input, error) {
	if !named {
		if names, err := tenantFiles(where); err != nil || len(names) == 0 {
			return nil, &input{dir: where}, nil
		}
	}
	return p.tenant(where)
}
