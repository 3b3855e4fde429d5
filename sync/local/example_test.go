package local_test

import (
	"fmt"
	"os"
	"path/filepath"

	"pbxsync/sync/local"
	"pbxsync/sync/plan"
)

// Open a folder of run records: the Store of an engine that writes. Nothing is there until
// a run begins.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "records")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	store, err := local.Open(local.Config{Dir: filepath.Join(dir, "state"), Endpoint: "https://pbx.example", Tool: "nightly 1.2"})
	if err != nil {
		fmt.Println(err)
		return
	}
	known, err := store.Known(plan.TenantID{ID: 12, Name: "acme", Prefix: "12037"})
	fmt.Println(store.Server, known.Empty(), err)
	// Output:
	// pbx.example true <nil>
}
