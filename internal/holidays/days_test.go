package holidays

import (
	"strings"
	"testing"
	"time"
)

// The days of laws that were looked up: § 1 of Berlin's law of public holidays of 1954 as it is
// since 2019, and the article L3133-1 of the French code of work; Easter is 28 March 2027.
func TestDaysOfTheLaw(t *testing.T) {
	for region, want := range map[string]string{
		"DE-BE": "01-01 03-08 03-26 03-29 05-01 05-06 05-17 10-03 12-25 12-26",
		"FR":    "01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25",
		"de-he": "01-01 03-26 03-29 05-01 05-06 05-17 05-27 10-03 12-25 12-26",
	} {
		y, err := Of(region, 2027)
		var got []string
		for _, d := range y.Days {
			got = append(got, d.Date.Format("01-02"))
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s (%v)", region, got, want, err)
		}
	}
}

// Each region has days in each year, in order, within it, and each with a name.
func TestEveryRegion(t *testing.T) {
	for _, region := range Regions() {
		for year := 2024; year <= 2040; year++ {
			y, err := Of(region, year)
			if err != nil || len(y.Days) < 5 {
				t.Fatalf("%s %d: %d days, %v", region, year, len(y.Days), err)
			}
			last := time.Time{}
			for _, d := range y.Days {
				if d.Date.Year() != year || d.Date.Before(last) || d.Name == "" {
					t.Errorf("%s %d: %v after %v", region, year, d, last)
				}
				last = d.Date
			}
		}
	}
}

func TestUnknownRegions(t *testing.T) {
	for region, want := range map[string]string{
		"DE-XX": `no holidays of "DE-XX" are known; those of DE, DE-BB, DE-BE,`,
		"CH":    `no holidays of "CH" are known; those of CH-AG, CH-AI,`,
		"":      `; write a country's code such as FR, or a region's such as DE-BE`,
	} {
		if _, err := Of(region, 2027); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", region, err, want)
		}
	}
	if _, err := Of("DE", 1500); err == nil {
		t.Error("1500 is known")
	}
}
