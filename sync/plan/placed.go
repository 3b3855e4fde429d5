package plan

import (
	"fmt"

	"pbxsync/schema"
)

// Placed is a message that begins with the place it is about, where that is known:
// a saved plan has none for the tenant itself.
func Placed(at schema.Place, message string, args ...any) string {
	message = fmt.Sprintf(message, args...)
	if at.File == "" {
		return message
	}
	return at.String() + ": " + message
}
