package observe_test

import (
	"context"
	"fmt"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/observe"
)

// Read what the files need of a live tenant, and compare the two. Any reader of the API
// will do; this one has canned answers.
func ExampleObserve() {
	c := schema.Builtin()
	desired, problems := file.Parse(c, []file.File{{Name: "tenant.yaml", Data: []byte(`version: 1
tenant: {name: acme, prefix: "12037"}
extensions:
  "101": {label: Front desk}
`)}})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	seen, err := observe.Observe(context.Background(), canned.Small(), desired, observe.Options{Catalogue: c})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, ch := range seen.Diff.Changes {
		fmt.Println(ch.Action, ch.Address(), ch.Fields[0].Name, "at", ch.Fields[0].Place)
	}
	for _, s := range seen.Diff.Strays {
		fmt.Println(s.Object.Address(), "is in no file")
	}
	// Output:
	// update extension/101 label at tenant.yaml:4:11
	// extension/102 is in no file
	// extension/103 is in no file
}
