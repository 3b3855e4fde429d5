package savedplan

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/sync"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// A plan that apply would refuse for its size is not saved, and what is saved is read again.
func TestPlanOverTheLimit(t *testing.T) {
	was := folder.Plan
	t.Cleanup(func() { folder.Plan = was })
	folder.Plan.Most = 1 << 20
	path := filepath.Join(t.TempDir(), "plan.json")
	save := func(size int) error {
		value := plan.Value{Version: plan.Version, Changes: []plan.Change{{Why: strings.Repeat("x", size)}}}
		_, err := Save(path, Header{}, &sync.Planned{State: &observe.State{Basis: plan.Basis{Desired: &schema.Tenant{Partial: true}, Live: &diff.Live{}}}, Plan: &plan.Plan{Value: value}}, &report.Report{}, nil)
		return err
	}
	err := save(2 << 20)
	if err == nil || !strings.HasSuffix(err.Error(), "plan.json would have 3 MiB, and the limit is 1 MiB for a saved plan; take it in parts with --only") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("it was saved")
	}
	if err := save(1<<20 - 2000); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path, nil); err != nil {
		t.Error(err)
	}
}

// A saved plan goes to the server from which it was made, and to no other. One that was
// made from a snapshot does not say which that is.
func TestSavedPlanOfAnotherServer(t *testing.T) {
	for _, test := range []struct {
		made, now string
		want      int
	}{
		{"pbx.example:443", "pbx.example:443", exit.Fine},
		{SnapshotHost, "pbx.example:443", exit.Fine},
		{"other.example:443", "pbx.example:443", exit.Guard},
		{"pbx.example:444", "pbx.example:443", exit.Guard},
		{"", "pbx.example:443", exit.Guard},
	} {
		err := (&Plan{Header: Header{Server: test.made}}).OtherServer(test.now)
		if (err != nil) != (test.want != exit.Fine) || err != nil && exit.Of(err) != test.want {
			t.Errorf("made for %q, now %q: %v", test.made, test.now, err)
		}
	}
}
