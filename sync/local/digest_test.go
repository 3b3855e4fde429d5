package local

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// What a run has on record is in the digest once it has ended, so that the next plan does not read
// it, and is known from there as from the record.
func TestARunEndsWithADigest(t *testing.T) {
	s, err := Open(Config{Dir: filepath.Join(t.TempDir(), "records"), Server: "pbx.example"})
	if err != nil {
		t.Fatal(err)
	}
	tenant := plan.TenantID{ID: 12, Name: "acme", Prefix: "12037"}
	r, err := s.Begin(tenant, "", 1)
	if err != nil {
		t.Fatal(err)
	}
	sends := map[string]map[string]int64{"client_user/ada": {"password": 3}}
	for _, err := range []error{r.Begin(&plan.Value{}, nil),
		r.Intent(record.Intent{Step: 1, Attempt: 1, Method: "POST", Kind: "client_user", Key: "ada", Addresses: []string{"client_user/ada"}, Creates: true, Sends: sends}),
		r.Ack(1, 71, ""), r.Finished(&run.Summary{Done: 1}), r.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(filepath.Join(s.dir(tenant), "digest.json"))
	if err != nil || !bytes.Contains(data, []byte(r.Run())) {
		t.Fatalf("%s %v", data, err)
	}
	k, err := s.Known(tenant)
	if err != nil {
		t.Fatal(err)
	}
	if version, ok := k.VersionSent("client_user/ada", "password", 71); !ok || version != 3 || k.None {
		t.Errorf("version %d %v, %+v", version, ok, k)
	}
}
