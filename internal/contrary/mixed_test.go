package contrary

import (
	"fmt"
	"math/rand/v2"
)

// caps are sizes of pages that a server may have. In a bare list those of 3 and 7 look like a
// short page, so a server that has these says how many rows there are.
var caps = []int{0, 2, 3, 4, 5, 7}

// mixed returns dialects that mix the ways of the others, by chance and the same in every
// run. A list of users is not refused in them: no login can be made there.
func mixed(n int) []Dialect {
	r := rand.New(rand.NewPCG(20261128, 1))
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	yes := func() bool { return r.IntN(2) == 0 }
	out := make([]Dialect, n)
	for i := range out {
		out[i] = Dialect{Name: fmt.Sprintf("mixed %d", i), Nulls: yes(), Zeros: yes(), ResetsOmitted: yes(), Wrap: pick("", "*", "result"),
			WrapPages: yes(), Variables: pick("", "list", "wrapped", "map"), Extra: yes(), Newest: yes(), OwnIDs: yes(), PageCap: caps[r.IntN(len(caps))], NumbersAsText: yes(),
			IDsAsText: yes(), Booleans: pick("", "text", "number", "words"), AgentStatus: pick("", "text", "object"), Domain: pick("", "text", "object"),
			Respell: yes(), Created: 200 + r.IntN(2), PutEmpty: yes(), DeleteBody: yes(), NullOnGone: yes()}
		if c := out[i].PageCap; c%5 != 0 && c&(c-1) != 0 {
			out[i].WrapPages = true
			if out[i].Wrap == "" {
				out[i].Wrap = "result"
			}
		}
		if yes() {
			out[i].Refuse = map[string]string{pick("phone_event", "extension/call_status", "interval", "dial_rule", "network_permission", "sound"): pick("403", "404", "501", "html")}
		}
	}
	return out
}
