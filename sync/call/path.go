package call

import (
	"fmt"
	"strconv"

	"pbxsync/schema/template"
)

// Fill puts ids for the symbols of a path. An id that is not known or not above
// 0 is refused: an empty one would turn an item's path into its collection's.
func Fill(path string, id func(symbol string) int64) (string, error) {
	filled, err := template.Expand(path, func(symbol string) (string, error) {
		if n := id(symbol); n > 0 {
			return strconv.FormatInt(n, 10), nil
		}
		return "", fmt.Errorf("without the id of %s", symbol)
	})
	if err != nil {
		return "", fmt.Errorf("internal: refused a call to %s: %w", path, err)
	}
	return filled, nil
}
