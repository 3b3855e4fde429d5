package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/sync/pbx"
)

// The program plans the smallest example against a simulator over HTTP, and writes nothing.
func TestPrintPlan(t *testing.T) {
	data, err := os.ReadFile("../minimal/_seed.yaml")
	if err != nil {
		t.Fatal(err)
	}
	sim, endpoint := canned.Serve(t, string(data))
	config := pbx.Config{Endpoint: endpoint, AppID: "id", AppSecret: "secret"}
	var out bytes.Buffer
	if err := printPlan(context.Background(), &out, config, []string{"../minimal/tenant.yaml"}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "POST /client/{tenant}/extension/\n") {
		t.Errorf("no extension is made:\n%s", &out)
	}
	t.Logf("\n%s", &out)
	if n := sim.Counts().Writes; n != 0 {
		t.Errorf("%d writes", n)
	}
	if err := printPlan(context.Background(), &out, config, []string{"../minimal/_seed.yaml"}); err == nil {
		t.Error("a file that is no tenant was planned")
	}
}
