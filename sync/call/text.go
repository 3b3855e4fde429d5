package call

import (
	"encoding/json"
	"fmt"
)

// Text returns a value of an answer as a text: a number as it was written, null as nothing.
func Text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case nil:
		return ""
	}
	return fmt.Sprint(v)
}
