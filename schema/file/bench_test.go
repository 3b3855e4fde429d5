package file

import (
	"testing"

	"pbxsync/schema"
)

func BenchmarkCompileSchema(b *testing.B) {
	for b.Loop() {
		for _, k := range schema.Builtin().Kinds {
			(&validator{}).of(k)
		}
	}
}

// The schema of each kind holds all that it refers to.
func TestEachKindCompiles(t *testing.T) {
	for _, k := range schema.Builtin().Kinds {
		if s := (&validator{}).of(k); (s != nil) != k.Managed() {
			t.Errorf("%s: %v", k.Word, s)
		}
	}
}
