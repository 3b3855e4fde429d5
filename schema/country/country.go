package country

import (
	_ "embed" // the facts
	"regexp"
	"strings"
	"sync"

	"pbxsync/schema/zone"
)

//go:embed countries.txt
var facts string

// Country is what is known of the numbers of one country.
type Country struct {
	Code      string   // such as DE
	Calling   string   // such as 49
	Emergency []string // numbers that people dial in need
	Trunk     string   // what is dialled before a number of another area, or ""

	abroad, premium string
}

type table struct {
	byZone map[string]*Country
	list   []*Country
}

var known = sync.OnceValue(func() table {
	t := table{byZone: map[string]*Country{}}
	for line := range strings.Lines(facts) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(line, "\n")+strings.Repeat("\t", 6), "\t")
		c := &Country{Code: cells[0], Calling: cells[1], Emergency: strings.Fields(cells[2]), abroad: cells[3], Trunk: cells[4], premium: cells[5]}
		t.list = append(t.list, c)
		for _, z := range strings.Fields(cells[6]) {
			t.byZone[z] = c
		}
	}
	return t
})

// OfZone returns the country of a time zone, nil where there is none.
func OfZone(name string) *Country {
	if c := known().byZone[name]; c != nil {
		return c
	}
	return known().byZone[zone.Of(name)]
}

// Premium returns the country of which an outside number is a premium one, nil if it is none. The
// number begins with the calling code, with a plus or without.
func Premium(number string) *Country {
	number = strings.TrimPrefix(number, "+")
	for _, c := range known().list {
		rest, ok := strings.CutPrefix(number, c.Calling)
		if ok && c.premium != "" && whole(c.premium).MatchString(rest) {
			return c
		}
	}
	return nil
}

// Abroad reports whether a number as it is dialled in the country leads out of it.
func (c *Country) Abroad(number string) bool {
	if rest, ok := strings.CutPrefix(number, "+"); ok {
		return !strings.HasPrefix(rest, c.Calling)
	}
	at := prefix(c.abroad).FindString(number)
	return at != "" && !strings.HasPrefix(number[len(at):], c.Calling)
}

var patterns sync.Map // what was compiled -> *regexp.Regexp

func whole(pattern string) *regexp.Regexp { return compiled("^(?:" + pattern + ")$") }

func prefix(pattern string) *regexp.Regexp { return compiled("^(?:" + pattern + ")") }

func compiled(pattern string) *regexp.Regexp {
	if re, ok := patterns.Load(pattern); ok {
		return re.(*regexp.Regexp)
	}
	re := regexp.MustCompile(pattern) // a test compiles all of them
	patterns.Store(pattern, re)
	return re
}
