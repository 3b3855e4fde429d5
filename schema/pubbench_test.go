package schema

import "testing"

func BenchmarkCompileSchema(b *testing.B) {
	for b.Loop() {
		(&validator{catalogue: Builtin()}).compile()
	}
}
