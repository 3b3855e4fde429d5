package schema_test

import (
	"fmt"

	"pbxsync/schema"
)

// The catalogue knows what can be said of each kind, and what the API does with it.
func ExampleCatalogue_Kind() {
	extension := schema.Builtin().Kind("extension")
	fmt.Println(extension.YAML(), extension.Has(schema.Create))
	for _, f := range extension.Fields {
		if f.Ref != nil {
			fmt.Println(f.Name, "refers to", f.Ref.Word)
		}
	}
	// Output:
	// extensions true
	// extension_group refers to extension_group
	// dial_rule refers to dial_rule
}
