// Package zone knows which names of time zones are names of the same zone.
package zone

import (
	_ "embed" // the links
	"strings"
	"sync"
)

//go:embed links.txt
var links string

var table = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for line := range strings.SplitSeq(links, "\n") {
		if from, to, ok := strings.Cut(line, " "); ok && from != "#" {
			out[from] = to
		}
	}
	return out
})

// Of returns the one name that stands for all names of a zone.
func Of(name string) string {
	if to, ok := table()[name]; ok {
		return to
	}
	return name
}
