package export

import (
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"pbxsync/schema/file"
	"pbxsync/schema/file/edit"
)

// TestTextsAreWrittenAsPeopleDo shows which quotes a text gets.
func TestTextsAreWrittenAsPeopleDo(t *testing.T) {
	for in, want := range map[string]string{
		"Office hours": "Office hours", "Europe/Berlin": "Europe/Berlin", "https://x.example/a?b=c": "https://x.example/a?b=c", "Ä 2": "Ä 2",
		"101": `"101"`, "yes": `"yes"`, "NULL": `"NULL"`, "a: b": `"a: b"`, "it's": `"it's"`, " x": `" x"`, "${A}": `"${A}"`, "a, b": `"a, b"`,
		`^\+?[0-9]+$`: `'^\+?[0-9]+$'`, `say "x"`: `'say "x"'`, "a\nb": `"a\nb"`, "😀 x": `"😀 x"`, "a\u202eb": `"a\u202Eb"`, "\ue000": `"\uE000"`, "": `""`,
	} {
		data, err := edit.Encode(text(in), 2)
		if got := strings.TrimSuffix(string(data), "\n"); err != nil || got != want {
			t.Errorf("%q is written %s, want %s (%v)", in, got, want, err)
		}
	}
}

// What just fits on a line stands on one, and what does not stands below.
func TestShort(t *testing.T) {
	for text, flow := range map[string]bool{"12345": true, "123456": false} {
		n := short(mapping(bare("!!str", "12"), bare("!!str", text)), 2+3+5+3)
		if (n.Style == yaml.FlowStyle) != flow {
			t.Errorf("%s: style %v", text, n.Style)
		}
	}
}

// TestAnyTextReadsBack writes texts as keys and values, in blocks and on one line.
func TestAnyTextReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.String().Draw(t, "text")
		if file.Refusal(text(in)) != "" {
			return
		}
		for _, flow := range []int{0, 1 << 20} {
			data, err := edit.Encode(mapping(text("a"), short(mapping(text(in), text(in)), flow)), 2)
			if err != nil {
				t.Fatal(err)
			}
			var doc yaml.Node
			if err := yaml.Unmarshal(data, &doc); err != nil {
				t.Fatalf("%q as %q: %v", in, data, err)
			}
			root := doc.Content[0]
			if why := file.Refusal(root); why != "" {
				t.Fatalf("%q as %q: %s", in, data, why)
			}
			inner := root.Content[1]
			if k, v := inner.Content[0], inner.Content[1]; k.Value != in || v.Value != in || v.Tag != "!!str" {
				t.Fatalf("%q as %q: %q %q", in, data, k.Value, v.Value)
			}
		}
	})
}
