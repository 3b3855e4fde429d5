// Package holidays knows the public holidays of countries and regions, and writes those of a
// year as an interval of a tenant file. The days are those of github.com/rickar/cal, which
// names the law or the page that each is from.
//
//	year, err := holidays.Of("DE-BE", 2027)
//	fmt.Print(year.Interval())
package holidays
