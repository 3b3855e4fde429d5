package cli

import (
	"strconv"
	"strings"
	"time"

	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/holidays"
	"pbxsync/internal/report"
)

// holidays prints the public holidays of a year as an interval of a tenant file.
func (p *reference) holidays() error {
	o := p.o
	if err := p.output(o.printing); err != nil {
		return err
	}
	region, number, err := o.regionAndYear()
	if err != nil {
		return err
	}
	year, err := holidays.Of(region, number)
	if err != nil {
		return exit.Fail(exit.Invalid, "%w", err)
	}
	if p.Format == console.JSON {
		return p.JSON(exit.Fine, map[string]any{"format_version": report.ListVersion, "region": year.Region, "year": year.Number, "days": datesOf(year.Days)})
	}
	for line := range strings.Lines(year.Interval()) {
		p.Out.Linef("%s", strings.TrimSuffix(line, "\n"))
	}
	return nil
}

// regionAndYear are the two arguments of holidays.
func (a arguments) regionAndYear() (region string, year int, err error) {
	if len(a.list) != 2 {
		return "", 0, exit.Fail(exit.Error, "%s takes a REGION and a YEAR, such as DE-BE 2027", a.command)
	}
	year, err = strconv.Atoi(a.list[1])
	if err != nil {
		return "", 0, exit.Fail(exit.Error, "%q is no year; write it in digits, such as 2027", a.list[1])
	}
	return a.list[0], year, nil
}

// holiday is a day as programs read it.
type holiday struct {
	Date    string `json:"date"` // 2027-12-25
	Holiday string `json:"holiday"`
}

func datesOf(days []holidays.Day) []holiday {
	out := []holiday{}
	for _, d := range days {
		out = append(out, holiday{d.Date.Format(time.DateOnly), d.Name})
	}
	return out
}
