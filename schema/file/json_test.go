package file

import "testing"

func TestJSONEscapes(t *testing.T) {
	root, problems := parse(File{Name: "t.json", Data: []byte("{\"a\\/b\": \"\\ud83d\\ude00 \\\\/ \\u00e9\", \"c\": 1,\n \"d\": \"x\\/y\"}\n")})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	n := root.Content
	if n[0].Value != "a/b" || n[1].Value != "\U0001F600 \\/ \u00e9" || n[5].Value != "x/y" {
		t.Errorf("%q %q %q", n[0].Value, n[1].Value, n[5].Value)
	}
	if n[0].Column != 2 || n[1].Column != 10 || n[2].Column != 37 || n[3].Column != 42 || n[4].Line != 2 {
		t.Errorf("columns %d %d %d %d", n[0].Column, n[1].Column, n[2].Column, n[3].Column)
	}
	for _, half := range []string{`{"a": "\ud83d"}`, `{"a": "\ude00\ud83d"}`} {
		if _, problems := parse(File{Name: "t.json", Data: []byte(half)}); len(problems) == 0 {
			t.Errorf("%s is taken", half)
		}
	}
}
