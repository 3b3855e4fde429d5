package file

import (
	"testing"

	"pbxsync/schema"
)

func BenchmarkCompileSchema(b *testing.B) {
	for b.Loop() {
		(&validator{catalogue: schema.Builtin()}).compile()
	}
}
