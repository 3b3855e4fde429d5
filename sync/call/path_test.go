package call_test

import (
	"testing"

	"pbxsync/sync/call"
)

// A path is filled with ids above 0 only: without one, an item's path would be that of all.
func TestFill(t *testing.T) {
	ids := map[string]int64{"a": 7, "b/c": 1, "zero": 0, "below": -1}
	for template, want := range map[string]string{
		"/x/":                  "/x/",
		"/x/{a}":               "/x/7",
		"/x/{a}/y/{b/c}/z?q=1": "/x/7/y/1/z?q=1",
		"":                     "",
		"{a}":                  "7",
		"/x/{zero}":            "internal: refused a call to /x/{zero}: without the id of zero",
		"/x/{a}/{below}/":      "internal: refused a call to /x/{a}/{below}/: without the id of below",
		"/x/{unknown}":         "internal: refused a call to /x/{unknown}: without the id of unknown",
		"/x/{a":                "internal: refused a call to /x/{a: /x/{a has a brace that is not closed",
	} {
		got, err := call.Fill(template, func(symbol string) int64 { return ids[symbol] })
		if err != nil && got == "" {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %s, wanted %s", template, got, want)
		}
	}
}
