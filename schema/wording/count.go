package wording

import "fmt"

// CountOf says how many there are of what: "1 step", "2 steps".
func CountOf(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
