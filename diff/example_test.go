package diff_test

import (
	"encoding/json"
	"fmt"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

// Compare two tenants: only what the files state counts. The live one is matched with the
// files and its references resolved first.
func ExampleCompare() {
	c := schema.Builtin()
	desired, problems := file.Parse(c, []file.File{{Name: "tenant.yaml", Data: []byte(`version: 1
tenant: acme
extension_groups:
  sales: {extra_params: north}
`)}})
	live := diff.NewLive(12, "acme", "12037")
	group := c.Kind("extension_group")
	for id, name := range map[string]string{"1": "sales", "2": "support"} {
		o, err := live.NewObject(group, nil, map[string]any{"id": json.Number(id), "name": name, "extra_params": nil})
		if err != nil {
			fmt.Println(err)
			return
		}
		live.Put(o)
	}
	live.HasRead(group, nil)
	problems = append(problems, live.Match(desired)...)
	problems = append(problems, live.Resolve(desired)...)
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	result := diff.Compare(desired, live)
	for _, ch := range result.Changes {
		f := ch.Fields[0]
		fmt.Println(ch.Action, ch.Address(), f.Name, f.Old, "->", f.New, "at", f.Place)
	}
	for _, s := range result.Strays {
		fmt.Println("stray", s.Object.Address())
	}
	// Output:
	// update extension_group/sales extra_params <nil> -> north at tenant.yaml:4:11
	// stray extension_group/support
}
