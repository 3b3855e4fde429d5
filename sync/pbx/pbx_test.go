package pbx_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync"
	"pbxsync/sync/call"
	"pbxsync/sync/pbx"
)

// endpoint is where a simulator with one tenant listens.
func endpoint(t testing.TB) string {
	t.Helper()
	_, at := canned.Serve(t, seed)
	return at
}

const seed = `
tenants:
  - settings: {id: 7, name: minimal, prefix: "12038", extension_len: 3, timezone: Europe/Berlin, domain: sip.minimal.example}
    limit: {extension_limit: 10}
`

func parse(t *testing.T, files string) *schema.Tenant {
	t.Helper()
	desired, problems := file.Parse(schema.Builtin(), []file.File{{Name: "tenant.yaml", Data: []byte(files)}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return desired
}

// What is planned and applied over HTTP by the engine's calls alone is there: the plan
// after it is empty, and an import finds what was made.
func TestPlanApplyImport(t *testing.T) {
	s, err := pbx.Dial(pbx.Config{Endpoint: endpoint(t), AppID: "id", AppSecret: "not told to anybody"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	desired := parse(t, `version: 1
tenant: {name: minimal, prefix: "12038"}
extension_groups: {sales: {extra_params: north}}
extensions: {"101": {type: queue, status: active, label: Alice}}
`)
	engine, o := &sync.Engine{Reader: s.Reader(), Writer: s.Writer()}, sync.Options{Catalogue: schema.Builtin(), Parallelism: 4}
	done, err := engine.Apply(t.Context(), desired, o, sync.Approving{})
	if err != nil || done.Summary.Done != 2 {
		t.Fatalf("%+v, want 2 steps done: %v", done.Summary, err)
	}
	if planned, err := engine.Plan(t.Context(), desired, o, nil); err != nil || len(planned.Plan.Steps) != 0 {
		t.Errorf("%v after apply: %v", planned, err)
	}
	got, err := engine.Import(t.Context(), o, sync.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"extension_group/sales", "extension/101"} {
		if got.Live.Object(address) == nil {
			t.Errorf("import has not read %s", address)
		}
	}
}

// The reading half has no method that writes, also not for who asks its type.
func TestReaderCannotWrite(t *testing.T) {
	s, err := pbx.Dial(pbx.Config{Endpoint: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Reader().(call.Writer); ok {
		t.Error("what Reader returns can write")
	}
}

// Credentials are never sent in clear text to another machine, and messages do not repeat them.
func TestDialRefuses(t *testing.T) {
	for _, endpoint := range []string{"", "http://pbx.example", "https://user:hidden-word@pbx.example", "ftp://pbx.example"} {
		_, err := pbx.Dial(pbx.Config{Endpoint: endpoint, AppID: "id", AppSecret: "hidden-word"})
		if err == nil || strings.Contains(err.Error(), "hidden-word") {
			t.Errorf("Dial(%q): %v", endpoint, err)
		}
	}
}

// A server is dialled, its reading half handed to the engine.
func ExampleDial() {
	s, err := pbx.Dial(pbx.Config{Endpoint: "http://pbx.example", AppID: "id", AppSecret: "secret"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	engine := &sync.Engine{Reader: s.Reader()}
	id, err := engine.Identify(context.Background(), nil, sync.Options{Catalogue: schema.Builtin()})
	fmt.Println(id, err)
	// Output:
	// endpoint http://pbx.example would send the credentials in clear text; use https://pbx.example (http is for this machine only)
}
