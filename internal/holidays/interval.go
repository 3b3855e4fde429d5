package holidays

import (
	"fmt"
	"strings"
	"time"
)

// Interval writes the days as a tenant file of one interval, a line each with its name beside it.
func (y Year) Interval() string {
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\nintervals:\n  Holidays %s %d:\n    conditions:\n", y.Region, y.Number)
	for _, d := range y.Days {
		date := d.Date.Format(time.DateOnly)
		fmt.Fprintf(&b, "      - {start_datetime: \"%s 00:00:00\", end_datetime: \"%s 23:59:59\"} # %s, %s\n", date, date, d.Date.Format("Mon"), d.Name)
	}
	return b.String()
}
