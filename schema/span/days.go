package span

import "errors"

// Days are the days First to Last of a month, 1 to 12, or of every month if
// Month is 0.
type Days struct{ First, Last, Month int64 }

const (
	february = 2
	longest  = 31
)

// lengths of the months, with the longest February.
var lengths = [...]int64{longest, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// Length returns how many days a month has at most; 0 stands for any month.
func Length(month int64) int64 { return lengths[month] }

// Never reports that no year has any of the days, such as 30 February.
func (d Days) Never() bool { return d.First > Length(d.Month) }

// Errors of Next.
var (
	ErrNever    = errors.New("no year has such a day")
	ErrLeapDay  = errors.New("what follows differs in leap years")
	ErrMonthEnd = errors.New("what follows differs from month to month")
)

// Next returns the days that follow each of d, as few spans as can say it, or why
// no spans say it for every year.
func (d Days) Next() ([]Days, error) {
	end := Length(d.Month)
	switch {
	case d.Never():
		return nil, ErrNever
	case d.Last < end && d.safe(d.Last):
		return []Days{{d.First + 1, d.Last + 1, d.Month}}, nil
	case d.Last < end:
		return nil, d.doubt()
	case d.First == end && d.safe(d.First) || d.First < end && d.safe(d.First-1):
		return d.over(end), nil
	}
	return nil, d.doubt()
}

// safe reports that every month that is meant has the day and one that follows it.
func (d Days) safe(day int64) bool {
	switch d.Month {
	case 0, february:
		return day < 28
	}
	return true
}

func (d Days) doubt() error {
	if d.Month == february {
		return ErrLeapDay
	}
	return ErrMonthEnd
}

// over returns the days after ones that reach the end of the month.
func (d Days) over(end int64) []Days {
	var out []Days
	if d.First < end {
		out = append(out, Days{d.First + 1, end, d.Month})
	}
	next := d.Month
	if d.Month != 0 {
		next = d.Month%12 + 1
	}
	return append(out, Days{1, 1, next})
}
