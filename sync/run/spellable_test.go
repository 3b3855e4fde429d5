package run

import (
	"testing"

	"pbxsync/schema"
)

// Only free text, and lists and objects of it, have other forms: of anything else another
// value is another meaning.
func TestSpellable(t *testing.T) {
	text, list, object := "a", []any{"a"}, map[string]any{"a": "b"}
	for _, test := range []struct {
		what       string
		f          *schema.Field
		sent, kept any
		want       bool
	}{
		{"a text", &schema.Field{}, text, "A", true},
		{"a text, and nothing", &schema.Field{}, text, nil, false},
		{"a text, and a list", &schema.Field{}, text, list, false},
		{"a list", &schema.Field{}, list, []any{}, true},
		{"a list, and a text", &schema.Field{}, list, text, false},
		{"an object", &schema.Field{}, object, map[string]any{}, true},
		{"an object, and a text", &schema.Field{}, object, text, false},
		{"a number", &schema.Field{}, int64(1), int64(2), false},
		{"yes or no", &schema.Field{}, true, false, false},
		{"nothing", &schema.Field{}, nil, text, false},
		{"a word of a list", &schema.Field{Enum: []string{"a", "A"}}, text, "A", false},
		{"the one word of a list", &schema.Field{Enum: []string{"a"}}, text, "A", false},
		{"a reference", &schema.Field{Ref: &schema.Kind{}}, text, "A", false},
		{"a bundle", &schema.Field{Members: &schema.Field{}}, object, map[string]any{}, false},
		{"a file", &schema.Field{Apart: true}, object, map[string]any{}, false},
		{"a field that is not known", nil, text, "A", false},
	} {
		if got := spellable(test.f, test.sent, test.kept); got != test.want {
			t.Errorf("%s: %v", test.what, got)
		}
	}
}

// An answer says what an object is called where it has each part of the key that has to be
// there.
func TestNamed(t *testing.T) {
	first, second := &schema.Field{Name: "first"}, &schema.Field{Name: "second"}
	k := &schema.Kind{Key: []schema.KeyPart{{Field: first}, {Field: second, Optional: true}}}
	for _, test := range []struct {
		what   string
		kind   *schema.Kind
		values map[string]any
		want   bool
	}{
		{"both", k, map[string]any{"first": "a", "second": "b"}, true},
		{"what has to be there", k, map[string]any{"first": "a"}, true},
		{"what may be there", k, map[string]any{"second": "b"}, false},
		{"an empty text", k, map[string]any{"first": ""}, false},
		{"no key at all", &schema.Kind{}, map[string]any{"first": "a"}, false},
	} {
		if got := named(&schema.Object{Kind: test.kind, Values: test.values}); got != test.want {
			t.Errorf("%s: %v", test.what, got)
		}
	}
}

// A name may come back cut, escaped, composed, in small letters or with fewer blanks. Another
// number is another object, and so is a name that has nothing of the one that was sent.
func TestSameName(t *testing.T) {
	for _, test := range []struct {
		sent, kept string
		want       bool
	}{
		{"New Group", "new group", true},
		{"New Group", "NewGroup", true},
		{"New Group", "New", true},
		{"New", "New Group", true},
		{"New & Old", "New &amp; Old", true},
		{"Caf\u00e9", "Cafe\u0301", true},
		{"Caf\u00e9", "Cafe", true},
		{"New", "Old", false},
		{"New", "", false},
		{" ", "", true},
		{"101", "101", true},
		{"101", "1012", false},
		{"101", "10", false},
		{"10 1", "101", true},
		{"a101", "101", true},
	} {
		if got := sameName(test.sent, test.kept); got != test.want {
			t.Errorf("%q and %q: %v", test.sent, test.kept, got)
		}
	}
}
