package file_test

import (
	"fmt"

	"pbxsync/schema"
	"pbxsync/schema/file"
)

// Every problem of a file is told at once, with its place and the way out.
func ExampleParse() {
	_, problems := file.Parse(schema.Builtin(), []file.File{{Name: "tenant.yaml", Data: []byte(`version: 1
tenant: acme
extensions:
  "101": {typ: phone, status: activ}
`)}})
	fmt.Println(problems)
	// Output:
	// tenant.yaml:4:11: extension/101: unknown field "typ" in extension; did you mean "type"?
	// tenant.yaml:4:31: extension/101: status: activ is not active or blocked; did you mean "active"?
}
