package local

import (
	"cmp"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pbxsync/internal/folder"
	"pbxsync/internal/journal"
	"pbxsync/sync"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// Config says where run records lie, and of which server they are.
type Config struct {
	Dir      string // the folder of all run records; it is made at first
	Endpoint string // URL of the server
	Server   string // names the server in the records; default: the host of the endpoint
	Tool     string // names the program in the records

	// Shared are folders of the user that all programs and checkouts share, so that runs with
	// other records are kept out too; see Shared. nil: they are not.
	Shared []string
	// Whole says that the server keeps its tenants beside the records, so that there can be
	// none of which no record tells.
	Whole bool
	// Disk makes the files of records; nil: on disk. For tests that lose power.
	Disk journal.Opener
}

// Store is a folder of run records. It may be used for many tenants, one after the other.
type Store struct{ Config }

var _ sync.Store = &Store{}

// Open checks that nobody else could have written what lies in the folder. It writes nothing.
func Open(c Config) (*Store, error) {
	if c.Server == "" {
		if u, err := url.Parse(c.Endpoint); err == nil {
			c.Server = Name(u.Host)
		}
	}
	if c.Disk == nil {
		c.Disk = journal.OnDisk
	}
	return &Store{c}, folder.CheckState(c.Dir)
}

// newTenant begins the folder of a tenant whose prefix is not known yet.
const newTenant = "new-"

// called names a tenant in the records. The prefix that the server tells decides, whatever
// the files call the tenant; until there is one, its name.
func called(t plan.TenantID) string { return cmp.Or(t.Prefix, newTenant+t.Name) }

func (s *Store) dir(t plan.TenantID) string {
	return filepath.Join(s.Dir, s.Server, Name(called(t)))
}

// Same reports whether the records of both lie in one folder.
func (s *Store) Same(a, b plan.TenantID) bool { return s.dir(a) == s.dir(b) }

// Known returns what earlier runs of a tenant have recorded.
func (s *Store) Known(t plan.TenantID) (*record.Records, error) {
	dirs := s.dirs(t)
	h, err := journal.Read(s.Dir, dirs...)
	if err != nil {
		return nil, err
	}
	k, dir := h.Known, dirs[len(dirs)-1]
	if k.Base, k.BaseLost = s.base(dir, h); k.BaseLost != nil {
		k.Base = nil
	}
	k.Gone, k.Where, k.None = h.Gone, filepath.ToSlash(dir), k.None && !s.Whole
	return k, nil
}

// dirs are the folders of a tenant's records, the older one first: the run that created the tenant did
// not know its prefix.
func (s *Store) dirs(t plan.TenantID) []string {
	if t.Prefix == "" {
		return []string{s.dir(t)}
	}
	return []string{s.dir(plan.TenantID{Name: t.Name}), s.dir(t)}
}

// base returns the tenant as it was last applied, and as runs have left it since that did not
// live to say so.
func (s *Store) base(dir string, h *journal.History) (*record.Base, error) {
	b, err := journal.Base(dir)
	if err == nil {
		err = h.Since(b)
	}
	return b, err
}

// KeepBase keeps the tenant as it was applied, in the place of what was kept before.
func (s *Store) KeepBase(t plan.TenantID, b record.Base) error {
	dir := s.dir(t)
	if err := s.make(dir); err != nil {
		return err
	}
	return journal.KeepBase(dir, b, time.Now())
}

// Begin begins the record of a run.
func (s *Store) Begin(t plan.TenantID, digest string, steps int) (sync.Record, error) {
	keep := func() { journal.Keep(s.Dir, s.dirs(t)...) } // the caller holds the lock until the record is closed
	keep()
	r, err := s.begin(s.dir(t), journal.Header{Server: s.Server, Client: t.ID, Name: t.Name, Prefix: t.Prefix, Plan: digest, Steps: steps})
	if err != nil {
		return nil, err
	}
	return kept{r, keep}, nil
}

// kept is a record that later runs need not read: what it tells is in the digest once it is closed.
type kept struct {
	sync.Record
	keep func()
}

// Close ends the record.
func (k kept) Close() error {
	err := k.Record.Close()
	k.keep()
	return err
}

// begin begins a record in a folder of records.
func (s *Store) begin(dir string, h journal.Header) (sync.Record, error) {
	if err := s.make(dir); err != nil {
		return nil, err
	}
	key, err := journal.Key(s.Dir)
	if err != nil {
		return nil, err
	}
	if h.Run, err = journal.NewRun(dir, time.Now()); err != nil {
		return nil, err
	}
	if h.Previous, err = journal.Follow(dir); err != nil {
		return nil, err
	}
	h.Tool = s.Tool
	h.Host, _ = os.Hostname()
	return journal.CreateWith(s.Disk, dir, key, h)
}

// make makes the folder of a tenant's records.
func (s *Store) make(dir string) error {
	if err := folder.MakeState(s.Dir); err != nil {
		return err
	}
	return folder.MakeBelow(s.Dir, dir)
}

// Name turns a text into the name of one folder.
func Name(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '.' && b.Len() > 0 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "_%x", r)
		}
	}
	return b.String()
}
