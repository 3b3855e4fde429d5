package published_test

import (
	"fmt"

	"pbxsync/schema"
	"pbxsync/schema/published"
)

// What a field means, as the program's explain says it.
func ExampleExplain() {
	text, err := published.Explain(schema.Builtin(), "extension_group.name")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(text)
	// Output:
	// extension_group.name: Name of the group.
	// Takes:     string
	// A create has to state it.
}
