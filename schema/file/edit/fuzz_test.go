package edit

import (
	"math/rand/v2"
	"testing"

	"gopkg.in/yaml.v3"

	"pbxsync/schema/file"
)

// FuzzEdit changes any file at random. It never panics, and what comes of it can be read.
func FuzzEdit(f *testing.F) {
	for _, text := range []string{"a: 1\n", "a:\n  - b: |\n      x\n    c: {d: [1, 'e']}\n# f\n", "{\"a\": {\"b\": \"\\/\"}}", "\ufeffa:\r\n- - x\r\n  - y", "? a\n: b\n", "a: [b: c, d]\n", "é: \"x\n  y\"\nb: >-\n  z\n"} {
		for seed := range uint64(4) {
			f.Add([]byte(text), seed)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		d, err := Open(file.File{Name: "f.yaml", Data: data})
		if err != nil {
			return
		}
		r := rand.New(rand.NewPCG(seed, 1))
		scramble(r, d.Root())
		out, err := d.Bytes()
		if err != nil {
			return
		}
		if _, err := Open(file.File{Name: "f.yaml", Data: out}); err != nil {
			t.Fatalf("%q became %q: %v", data, out, err)
		}
	})
}

// scramble asks for changes; what is refused stays as it is.
func scramble(r *rand.Rand, n *Node) {
	for _, p := range n.Parts() {
		switch r.IntN(5) {
		case 0:
			_ = p.Remove()
		case 1:
			_ = p.Value.Put(word("new: \"x"))
		case 2:
			_ = n.Add(p, word("key"), &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{word("1"), word("b\nc")}})
		default:
			scramble(r, p.Value)
		}
	}
	if r.IntN(4) == 0 {
		_ = n.Add(nil, word("front"), word("x"))
	}
}
