package schema

import "testing"

func TestBuiltinCatalogueLoads(t *testing.T) {
	c := Builtin()
	for _, k := range c.Kinds {
		t.Logf("%-20s %-24s %v", k.Word, k.YAML(), k.Verbs)
	}
	if len(c.Kinds) < 20 || c.Root() == nil {
		t.Fatalf("got %d kinds, root %v", len(c.Kinds), c.Root())
	}
}
