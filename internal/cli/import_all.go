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

	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/report"
	"pbxsync/internal/staging"
	"pbxsync/schema/file/export"
	"pbxsync/schema/published"
	"pbxsync/schema/wording"
	"pbxsync/sync"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// all writes every tenant that an administrator sees, each into a folder of its
// own. A folder that is there is finished, since it comes into being with all its
// files: a second run goes on where the first one ended.
func (m *importer) all() error {
	if err := m.o.checkAll(); err != nil {
		return err
	}
	dir := m.o.all
	if err := m.open(dir); err != nil {
		return err
	}
	defer m.j.conn.close()
	start := time.Now()
	tenants, err := m.j.engine(m.Program).Tenants(m.whole, m.Catalogue) // an interrupt ends it after the tenant that is being read
	if s := call.Status(err); s == http.StatusForbidden || s == http.StatusNotFound {
		return exit.Fail(exit.Error, "%w; --all needs the credentials of an administrator", err)
	} else if err != nil {
		return err
	}
	asked := m.j.conn.client.Counts()
	m.estimate(len(tenants), time.Since(start)/time.Duration(max(1, asked.Reads+asked.Token)))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := staging.Replace(filepath.Join(dir, staging.SchemaFile), published.Schema(m.Catalogue)); err != nil {
		return err
	}
	all := &report.ImportAll{Version: report.ListVersion, Folder: dir}
	for i, t := range tenants {
		if m.interrupted() {
			break
		}
		one := m.importOne(dir, t)
		all.Tenants = append(all.Tenants, one)
		if one.Import != nil && m.Format != console.JSON {
			m.Warn(one.Import.Warnings)
		}
		m.Log.Linef("[%d/%d] %s: %s", i+1, len(tenants), one.Folder, one.Result)
	}
	counts := m.j.conn.client.Counts()
	all.Calls = counts.Reads + counts.Token
	return m.printAll(all, len(tenants))
}

func (o *importing) checkAll() error {
	switch {
	case len(o.only) > 0:
		return exit.Fail(exit.Error, "--%s has no place beside --all", "only")
	case o.snapshots:
		return exit.Fail(exit.Error, "--%s has no place beside --all", "snapshot")
	}
	if len(o.list) > 0 {
		return exit.Fail(exit.Error, "import --all %s writes there; PATH (%s) has no place beside it", o.all, o.first())
	}
	if o.stated["tenant"] && o.tenant != string(observe.Me) {
		return exit.Fail(exit.Error, "--all takes every tenant; --tenant %s names one", o.tenant)
	}
	return nil
}

// estimate says what is going to be asked of the server. Only the lists can be known
// beforehand, so it is the least.
func (m *importer) estimate(tenants int, oneCall time.Duration) {
	calls := tenants * observe.LeastCalls(m.Catalogue)
	least := oneCall * time.Duration(calls) / time.Duration(m.o.parallelism)
	if rate := m.o.rate; rate > 0 {
		least = max(least, time.Duration(float64(calls)/rate*float64(time.Second)))
	}
	m.Log.Linef("%s: at least %s, %s or more, and one call more for each phone and sound, and for the events of each agent",
		wording.CountOf(tenants, "tenant"), wording.CountOf(calls, "call"), least.Round(time.Second))
}

// importOne imports one tenant. What goes wrong with it does not stop the others.
func (m *importer) importOne(dir string, t plan.TenantID) report.ImportedOne {
	one := report.ImportedOne{Tenant: t, Folder: tenantFolder(t), Result: report.ResultFailed}
	m.j.conn.client.Afresh()
	where := m.target(filepath.Join(dir, one.Folder))
	if _, err := os.Stat(filepath.Join(where.Dir, export.HeadFile)); err == nil && !where.Force {
		one.Result = report.ResultKept
		return one
	}
	o := m.options(&m.o.common, dir)
	o.Tenant = observe.Selector(strconv.FormatInt(t.ID, 10))
	got, err := m.keepOne(o, where, t)
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
func (m *importer) keepOne(o sync.Options, where *staging.Target, t plan.TenantID) (*taken, error) {
	if err := where.Check(); err != nil {
		return nil, err
	}
	at := where.Staging()
	defer at.Clear()
	got, err := m.takeOver(m.whole, o, at, "../"+staging.SchemaFile)
	if err != nil {
		return nil, err
	}
	if read := got.Snapshot.Tenant; read.Prefix != t.Prefix {
		return nil, fmt.Errorf("the list of tenants gives prefix %q, the tenant itself %q", t.Prefix, read.Prefix)
	}
	got.keep(where.Dir)
	return got, where.Write(at, got.Files.Files)
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

func (m *importer) printAll(all *report.ImportAll, tenants int) error {
	code := exit.Fine
	switch {
	case slices.ContainsFunc(all.Tenants, func(t report.ImportedOne) bool { return t.Result == report.ResultFailed }):
		code = exit.Error
	case len(all.Tenants) < tenants:
		code = exit.Interrupted
	}
	if m.Format == console.JSON {
		if err := m.JSON(code, all); err != nil {
			return err
		}
	} else {
		report.ImportAllText(m.Out, all)
	}
	if code == exit.Interrupted {
		m.Log.Linef("interrupted after %d of %s; the same command goes on from there", len(all.Tenants), wording.CountOf(tenants, "tenant"))
	}
	return exit.Silent(code)
}
