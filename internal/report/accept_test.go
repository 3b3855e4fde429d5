package report

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"pbxsync/diff"
	"pbxsync/schema"
)

// The line that silences a difference can be copied, whatever the object is called: it is read back
// as the address that it is of, also where its name means something in YAML or in a pattern.
func TestSilenceIsYAML(t *testing.T) {
	signs := []string{"a", "Z", "0", " ", "  ", "*", ",", ":", ": ", "{", "}", "[", "]", "#", " #", "&", "!", "|", ">", "'", `"`, `\`, "%", "@", "`", "-", "- ", "?", ".", "/", "=", "ü", "😀", "\u0085", "\u2028", "\u202e", "\ufeff", "\ufffe", "\n", "\t", "\x1b", "\x00", "null", "~", "yes"}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		key := ""
		for range 1 + rng.IntN(6) {
			key += signs[rng.IntN(len(signs))]
		}
		address := "extension/" + strings.NewReplacer("%", "%25", "/", "%2F").Replace(key)
		x := Sided{Address: address, Fate: diff.Changed, Fields: []SidedField{{Name: "label"}}}
		var b bytes.Buffer
		p := NewPrinter(&b, false)
		p.Linef("accept: [{at: %s, until: YYYY-MM-DD, why: ...}]", acceptable(x))
		var read struct {
			Accept []struct{ At, Until, Why string }
		}
		if err := yaml.Unmarshal(b.Bytes(), &read); err != nil || len(read.Accept) != 1 || read.Accept[0].At != schema.PatternOf(address)+".label" || read.Accept[0].Until != "YYYY-MM-DD" {
			t.Fatalf("%q: %v, %+v: %s", address, err, read, b.Bytes())
		}
	}
}
