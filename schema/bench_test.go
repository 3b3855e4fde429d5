package schema

import (
	"io/fs"
	"testing"
)

func BenchmarkLoadCatalogue(b *testing.B) {
	sub, _ := fs.Sub(kindFiles, "kinds")
	for b.Loop() {
		if _, err := Load(sub); err != nil {
			b.Fatal(err)
		}
	}
}
