package pbx_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync"
	"pbxsync/sync/call"
	"pbxsync/sync/pbx"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// quiet is a sink that nobody looks at.
type quiet struct{}

func (quiet) Event(run.Event) {}

// serve starts a simulator with one tenant and returns its address.
func serve(t testing.TB) string {
	t.Helper()
	sim := simulator.New(simulator.Options{})
	doc, err := file.ParseMap(file.File{Name: "seed.yaml", Data: []byte(`
tenants:
  - settings: {id: 7, name: minimal, prefix: "12038", extension_len: 3, timezone: Europe/Berlin, domain: sip.minimal.example}
    limit: {extension_limit: 10}
`)})
	if err == nil {
		err = sim.Seed(doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	endpoint, stop, err := sim.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return endpoint
}

func planOf(t *testing.T, s *pbx.Server, files string) *plan.Plan {
	t.Helper()
	desired, problems := file.Parse(schema.Builtin(), []file.File{{Name: "tenant.yaml", Data: []byte(files)}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	state, err := sync.Observe(context.Background(), s.Reader(), desired, options())
	if err == nil {
		err = state.Problems.Err()
	}
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Order(&state.Basis)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func options() sync.Options {
	return sync.Options{Catalogue: schema.Builtin(), Tenant: "@me", Parallelism: 4}
}

// What is planned and applied over HTTP by the exported calls alone is there: the plan
// after it is empty, and the reading of an import finds what was made.
func TestPlanApplyImport(t *testing.T) {
	s, err := pbx.Dial(pbx.Config{Endpoint: serve(t), AppID: "id", AppSecret: "not told to anybody"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	files := `version: 1
tenant: {name: minimal, prefix: "12038"}
extension_groups: {sales: {extra_params: north}}
extensions: {"101": {type: queue, status: active, label: Alice}}
`
	p := planOf(t, s, files)
	if len(p.Steps) != 2 {
		t.Fatalf("%d steps, want 2", len(p.Steps))
	}
	none := func(r schema.SecretRef) (string, error) { return "", errors.New("no secrets here") }
	if _, err := sync.Apply(context.Background(), s.Writer(), p, none, options(), nil, quiet{}); err != nil {
		t.Fatal(err)
	}
	if p := planOf(t, s, files); len(p.Steps) != 0 {
		t.Errorf("%d steps after apply", len(p.Steps))
	}
	whole, err := sync.ReadAll(context.Background(), s.Reader(), options(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"extension_group/sales", "extension/101"} {
		if whole.Live.Object(address) == nil {
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
	id, err := sync.Identify(context.Background(), s.Reader(), nil, sync.Options{Catalogue: schema.Builtin(), Tenant: "@me"})
	fmt.Println(id, err)
	// Output:
	// endpoint http://pbx.example would send the credentials in clear text; use https://pbx.example (http is for this machine only)
}
