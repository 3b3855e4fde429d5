package plan_test

import (
	"fmt"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/plan"
)

// Order what has to be changed: here nothing is live yet. A group comes before the
// extension that refers to it.
func ExampleOrder() {
	desired, problems := file.Parse(schema.Builtin(), []file.File{{Name: "tenant.yaml", Data: []byte(`version: 1
tenant: {name: acme, prefix: "12037"}
extensions:
  "101": {type: queue, status: active, extension_group: sales}
extension_groups:
  sales: {}
`)}})
	live := diff.NewLive(12, "acme", "12037")
	problems = append(problems, live.Match(desired)...)
	problems = append(problems, live.Resolve(desired)...)
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	p, err := plan.Order(&plan.Basis{Desired: desired, Live: live, Diff: diff.Compare(desired, live)})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range p.Steps {
		fmt.Println(s.Number, s.Method, s.Path, "after", s.After)
	}
	// Output:
	// 1 POST /client/{tenant}/extension_group/ after []
	// 2 POST /client/{tenant}/extension/ after [1]
}
