package cli

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/schema/file/export"
	"pbxsync/schema/published"
	"pbxsync/schema/wording"
	"pbxsync/sync"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// importAll writes every tenant that an administrator sees, each into a folder of its
// own. A folder that is there is finished, since it comes into being with all its
// files: a second run goes on where the first one ended.
func (p *Program) importAll(c *ucli.Context) error {
	if err := checkAll(c); err != nil {
		return err
	}
	c.Context = p.whole // an interrupt ends it after the tenant that is being read
	dir := c.String("all")
	j, err := p.open(c, &job{where: dir, dir: dir}, &input.Input{Dir: dir})
	if err != nil {
		return err
	}
	defer j.conn.close()
	start := time.Now()
	tenants, err := j.engine(p).Tenants(c.Context, p.Catalogue)
	if s := call.Status(err); s == http.StatusForbidden || s == http.StatusNotFound {
		return exit.Fail(exit.Error, "%w; --all needs the credentials of an administrator", err)
	} else if err != nil {
		return err
	}
	asked := j.conn.client.Counts()
	p.estimate(c, len(tenants), time.Since(start)/time.Duration(max(1, asked.Reads+asked.Token)))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := replaceFile(filepath.Join(dir, schemaFile), published.Schema(p.Catalogue)); err != nil {
		return err
	}
	all := &report.ImportAll{Version: report.Version, Folder: dir}
	for i, t := range tenants {
		if p.interrupted() {
			break
		}
		one := p.importOne(c, j, dir, t)
		all.Tenants = append(all.Tenants, one)
		if one.Import != nil && p.format != formatJSON {
			p.warn(one.Import.Warnings)
		}
		p.log.Linef("[%d/%d] %s: %s", i+1, len(tenants), one.Folder, one.Result)
	}
	counts := j.conn.client.Counts()
	all.Calls = counts.Reads + counts.Token
	return p.printAll(all, len(tenants))
}

func checkAll(c *ucli.Context) error {
	for _, flag := range []string{"only", "snapshot"} {
		if c.IsSet(flag) {
			return exit.Fail(exit.Error, "--%s has no place beside --all", flag)
		}
	}
	if c.Args().Present() {
		return exit.Fail(exit.Error, "import --all %s writes there; PATH (%s) has no place beside it", c.String("all"), c.Args().First())
	}
	if c.IsSet("tenant") && c.String("tenant") != string(observe.Me) {
		return exit.Fail(exit.Error, "--all takes every tenant; --tenant %s names one", c.String("tenant"))
	}
	return nil
}

// estimate says what is going to be asked of the server. Only the lists can be known
// beforehand, so it is the least.
func (p *Program) estimate(c *ucli.Context, tenants int, oneCall time.Duration) {
	calls := tenants * observe.LeastCalls(p.Catalogue)
	least := oneCall * time.Duration(calls) / time.Duration(c.Int("parallelism"))
	if rate := c.Float64("rate"); rate > 0 {
		least = max(least, time.Duration(float64(calls)/rate*float64(time.Second)))
	}
	p.log.Linef("%s: at least %s, %s or more, and one call more for each phone and sound, and for the events of each agent",
		wording.CountOf(tenants, "tenant"), wording.CountOf(calls, "call"), least.Round(time.Second))
}

// importOne imports one tenant. What goes wrong with it does not stop the others.
func (p *Program) importOne(c *ucli.Context, j *job, dir string, t plan.TenantID) report.ImportedOne {
	one := report.ImportedOne{Tenant: t, Folder: tenantFolder(t), Result: report.ResultFailed}
	j.conn.client.Afresh()
	where := p.target(c, filepath.Join(dir, one.Folder))
	if _, err := os.Stat(filepath.Join(where.dir, export.HeadFile)); err == nil && !where.force {
		one.Result = report.ResultKept
		return one
	}
	o := p.options(c, dir)
	o.Tenant = observe.Selector(strconv.FormatInt(t.ID, 10))
	got, err := p.keepOne(c, j, o, where, t)
	switch {
	case call.Status(err) == http.StatusForbidden:
		one.Result, one.Error = report.ResultRefused, err.Error()
	case err != nil:
		one.Error = err.Error()
	default:
		one.Result, one.Import = got.report.Judge(), got.report
	}
	return one
}

// keepOne reads, proves and writes one tenant.
func (p *Program) keepOne(c *ucli.Context, j *job, o sync.Options, where *target, t plan.TenantID) (*taken, error) {
	if err := where.check(); err != nil {
		return nil, err
	}
	at := where.staging()
	defer at.clear()
	got, err := p.takeOver(c.Context, c, j, o, at, "../"+schemaFile)
	if err != nil {
		return nil, err
	}
	if read := got.Snapshot.Tenant; read.Prefix != t.Prefix {
		return nil, fmt.Errorf("the list of tenants gives prefix %q, the tenant itself %q", t.Prefix, read.Prefix)
	}
	got.keep(where.dir)
	return got, where.write(at, got.Files.Files)
}

// tenantFolder names the folder of a tenant: its prefix, and what can be read of its name.
func tenantFolder(t plan.TenantID) string {
	prefix := slug(t.Prefix)
	if prefix == "" || prefix != t.Prefix { // would not be told from another one
		prefix = "id" + strconv.FormatInt(t.ID, 10)
	}
	return strings.TrimRight(prefix+"-"+slug(t.Name), "-")
}

// slug keeps small letters and digits.
func slug(name string) string {
	const most = 40
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case b.Len() >= most:
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

func (p *Program) printAll(all *report.ImportAll, tenants int) error {
	code := exit.Fine
	switch {
	case slices.ContainsFunc(all.Tenants, func(t report.ImportedOne) bool { return t.Result == report.ResultFailed }):
		code = exit.Error
	case len(all.Tenants) < tenants:
		code = exit.Interrupted
	}
	if p.format == formatJSON {
		if err := p.json(code, all); err != nil {
			return err
		}
	} else {
		report.ImportAllText(p.out, all)
	}
	if code == exit.Interrupted {
		p.log.Linef("interrupted after %d of %s; the same command goes on from there", len(all.Tenants), wording.CountOf(tenants, "tenant"))
	}
	return exit.Silent(code)
}
