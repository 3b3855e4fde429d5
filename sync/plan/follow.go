package plan

import (
	"strings"

	"pbxsync/schema"
)

// mayFollow says what is ended after an object was deleted.
func mayFollow(k *schema.Kind) string {
	var parts []string
	for _, g := range k.GuardedAs(schema.Ended) {
		parts = append(parts, g.Guards.Word+"s")
	}
	if len(parts) == 0 {
		return ""
	}
	return "its " + strings.Join(parts, " and ") + " are ended"
}
