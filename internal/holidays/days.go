package holidays

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"

	"pbxsync/schema/wording"
)

// The years that the rules of the calendars are good for: Easter is reckoned by the calendar of
// today, and laws of later years are not made yet.
const (
	firstYear = 2000
	lastYear  = 2099
)

// Day is a public holiday.
type Day struct {
	Date time.Time // its first moment, in UTC; what counts is the date
	Name string    // as the people there call it
}

// Year are the public holidays of a region in a year, in order.
type Year struct {
	Region string // in capitals
	Number int
	Days   []Day
}

// Regions returns the codes of all regions, in order.
func Regions() []string { return slices.Sorted(maps.Keys(calendars)) }

// Of returns the public holidays of a region in a year. The region is a code of ISO 3166, such as
// FR or DE-BE, in capitals or not.
func Of(region string, year int) (Year, error) {
	y := Year{Region: strings.ToUpper(region), Number: year}
	rules, known := calendars[y.Region]
	if !known {
		return y, fmt.Errorf("no holidays of %q are known%s", region, wayOut(y.Region))
	}
	if year < firstYear || year > lastYear {
		return y, fmt.Errorf("holidays of %d are not known; years from %d to %d are", year, firstYear, lastYear)
	}
	for _, rule := range rules {
		y.Days = append(y.Days, daysOf(rule, year)...)
	}
	slices.SortStableFunc(y.Days, func(a, b Day) int { return a.Date.Compare(b.Date) })
	y.Days = slices.Compact(y.Days)
	return y, nil
}

// daysOf returns the days of one holiday in a year: the day itself, and the one on which people
// are off in its place. What moves into the year from its neighbours belongs to it.
func daysOf(rule *cal.Holiday, year int) []Day {
	var days []Day
	for y := year - 1; y <= year+1; y++ {
		actual, observed := rule.Calc(y)
		if actual.IsZero() || rule.Type == cal.ObservanceReligious || rule.Type == cal.ObservanceOther {
			continue
		}
		if actual.Year() == year {
			days = append(days, Day{midnight(actual), rule.Name})
		}
		if !observed.Equal(actual) && observed.Year() == year {
			days = append(days, Day{midnight(observed), rule.Name + " (observed)"})
		}
	}
	return days
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// wayOut names the parts of a country, or the nearest codes.
func wayOut(region string) string {
	country, _, _ := strings.Cut(region, "-")
	var parts []string
	for _, r := range Regions() {
		if r == country || strings.HasPrefix(r, country+"-") {
			parts = append(parts, r)
		}
	}
	if len(parts) > 0 {
		return "; those of " + strings.Join(parts, ", ") + " are"
	}
	if near := wording.DidYouMean(region, Regions()); near != "" {
		return "; " + near
	}
	return "; write a country's code such as FR, or a region's such as DE-BE"
}
