package plan_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// bounded plans for a tenant of three extensions with a limit.
func bounded(t *testing.T, limit any, files string) *plan.Plan {
	t.Helper()
	server := canned.Small()
	server["/client/12/limit/"] = map[string]any{"extension_limit": limit}
	server["/client/12/did/"] = []map[string]any{}
	s, err := observe.Observe(context.Background(), server, canned.Parse(t, tenantLine+files), observe.Options{Catalogue: schema.Builtin(), Parallelism: 1})
	if err != nil || len(s.Problems) > 0 || len(s.Guards) > 0 {
		t.Fatal(err, s)
	}
	return order(t, s)
}

// waits returns the steps that a step waits for, in words.
func waits(p *plan.Plan, method, address string) []string {
	out := []string{}
	for _, s := range p.Steps {
		if s.Method == method && s.Changes[0] == address {
			for _, n := range s.After {
				out = append(out, p.Steps[n-1].Method+" "+p.Steps[n-1].Changes[0])
			}
		}
	}
	slices.Sort(out)
	return out
}

// What would exceed a limit waits for what makes room, each create for one of its own, and
// no longer than it has to. Where there is no order that keeps within it, nothing is written.
func TestLimits(t *testing.T) {
	const (
		gone2 = "  \"102\": {absent: true}\n"
		gone3 = "  \"103\": {absent: true}\n"
		new4  = "  \"104\": {type: ivr, status: active}\n"
		new5  = "  \"105\": {type: ivr, status: active}\n"
	)
	for name, test := range map[string]struct {
		limit     any
		files     string
		four      []string // what 104 waits for
		five      []string
		allowed   int // in the refusal
		now, made int
		deleted   int
	}{
		"room for one more":         {canned.Num(4), new4, nil, nil, 0, 0, 0, 0},
		"full":                      {canned.Num(3), new4, nil, nil, 3, 3, 1, 0},
		"the limit is not known":    {nil, new4, nil, nil, 0, 0, 0, 0},
		"room for one of two":       {canned.Num(4), new4 + new5, nil, nil, 4, 3, 2, 0},
		"one goes, room enough":     {canned.Num(5), gone2 + new4 + new5, nil, nil, 0, 0, 0, 0},
		"one goes for one":          {canned.Num(3), gone2 + new4, []string{"DELETE extension/102"}, nil, 0, 0, 0, 0},
		"two go for two":            {canned.Num(3), gone2 + gone3 + new4 + new5, []string{"DELETE extension/102"}, []string{"DELETE extension/103"}, 0, 0, 0, 0},
		"one goes, one has room":    {canned.Num(4), gone2 + new4 + new5, nil, []string{"DELETE extension/102"}, 0, 0, 0, 0},
		"more there than allowed":   {canned.Num(2), gone2 + gone3 + new4, []string{"DELETE extension/102", "DELETE extension/103"}, nil, 0, 0, 0, 0},
		"one goes for two":          {canned.Num(3), gone2 + new4 + new5, nil, nil, 3, 3, 2, 1},
		"more there, and one goes":  {canned.Num(2), gone2 + new4, nil, nil, 2, 3, 1, 1},
		"nothing is made, too many": {canned.Num(1), gone2, nil, nil, 0, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := bounded(t, test.limit, "extensions:\n"+test.files)
			want := fmt.Sprintf("hits extension_limit: %d allowed, %d there now, %d to be created and %d to be deleted", test.allowed, test.now, test.made, test.deleted)
			switch {
			case test.allowed > 0 && (len(p.Guards) != 1 || !strings.Contains(p.Guards[0].Message, want)):
				t.Errorf("got %v, want %s", p.Guards, want)
			case test.allowed == 0 && len(p.Guards) > 0:
				t.Errorf("refused: %v", p.Guards)
			case test.allowed == 0:
				if got := waits(p, "POST", "extension/104"); !slices.Equal(got, test.four) && len(got)+len(test.four) > 0 {
					t.Errorf("104 waits for %v, want %v", got, test.four)
				}
				if got := waits(p, "POST", "extension/105"); !slices.Equal(got, test.five) && len(got)+len(test.five) > 0 {
					t.Errorf("105 waits for %v, want %v", got, test.five)
				}
			}
		})
	}
}

// The way out of a limit names what no file declares, and how far the limit would have to
// go up, or that two applies will do.
func TestWaysOutOfALimit(t *testing.T) {
	p := bounded(t, canned.Num(3), "extensions:\n  \"101\": {}\n  \"104\": {type: ivr, status: active}\n")
	if want := "delete what no file declares with absent: true (extension/102, extension/103), or have the operator raise extension_limit to 4"; len(p.Guards) != 1 || p.Guards[0].Hint != want {
		t.Errorf("got %v, want %s", p.Guards, want)
	}
}

// A number whose extension is deleted and created again is dead for some calls, which the change says.
func TestOutage(t *testing.T) {
	server := canned.Small()
	text := tenantLine + "extensions:\n  \"102\": {type: ivr, status: active, replaces: [\"102\"]}\n  \"103\": {type: ivr, status: active, replaces: [\"103\"]}\ndids:\n  \"49301\": {extension: \"102\"}\n"
	server["/client/12/did/"] = []map[string]any{{"id": canned.Num(201), "name": "49301", "extension_id": canned.Num(8), "message_extension_id": nil}}
	s, err := observe.Observe(context.Background(), server, canned.Parse(t, text), observe.Options{Catalogue: schema.Builtin(), Parallelism: 1})
	if err != nil || len(s.Guards) > 0 {
		t.Fatal(err, s.Guards)
	}
	said := map[string]string{}
	for _, c := range order(t, s).Changes {
		said[c.Address] = fmt.Sprint(c.Silent)
	}
	if said["extension/102"] != "[49301 rings nowhere during 3 calls]" || said["extension/103"] != "[]" {
		t.Errorf("%v", said)
	}
	for n, want := range map[int]string{1: "49301 rings nowhere during 1 call", 2: "49301 rings nowhere during 2 calls"} {
		if got := (plan.Outage{Address: "did/49301", Key: "49301", Calls: n}).String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
