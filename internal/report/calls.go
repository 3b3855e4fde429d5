package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"pbxsync/schema/wording"
	"pbxsync/sync/observe"
)

// Calls are the calls of a plan: reads made, writes to make, and what is counted apart.
type Calls struct {
	observe.Calls
	Reads  int `json:"reads"`
	Writes int `json:"writes"`
	// Seconds is about how long the writes take, at the time that the reads took: whole ones, rounded up. 0 is not known.
	Seconds int `json:"seconds,omitempty"`
}

// Speed is what bounds how many calls are made at the same time.
type Speed struct {
	Parallelism int
	Rate        float64 // calls in a second, 0 for no limit
}

// Seconds is about how long steps take at a time for one: whole seconds, rounded up, so that what
// takes no time is the same on every machine. 0 where the time is not known.
func Seconds(list []Step, call time.Duration, s Speed) int {
	if len(list) == 0 || call <= 0 {
		return 0
	}
	depth, longest := make([]int, len(list)+1), 0
	for _, step := range list {
		for _, before := range step.After {
			depth[step.Number] = max(depth[step.Number], depth[before])
		}
		depth[step.Number]++
		longest = max(longest, depth[step.Number])
	}
	rounds := max(longest, (len(list)+s.Parallelism-1)/max(1, s.Parallelism))
	took := (call * time.Duration(rounds)).Seconds()
	if s.Rate > 0 {
		took = max(took, float64(len(list))/s.Rate)
	}
	return int(math.Ceil(took))
}

// Line returns the calls in words.
func (c *Calls) Line() string { return c.text(true) }

// Short returns the calls in words, with those that are counted apart in one sum.
func (c *Calls) Short() string { return c.text(false) }

// beside counts what is counted apart.
func (c *Calls) beside() string {
	n := c.Tenant + c.Limits + c.Extra + c.Losses + c.Second + c.Checks + c.Settling + c.Ended + c.Again + c.Token
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; %s more beside these (--verbose)", wording.Thousands(n))
}

// text says how many calls there are, and with all of them what for.
func (c *Calls) text(all bool) string {
	line := fmt.Sprintf("%s and %s", count(c.Reads, "read"), count(c.Writes, "write"))
	if c.Downloads > 0 {
		line += fmt.Sprintf(", %s of the reads for %s bytes of content", wording.Thousands(c.Downloads), wording.Thousands(int(c.Bytes)))
	}
	if c.Seconds > 0 {
		line += ", about " + count(c.Seconds, "second")
	}
	if !all {
		return line + c.beside()
	}
	var apart []string
	for _, a := range []struct {
		n    int
		what string
	}{{c.Tenant, "for the tenant itself"}, {c.Limits, "for the limits"}, {c.Extra, "to see whether a list goes on"}, {c.Losses, "to see what would be lost"}, {c.Second, "to read lists a second time"}, {c.Checks, "to look again right before writing"}, {c.Settling, "to find out what became of calls without an answer"}, {c.Ended, "to end what was left behind"}, {c.Again, "to read again"}, {c.Token, "for the token"}} {
		if a.n > 0 {
			apart = append(apart, fmt.Sprintf("%d %s", a.n, a.what))
		}
	}
	if len(apart) > 0 {
		line += "; apart from these " + strings.Join(apart, ", ")
	}
	return line
}
