package local

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pbxsync/internal/lock"
	"pbxsync/sync"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// played is a store with a run of each of two tenants: step 1 made something, what came of
// steps 2 and 3 is not known, and 3 is no create.
func played(t *testing.T) (s *Store, runs []string) {
	t.Helper()
	s, err := Open(Config{Dir: filepath.Join(t.TempDir(), "records"), Server: "host", Tool: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for _, prefix := range []string{"12037", "12038"} {
		r, err := s.Begin(plan.TenantID{ID: 12, Prefix: prefix}, "", 3)
		if err != nil {
			t.Fatal(err)
		}
		for step, creates := range []bool{true, true, false} {
			err = errors.Join(err, r.Intent(record.Intent{Step: step + 1, Attempt: 1, Method: "POST", Path: "/client/12/interval/", Kind: "interval", Addresses: []string{"interval/Day"}, Creates: creates}))
		}
		err = errors.Join(err, r.Ack(1, 7, ""), r.Unknown(2, "no answer"), r.Unknown(3, "no answer"), r.Finished(&run.Summary{}), r.Close())
		if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, r.Run())
	}
	return s, runs
}

func TestRunsOfAllTenants(t *testing.T) {
	s, names := played(t)
	runs, gone, err := s.Runs()
	if err != nil || len(gone) > 0 || len(runs) != 2 {
		t.Fatalf("%v, gone %v, error %v", runs, gone, err)
	}
	for i, r := range runs {
		if r.Name != names[i] || r.Done != 1 || r.Unknown != 2 || r.Failed != 0 || r.Steps != 3 || !r.Ended || r.Tool != "test" {
			t.Errorf("%+v", r)
		}
	}
}

// Only a create of which it is not known what came of it can be settled.
func TestSettleOnlyWhatIsOpen(t *testing.T) {
	s, runs := played(t)
	for step, want := range map[int]string{1: "is not open", 2: "", 3: "is not open", 4: "is not open"} {
		err := s.Settle(record.Settled{Run: runs[1], Step: step, How: record.Forgotten})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("step %d: %v", step, err)
		}
	}
	if err := s.Settle(record.Settled{Run: "none", Step: 1}); err == nil || !strings.Contains(err.Error(), `there is no run "none"`) {
		t.Error(err)
	}
	if _, err := s.Past(runs[0]); err == nil || !strings.Contains(err.Error(), "has no plan on record") {
		t.Error(err)
	}
}

// What a person says is not taken as recorded where no record can be begun.
func TestSettleThatCannotBeWritten(t *testing.T) {
	s, runs := played(t)
	key := filepath.Join(s.Dir, "journal.key")
	if err := os.WriteFile(key, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := s.Settle(record.Settled{Run: runs[1], Step: 2, How: record.Forgotten})
	if err == nil || !strings.Contains(err.Error(), key+" has 5 bytes") {
		t.Error(err)
	}
}

// A run is undone on the server where it was made. A store that has none asks for none, and a run
// that left something open is told as that, whatever the server.
func TestPastOfAServer(t *testing.T) {
	tenant := plan.TenantID{ID: 12, Prefix: "12037"}
	dir := filepath.Join(t.TempDir(), "records")
	on := func(server string) *Store {
		s, err := Open(Config{Dir: dir, Server: server, Tool: "test"})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	made := func(open bool) string {
		r, err := on("host").Begin(tenant, "", 1)
		if err != nil {
			t.Fatal(err)
		}
		err = r.Begin(&plan.Value{}, nil)
		if open {
			err = errors.Join(err, r.Intent(record.Intent{Step: 1, Attempt: 1, Method: "POST", Path: "/client/12/interval/", Kind: "interval", Addresses: []string{"interval/Day"}, Creates: true}), r.Unknown(1, "no answer"))
		}
		if err := errors.Join(err, r.Finished(&run.Summary{}), r.Close()); err != nil {
			t.Fatal(err)
		}
		return r.Run()
	}
	whole, open := made(false), made(true)
	for _, test := range []struct{ server, run, says string }{
		{"host", whole, ""},
		{"", whole, ""},
		{"other", whole, "was made on host, and this is other"},
		{"host", open, ""},
		{"other", open, ""},
	} {
		past, err := on(test.server).Past(test.run)
		if (past != nil) != (test.says == "") || test.says == "" && err != nil || test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)) {
			t.Errorf("%q, %s: %+v, %v", test.server, test.run, past, err)
		}
	}
}

// What others keep beside the records is not taken for the records of a tenant.
func TestFilesBesideRecords(t *testing.T) {
	s, runs := played(t)
	beside := filepath.Join(filepath.Dir(s.dir(plan.TenantID{Prefix: "12037"})), ".DS_Store")
	if err := os.WriteFile(beside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, _, err := s.Runs(); err != nil || len(got) != len(runs) {
		t.Errorf("%v, %v", got, err)
	}
}

// A record that cannot be read is an error of everything that asks for one.
func TestAnUnreadableRecordIsSaid(t *testing.T) {
	s, runs := played(t)
	dir := s.dir(plan.TenantID{Prefix: "12037"})
	files, err := filepath.Glob(filepath.Join(dir, "*"+runs[0]+"*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.WriteFile(files[0], []byte("{\"no\": \"record\"}\n{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, ofRuns := s.Runs()
	_, ofPast := s.Past(runs[1])
	_, ofKnown := s.Known(plan.TenantID{Prefix: "12037"})
	ofSettle := s.Settle(record.Settled{Run: runs[1], Step: 2, How: record.Forgotten})
	for name, err := range map[string]error{"runs": ofRuns, "past": ofPast, "known": ofKnown, "settle": ofSettle} {
		if err == nil || strings.Contains(err.Error(), "there is no run") || !strings.Contains(err.Error(), filepath.Base(files[0])) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The lock that all checkouts share: held by another run, nowhere to be, and not to be used.
func TestLocksOfTheMachine(t *testing.T) {
	tenant := plan.TenantID{Prefix: "12037", Name: "acme"}
	home := t.TempDir()
	open := func(shared ...string) *Store {
		s, err := Open(Config{Dir: filepath.Join(t.TempDir(), "records"), Endpoint: "https://pbx.example", Shared: shared})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	shared := filepath.Join(home, "cache", "locks")
	l, err := open(shared).Lock(tenant)
	if err != nil {
		t.Fatal(err)
	}
	var failure *sync.Failure
	if _, err := open(shared).Lock(tenant); !errors.As(err, &failure) || failure.End != sync.Locked || !strings.Contains(err.Error(), "another run on this machine writes to tenant acme of https://pbx.example") {
		t.Errorf("held: %v", err)
	}
	l.Release(true)

	alone, err := open(filepath.Join(home, "none", "cache", "locks")).lockOf(tenant)
	if err != nil || !errors.Is(alone.alone, lock.ErrNowhere) {
		t.Errorf("nowhere: %v", err)
	}
	alone.Release(true)

	if err := os.Chmod(shared, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := open(shared).Lock(tenant); err == nil || errors.As(err, &failure) && failure.End == sync.Locked {
		t.Errorf("a folder in which anybody can write: %v", err)
	}
}

// lockOf takes the locks of a tenant and shows what they are.
func (s *Store) lockOf(t plan.TenantID) (*held, error) {
	l, err := s.Lock(t)
	h, _ := l.(*held)
	return h, err
}
