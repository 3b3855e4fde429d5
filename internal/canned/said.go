package canned

import (
	"io/fs"
	"os"
	"sync"
	"testing"

	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"

	"golang.org/x/tools/txtar"
)

// options is the section of that name: how the tenant is read.
type options struct {
	Tenant                                  observe.Selector
	Create, Delete                          string
	SkipContent                             bool
	MadeUp                                  bool // with kinds that the program does not have
	Fewer, SendSecrets, TrustVersions, Only []string
}

// records is the section of that name: what earlier runs left behind.
type records struct {
	Where     string
	None      bool
	Sent      map[string]map[string]record.Sent
	Open      []record.Open
	Respelled []record.Respelled
	Verified  *record.Verified
	Seen      []struct {
		record.Name
		record.Seen
	}
}

// Options are those of the case. Where it has no records, there are none that could say
// anything.
func (c *Case) Options(t *testing.T) observe.Options {
	t.Helper()
	var o options
	c.JSON(t, "options", &o)
	return observe.Options{Catalogue: c.Catalogue(t), Parallelism: 1, Folder: c, Tenant: o.Tenant, Create: o.Create, Delete: o.Delete, SkipContent: o.SkipContent,
		Fewer: o.Fewer, SendSecrets: o.SendSecrets, TrustVersions: o.TrustVersions, Records: func(plan.TenantID) (*record.Records, error) { return c.records(t), nil }}
}

// Catalogue has the kinds of the program, those that are made up where the case wants them,
// and its own, which are sections in "kinds".
func (c *Case) Catalogue(t *testing.T) *schema.Catalogue {
	t.Helper()
	var o options
	if c.JSON(t, "options", &o); !o.MadeUp {
		return schema.Builtin()
	}
	if known, ok := catalogues.Load(c.path); ok {
		return known.(*schema.Catalogue)
	}
	own, err := txtar.FS(c.text)
	if err == nil {
		own, err = fs.Sub(own, "kinds")
	}
	if err != nil {
		t.Fatal(err)
	}
	all, err := schema.Load(os.DirFS("../../schema/kinds"), os.DirFS("../../testdata/kinds"), own)
	if err != nil {
		t.Fatal(err)
	}
	catalogues.Store(c.path, all)
	return all
}

// catalogues are those that were loaded, by the path of their case.
var catalogues sync.Map

// Only are the patterns of what is read of a whole tenant.
func (c *Case) Only(t *testing.T) []string {
	t.Helper()
	var o options
	c.JSON(t, "options", &o)
	return o.Only
}

func (c *Case) records(t *testing.T) *record.Records {
	t.Helper()
	var said records
	c.JSON(t, "records", &said)
	k := &record.Records{Where: said.Where, None: said.None, Sent: said.Sent, Open: said.Open, Respelled: said.Respelled, Verified: said.Verified, Seen: map[record.Name][]record.Seen{}}
	for _, s := range said.Seen {
		k.Seen[s.Name] = append(k.Seen[s.Name], s.Seen)
	}
	return k
}

// Observed compares the files of the case with its tenant.
func (c *Case) Observed(t *testing.T, r *Reader) (*observe.State, error) {
	t.Helper()
	desired, problems := c.Desired(t)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return observe.Observe(t.Context(), r, desired, c.Options(t))
}
