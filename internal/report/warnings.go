package report

import (
	"fmt"
	"strings"

	"pbxsync/schema"
)

// alike is from how many warnings of one name on one of them stands for all.
const alike = 6

// Warnings prints warnings, each name once where many are alike: the first in full, of
// the others where they are.
func Warnings(p *Printer, ps schema.Problems) {
	of := map[string]schema.Problems{}
	for _, w := range ps {
		of[w.Name()] = append(of[w.Name()], w)
	}
	for _, w := range ps {
		list := of[w.Name()]
		switch {
		case w.Warning == schema.WarnLeftOut: // each is another loss, and there is no file yet to silence it
			p.Linef("%s", w)
		case len(list) < alike:
			p.Linef("%s [%s]", w, w.Name())
		case w == list[0]:
			p.Linef("%s [%s]", w, w.Name())
			p.Linef("  and %d more like it: %s", len(list)-1, elsewhere(list[1:]))
		}
	}
}

// elsewhere says where problems are, no more than ten of them.
func elsewhere(ps schema.Problems) string {
	const most = 10
	var parts []string
	for _, w := range ps[:min(most, len(ps))] {
		at := strings.TrimSpace(w.Place.String() + " " + w.Address)
		if at == "" {
			at = w.Message
		}
		parts = append(parts, at)
	}
	if len(ps) > most {
		parts = append(parts, fmt.Sprintf("and %d others (--format json lists them)", len(ps)-most))
	}
	return strings.Join(parts, ", ")
}
