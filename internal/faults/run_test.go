package faults

import (
	"net/url"
	"slices"
	"testing"
	"time"
)

func get(path string) Call {
	u, err := url.Parse(path)
	if err != nil {
		panic(err)
	}
	return Call{Method: "GET", Path: u.Path, Query: u.Query()}
}

func TestMatches(t *testing.T) {
	for _, tt := range []struct {
		rule Rule
		call string
		want bool
	}{
		{Rule{}, "/client/12/did/", true},
		{Rule{}, TokenPath, false},
		{Rule{Path: "*"}, "/client/12/did/", true},
		{Rule{Path: "**"}, TokenPath, false},
		{Rule{Path: TokenPath}, TokenPath, true},
		{Rule{Path: TokenPath}, "/client/12/did/", false},
		{Rule{On: []string{"POST", "GET"}}, "/x", true},
		{Rule{On: []string{"POST"}}, "/x", false},
		{Rule{Path: "/client/*/did/"}, "/client/12/did/", true},
		{Rule{Path: "/client/*/did/"}, "/client/@me/did/", true},
		{Rule{Path: "/client/*/did/"}, "/client/12/did/7/", false},
		{Rule{Path: "/client/*/did/"}, "/client/12/did", false},
		{Rule{Path: "/client/*/did/*/"}, "/client/12/did/7/", true},
		{Rule{Path: "/client/12/did/"}, "/client/13/did/", false},
		{Rule{Path: "/client/**"}, "/client/12/did/7/", true},
		{Rule{Path: "/**/did/"}, "/client/12/did/", true},
		{Rule{Path: "/**/did/"}, "/client/12/did/7/", false},
		{Rule{Path: "/**/did/**"}, "/client/12/did/7/", true},
		{Rule{Path: "/client/1*2/did/"}, "/client/1002/did/", true},
		{Rule{Path: "/client/1*2/did/"}, "/client/1003/did/", false},
		{Rule{Path: "/client/**?page=2"}, "/client/12/did/?page=2&per_page=50", true},
		{Rule{Path: "/client/**?page=2"}, "/client/12/did/?page=1&per_page=50", false},
		{Rule{Path: "/client/**?page=*"}, "/client/12/did/", false},
		{Rule{Do: PageFirst}, "/client/12/did/?page=1", true},
		{Rule{Do: PageFirst}, "/client/12/interval/", false},
	} {
		if got := tt.rule.matches(get(tt.call)); got != tt.want {
			t.Errorf("%v %s: %v", tt.rule.Path, tt.call, got)
		}
	}
}

// hits are the numbers of the calls that meet the rule.
func hits(seed uint64, r Rule, calls int) []int {
	run := Set{Seed: seed, Rules: []Rule{r}}.Start()
	var out []int
	for n := 1; n <= calls; n++ {
		for _, f := range run.Next(get("/x"), 0) {
			out = append(out, f.Nth)
		}
	}
	return out
}

func TestWhen(t *testing.T) {
	for _, tt := range []struct {
		rule Rule
		want []int
	}{
		{Rule{}, []int{1, 2, 3, 4, 5, 6}},
		{Rule{At: []int{3}}, []int{3}},
		{Rule{At: []int{5, 2}}, []int{2, 5}},
		{Rule{Every: 2}, []int{2, 4, 6}},
		{Rule{Every: 2, From: 3}, []int{4, 6}},
		{Rule{From: 5}, []int{5, 6}},
		{Rule{To: 2}, []int{1, 2}},
		{Rule{From: 2, To: 3}, []int{2, 3}},
		{Rule{Rate: 1}, []int{1, 2, 3, 4, 5, 6}},
	} {
		if got := hits(1, tt.rule, 6); !slices.Equal(got, tt.want) {
			t.Errorf("%+v: %v", tt.rule, got)
		}
	}
}

// TestRate shows that a rate is one, that a seed repeats itself, and that another
// one does something else.
func TestRate(t *testing.T) {
	const calls = 20_000
	for _, rate := range []float64{0.02, 0.5, 0.9} {
		first := hits(7, Rule{Rate: rate}, calls)
		if got := float64(len(first)) / calls; got < rate-0.02 || got > rate+0.02 {
			t.Errorf("rate %v: %v", rate, got)
		}
		if !slices.Equal(first, hits(7, Rule{Rate: rate}, calls)) {
			t.Errorf("rate %v: the same seed does something else", rate)
		}
		if slices.Equal(first, hits(8, Rule{Rate: rate}, calls)) {
			t.Errorf("rate %v: another seed does the same", rate)
		}
	}
	both := 0
	run := Set{Rules: []Rule{{Rate: 0.5, Do: Delay}, {Rate: 0.5, Do: Delay}}}.Start()
	for range calls {
		if len(run.Next(get("/x"), 0)) == 2 {
			both++
		}
	}
	if share := float64(both) / calls; share < 0.23 || share > 0.27 {
		t.Errorf("two rules agree in %v of all calls", share)
	}
}

// TestOtherCallsChangeNothing: what a rule does depends on the calls that it matches.
func TestOtherCallsChangeNothing(t *testing.T) {
	rule := Rule{Path: "/a", Rate: 0.3}
	var alone, among []int
	run := Set{Seed: 3, Rules: []Rule{rule}}.Start()
	for range 500 {
		for _, f := range run.Next(get("/a"), 0) {
			alone = append(alone, f.Nth)
		}
	}
	run = Set{Seed: 3, Rules: []Rule{rule}}.Start()
	for i := range 1500 {
		path := "/b"
		if i%3 == 1 {
			path = "/a"
		}
		for _, f := range run.Next(get(path), 0) {
			among = append(among, f.Nth)
		}
	}
	if !slices.Equal(alone, among) {
		t.Errorf("%v\n%v", alone, among)
	}
}

func TestOneOutcomeAndAllTheRest(t *testing.T) {
	run := Set{Rules: []Rule{{Do: Delay}, {Do: Drop}, {Do: Insert}, {Do: Status}, {Do: PageFirst}, {Do: Delay}}}.Start()
	var got []Do
	for _, f := range run.Next(get("/x?page=1"), 0) {
		got = append(got, f.Do)
	}
	if want := []Do{Delay, Drop, Insert, PageFirst, Delay}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	seen, fired := run.Counts()
	if !slices.Equal(seen, []int{1, 1, 1, 1, 1, 1}) || !slices.Equal(fired, []int{1, 1, 1, 0, 1, 1}) {
		t.Errorf("%v %v", seen, fired)
	}
}

func TestRateLimit(t *testing.T) {
	run := Set{Rules: []Rule{{Do: RateLimit, Calls: 2}}}.Start()
	var got []bool
	for _, at := range []int{0, 100, 200, 999, 1000, 1001, 1002, 5000, 5001, 5002} {
		got = append(got, len(run.Next(get("/x"), time.Duration(at)*time.Millisecond)) > 0)
	}
	if want := []bool{false, false, true, true, false, false, true, false, false, true}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}
