package answer

import (
	"strings"
	"time"

	"pbxsync/internal/report"
	"pbxsync/schema/route"
)

// Call is where one call goes.
type Call struct {
	Version string       `json:"format_version"`
	To      string       `json:"to"`
	From    string       `json:"from"`
	At      time.Time    `json:"at"`
	Zone    string       `json:"zone"`
	GoesTo  string       `json:"goes_to"`
	Steps   []route.Item `json:"steps"`
	Limits

	lines []route.Line
	zoned bool
}

// Limits are what an answer does not know.
type Limits struct {
	NotFollowed []Part   `json:"not_followed"` // what may have a say and no kind stands for
	Assumed     []Part   `json:"assumed"`      // what was taken for what is not stated
	NotRead     []string `json:"not_read"`     // what could not be read of a live tenant
}

// Part is something of an object.
type Part struct {
	Address string   `json:"address"`
	What    []string `json:"what"`
	of      string
}

// Of makes the answer to a question at a point in time. What could not be read is named with it.
func Of(b *route.Board, q *route.Question, from string, at time.Time, notRead []string) *Call {
	first := q.At(at)
	return &Call{Version: report.ListVersion, To: q.To, From: from, At: at, Zone: b.Zone.String(), GoesTo: first.Said(), Steps: first.Items(),
		Limits: Limits{partsOf(q.Unfollowed(first)), partsOf(q.Assumed(first)), append([]string{}, notRead...)}, lines: first.Lines(), zoned: b.Zoned}
}

func partsOf(parts []route.Part) []Part {
	out := []Part{}
	for _, p := range parts {
		out = append(out, Part{p.Address, p.Names, p.Of})
	}
	return out
}

// inWords is how people read a point in time.
const inWords = "Monday 2 January 2006 15:04"

// Text tells it step by step.
func Text(out *report.Printer, c *Call) {
	from := ""
	if c.From != "" {
		from = " from " + c.From
	}
	out.Linef("call to %s%s, %s (%s)", c.To, from, c.At.Format(inWords), c.Zone)
	for _, l := range c.lines {
		out.Linef("%s", strings.TrimRight(l.String()+"   "+l.At(), " "))
	}
	out.Linef("goes to: %s", c.GoesTo)
	c.Limits.text(out)
	unzoned(out, c.zoned)
}

// unzoned says that the tenant's zone is not stated.
func unzoned(out *report.Printer, zoned bool) {
	if !zoned {
		out.Linef("the tenant's time zone is not stated, so times are in UTC; say it with settings: {timezone: …}")
	}
}

func (l *Limits) text(out *report.Printer) {
	for _, line := range together(l.NotFollowed) {
		out.Linef("is not followed: %s", line)
	}
	for _, line := range together(l.Assumed) {
		out.Linef("not stated, so: %s", line)
	}
	for _, line := range l.NotRead {
		out.Linef("could not be read: %s", line)
	}
}
