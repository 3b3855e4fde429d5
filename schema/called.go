package schema

import (
	"slices"
	"strings"
)

// This file answers whoever writes a word that is called otherwise in tenant files.

// Called returns the kinds that a word may mean: its address word, or what people call it.
func (c *Catalogue) Called(word string) []*Kind {
	word = strings.ToLower(word)
	var kinds []*Kind
	for _, k := range c.Kinds {
		if len(k.Section) > 0 && (k.Word == word || k.Word+"s" == word || slices.Contains(k.Also, word) || slices.Contains(k.Also, word+"s")) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// Later reports whether the API has something of that name which the catalogue does not know.
func (c *Catalogue) Later(word string) bool {
	word = strings.TrimSuffix(strings.ToLower(word), "s")
	return slices.ContainsFunc(c.Unknown, func(u string) bool { return word == strings.TrimSuffix(u, "s") })
}
