package call

import (
	"fmt"
	"strconv"
	"strings"
)

// Fill puts ids for the symbols of a path. An id that is not known or not above
// 0 is refused: an empty one would turn an item's path into its collection's.
func Fill(template string, id func(symbol string) int64) (string, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		symbol, after, closed := strings.Cut(rest, "}")
		n := id(symbol)
		if !closed || n <= 0 {
			return "", fmt.Errorf("internal: refused a call to %s without the id of %s", b.String(), symbol)
		}
		b.WriteString(strconv.FormatInt(n, 10))
		template = after
	}
}
