package span

import (
	"testing"
	"time"
)

func (d Days) has(t time.Time) bool {
	day := int64(t.Day())
	return day >= d.First && day <= d.Last && (d.Month == 0 || d.Month == int64(t.Month()))
}

// Eight years hold every kind of month, two leap years and the turn of each year.
func each(t *testing.T, f func(today, yesterday time.Time)) {
	t.Helper()
	for day := time.Date(2002, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2010; day = day.AddDate(0, 0, 1) {
		f(day, day.AddDate(0, 0, -1))
	}
}

func all(f func(Days)) {
	for month := int64(0); month <= 12; month++ {
		for first := int64(1); first <= 31; first++ {
			for last := first; last <= 31; last++ {
				f(Days{first, last, month})
			}
		}
	}
}

// The days that follow are those whose yesterday is meant, on every day of every year,
// for every span that there is.
func TestNextHoldsInEveryYear(t *testing.T) {
	said := 0
	all(func(d Days) {
		next, err := d.Next()
		if err != nil {
			return
		}
		said++
		if len(next) > 2 {
			t.Errorf("%v: %v", d, next)
		}
		bad := 0
		each(t, func(today, yesterday time.Time) {
			is := false
			for _, n := range next {
				is = is || n.has(today)
			}
			if is != d.has(yesterday) && bad == 0 {
				bad++
				t.Errorf("%v is followed by %v: wrong on %s", d, next, today.Format(time.DateOnly))
			}
		})
	})
	if said < 5000 {
		t.Errorf("%d of 6,448 spans have an answer", said)
	}
}

// Where no answer is given, there is none: whatever days a set of spans says, it
// says of every year, so two years that want different days have none in common.
func TestNextIsSaidWhereItCanBe(t *testing.T) {
	all(func(d Days) {
		if _, err := d.Next(); err == nil {
			return
		}
		want, differs := map[[2]int]bool{}, d.Never()
		each(t, func(today, yesterday time.Time) {
			key := [2]int{int(today.Month()), today.Day()}
			is, seen := want[key]
			differs = differs || seen && is != d.has(yesterday)
			want[key] = d.has(yesterday)
		})
		if d.Month == 0 {
			differs = differs || d.Last < 31 // the same days of every month say nothing of one
			differs = differs || d.First >= 29
		}
		if !differs {
			t.Errorf("%v: every year has the same days after it", d)
		}
	})
}

func TestNever(t *testing.T) {
	for d, want := range map[Days]bool{{30, 30, 2}: true, {31, 31, 4}: true, {29, 29, 2}: false, {31, 31, 0}: false, {28, 31, 2}: false} {
		never := true
		each(t, func(today, _ time.Time) { never = never && !d.has(today) })
		if d.Never() != want || never != want {
			t.Errorf("%v: %v, by the calendar %v", d, d.Never(), never)
		}
	}
}
