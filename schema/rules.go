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
