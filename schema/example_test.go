package schema_test

import (
	"fmt"

	"pbxsync/schema"
)

// Every problem of a file is told at once, with its place and the way out.
func ExampleParse() {
	file := schema.File{Name: "tenant.yaml", Data: []byte(`version: 1
tenant: acme
extensions:
  "101": {typ: phone, status: activ}
`)}
	_, problems := schema.Parse(schema.Builtin(), []schema.File{file})
	fmt.Println(problems)
	// Output:
	// tenant.yaml:4:11: extension/101: unknown field "typ" in extension; did you mean "type"?
	// tenant.yaml:4:31: extension/101: status: activ is not active or blocked; did you mean "active"?
}
