package evidence

import (
	"fmt"
	"testing"
)

func TestSize(t *testing.T) {
	for _, c := range []struct {
		full                string
		sample, whole, want int
	}{{"", 5, 100, 5}, {"1", 5, 100, 100}, {"yes", 5, 100, 100}, {"0.5", 10, 110, 60}, {"0.5", 24, 4, 14}, {"0", 5, 100, 100}, {"7", 24, 4, 4}} {
		t.Setenv(EnvFull, c.full)
		if got := Size(c.sample, c.whole); got != c.want {
			t.Errorf("%q: %d of %d to %d, want %d", c.full, got, c.sample, c.whole, c.want)
		}
	}
}

func TestRedRows(t *testing.T) {
	out := `{"Action":"attr","Test":"TestA","Key":"evidence","Value":"{\"row\":\"4\",\"tried\":2,\"right\":1,\"figure\":\"two\"}"}
no line of JSON
{"Action":"attr","Test":"TestB","Key":"evidence","Value":"{\"row\":\"5\",\"tried\":2,\"right\":2}"}
{"Action":"attr","Test":"TestC","Key":"evidence","Value":"{\"row\":\"6\",\"tried\":2,\"right\":2}"}
{"Action":"pass","Test":"TestC"}
{"Action":"fail","Test":"TestB"}
`
	red, notes := RedRows([]byte(out))
	if fmt.Sprint(red) != "[4 5]" || fmt.Sprint(notes["4"]) != "[{4 2 1 two}]" {
		t.Error(red, notes)
	}
}
