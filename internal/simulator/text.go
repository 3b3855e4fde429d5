package simulator

import (
	"fmt"

	"pbxsync/schema"
)

func textOf(v any) string { return fmt.Sprint(v) }

func at(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func fieldNamed(fields []*schema.Field, api string) *schema.Field {
	for _, f := range fields {
		if f.API == api {
			return f
		}
	}
	return nil
}
