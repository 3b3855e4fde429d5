package journal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pbxsync/sync/record"
)

// A base is kept as a whole, knows the last run, and misleads nobody who looks into its file.
func TestKeepBase(t *testing.T) {
	dir := t.TempDir()
	if b, err := Base(dir); b != nil || err != nil {
		t.Fatal(b, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "20260101T000000.000Z-abcdef"+Ext), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	name := "a\u202eb\x7f\U000E0001"
	given := record.Base{Client: 12, Prefix: "12037", Objects: []record.Stated{{Object: record.Object{Address: "k/" + name, Kind: "k", Key: name, Values: map[string]any{"f": "v"}}}}}
	for range 2 {
		if err := KeepBase(dir, given, time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
	}
	b, err := Base(dir)
	if err != nil || b.Run != "20260101T000000.000Z-abcdef" || b.Taken != "1970-01-01T00:00:00Z" || b.Objects[0].Key != name {
		t.Fatalf("%+v %v", b, err)
	}
	data, err := os.ReadFile(filepath.Join(dir, baseFile))
	if err != nil || strings.ContainsFunc(string(data), func(r rune) bool { return r >= 0x7f }) {
		t.Errorf("%q %v", data, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".pbxsync-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// What is no base is said, and never taken for none.
func TestBaseThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{"": "EOF", "{": "EOF", "[]": "cannot unmarshal", `{"format":2}`: "format 2 is not known to this program, which knows 1", `{}`: "format 0"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, baseFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if b, err := Base(dir); b != nil || err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), baseFile) {
			t.Errorf("%q: %v %v", text, b, err)
		}
	}
}
