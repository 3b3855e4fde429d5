package export_test

import (
	"fmt"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/file/export"
)

// A live tenant becomes the files that declare it.
func Example() {
	c := schema.Builtin()
	live := diff.NewLive(12, "acme", "12037")
	for id, name := range []string{"sales", "support"} {
		row := map[string]any{"id": int64(id + 1), "name": name}
		o, err := live.NewObject(c.Kind("extension_group"), nil, row)
		if err != nil {
			fmt.Println(err)
			return
		}
		live.Put(o)
	}
	live.Handles()
	out, err := export.Tenant(c, &live.Tenant, export.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	head, _, _ := strings.Cut(string(out.Files[0].Data), "\nextensions:") // what comes then is empty
	fmt.Printf("%s:\n%s", out.Files[0].Name, head)
	// Output:
	// tenant.yaml:
	// version: 1
	// tenant: {name: acme, prefix: "12037"}
	//
	// extension_groups:
	//   sales: {}
	//   support: {}
}
