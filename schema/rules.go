package schema

import (
	"fmt"

	"pbxsync/schema/reserved"
)

// Renamable reports whether an update may give an object another key.
func (k *Kind) Renamable() bool {
	return k.Keyed() && k.Has(Update) && k.Behaviour == "" && k.Key[0].Field.InUpdate()
}

// Replaceable reports whether an object may be deleted and made again.
func (k *Kind) Replaceable() bool {
	return k.Keyed() && k.Has(Create) && k.Has(Delete)
}

// Keyed reports whether the key is one field under which objects stand in a map.
func (k *Kind) Keyed() bool { return k.Form == FormMap && len(k.Key) == 1 }

// Awaitable reports whether objects of the kind come from elsewhere.
func (k *Kind) Awaitable() bool { return k.Form == FormMap && !k.Has(Create) && k.Has(Update) }

// RuleWords returns the words of this file that objects of the kind may have.
func RuleWords(k *Kind) []string {
	var words []string
	for _, w := range []struct {
		word string
		may  bool
	}{{reserved.Previously, k.Renamable()}, {reserved.Replaces, k.Replaceable()}, {reserved.Awaited, k.Awaitable()}, {reserved.Protected, k.Value == ""}} {
		if w.may && k.Field(w.word) == nil {
			words = append(words, w.word)
		}
	}
	return words
}

// OutsideHint says how files refer to what they do not declare, by a name that holds in
// every tenant.
func OutsideHint(k *Kind, key string) string {
	hint := fmt.Sprintf("{live: %q} for one that is not managed here", key)
	if k.Owner.Dealer != "" {
		hint += fmt.Sprintf(", or {dealer: %q} for one that the dealer shares", key)
	}
	return hint
}

// With says beside which values of another field of the object a field says something.
type With struct {
	Field  string `yaml:"field"`  // the other one, "" where the field always does
	Is     OneOf  `yaml:"is"`     // its values
	Needed bool   `yaml:"needed"` // beside one of them, the field has to be stated

	Most map[string]int `yaml:"most"` // of a list: by the other field's value, how many entries it may have
}

// Idle reports whether other values of the object make the server ignore or clear the field.
func (f *Field) Idle(values map[string]any) bool {
	return f.With.Field != "" && !f.With.Is.Has(values[f.With.Field])
}

// Beside says why the field cannot be as it is among the values of an object, and what to
// write, or nothing.
func (f *Field) Beside(values map[string]any) (why, hint string) {
	other := f.With.Field
	v, stated := values[other]
	switch {
	case values[f.Name] != nil && f.Idle(values) && stated:
		return fmt.Sprintf("%s says nothing where %s is %v", f.Name, other, v), fmt.Sprintf("write %s: %s, or delete %s", other, f.With.Is, f.Name)
	case values[f.Name] != nil && f.Idle(values):
		return fmt.Sprintf("%s says something only where %s is %s", f.Name, other, f.With.Is), fmt.Sprintf("write %s: %s beside it", other, f.With.Is)
	case Lacking(f, values):
		return fmt.Sprintf("%s is missing here: %s %v needs it", f.Name, other, v), ""
	}
	list, _ := values[f.Name].([]any)
	if most := f.With.Most[fmt.Sprint(v)]; most > 0 && len(list) > most {
		return fmt.Sprintf("%s has %d entries, and where %s is %v it may have %d", f.Name, len(list), other, v, most), ""
	}
	return "", ""
}

// Lacking reports whether other values of an object need a field, which is not among them.
func Lacking(f *Field, values map[string]any) bool {
	list, isList := values[f.Name].([]any)
	return f.With.Needed && f.With.Is.Has(values[f.With.Field]) && (values[f.Name] == nil || isList && len(list) == 0)
}
