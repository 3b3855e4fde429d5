package diff

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pbxsync/schema"
)

// The oldest of those that share a name keeps it, and the numbers behind the others have no gap
// but where a name is taken.
func TestHandles(t *testing.T) {
	k := schema.Builtin().Kind("interval")
	for _, c := range []struct {
		names, want string
	}{
		{"[A A A]", "[A A-2 A-3]"},
		{"[A B]", "[A B]"},
		{"[A-2 A A]", "[A-2 A A-3]"},
		{"[A A A-2 A-2]", "[A A-3 A-2 A-2-2]"},
	} {
		l := NewLive(12, "acme", "12037")
		var names []string
		for _, name := range strings.Fields(strings.Trim(c.names, "[]")) {
			o, err := l.NewObject(k, nil, map[string]any{"id": json.Number(fmt.Sprint(len(names) + 1)), "name": name})
			if err != nil {
				t.Fatal(err)
			}
			l.Put(o)
			names = append(names, name)
		}
		l.Handles()
		l.Handles() // which changes nothing more
		var keys []string
		for i, o := range l.Objects {
			if keys = append(keys, o.Key); o.NaturalKey() != names[i] {
				t.Errorf("%s: %s is called %q in the tenant", c.names, o.Key, o.NaturalKey())
			}
			if l.Object(o.Address()) != o {
				t.Errorf("%s: %s is not found by its address", c.names, o.Key)
			}
		}
		if got := fmt.Sprint(keys); got != c.want {
			t.Errorf("%s: %s, want %s", c.names, got, c.want)
		}
	}
}
