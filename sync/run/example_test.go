package run_test

import (
	"context"
	"fmt"

	"pbxsync/diff"
	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// told prints what becomes of the steps.
type told struct{}

func (told) Event(e run.Event) {
	switch e := e.(type) {
	case run.StepDone:
		fmt.Println("done:", e.Step.Method, e.Step.Path, "id", e.ID)
	case run.StepFailed:
		fmt.Println("failed:", e.Step.Path, e.Err)
	}
}

// Carry a plan out: one group is made. Without Options.Journal nothing goes on record; a
// program that writes to a real tenant gives one.
func ExampleApply() {
	c := schema.Builtin()
	desired, problems := file.Parse(c, []file.File{{Name: "tenant.yaml", Data: []byte("version: 1\ntenant: {name: acme, prefix: \"12037\"}\nextension_groups: {sales: {}}\n")}})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	live := diff.NewLive(12, "acme", "12037")
	p, err := plan.Order(&plan.Basis{Desired: desired, Live: live, Diff: diff.Compare(desired, live)})
	if err != nil {
		fmt.Println(err)
		return
	}
	noSecrets := func(schema.SecretRef) (string, error) { return "", nil }
	sum, err := run.Apply(context.Background(), canned.NewServer(), p, noSecrets, run.Options{Catalogue: c}, nil, told{})
	fmt.Println(sum.Done, "done,", sum.Failed, "failed, error:", err)
	// Output:
	// done: POST /client/{tenant}/extension_group/ id 901
	// 1 done, 0 failed, error: <nil>
}
