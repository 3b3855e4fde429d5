package schema

import (
	"slices"
	"strings"
)

// This file answers whoever writes a word that is called otherwise in tenant files.

// Called returns the kinds that a word may mean: its address word, or what people call it.
func (c *Catalogue) Called(word string) []*Kind {
	word = strings.TrimSuffix(plainWord(word), "s")
	alike := func(also string) bool { return strings.TrimSuffix(also, "s") == word }
	var kinds []*Kind
	for _, k := range c.Kinds {
		if len(k.Section) > 0 && (alike(k.Word) || slices.ContainsFunc(k.Also, alike)) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// addAnswers reads lines of words and what whoever writes them is told.
func (c *Catalogue) addAnswers(data string) {
	for line := range strings.Lines(data) {
		words, answer, found := strings.Cut(strings.TrimSpace(line), ": ")
		if !found || strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(words) {
			c.answers[strings.TrimSuffix(w, "s")] = answer
		}
	}
}

// Answer is what is told to whoever writes a word for what is no section of its own, or "".
func (c *Catalogue) Answer(word string) string {
	word = plainWord(word)
	if a := c.answers[strings.TrimSuffix(word, "s")]; a != "" {
		return a
	}
	return c.answers[strings.TrimSuffix(word, "es")]
}

// plainWord writes a word as sections are written: Ring-Groups as ring_groups.
func plainWord(word string) string {
	return strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(word))
}

// Later reports whether the API has something of that name which the catalogue does not know.
func (c *Catalogue) Later(word string) bool {
	word = strings.TrimSuffix(plainWord(word), "s")
	return slices.ContainsFunc(c.Unknown, func(u string) bool { return word == strings.TrimSuffix(u, "s") })
}

// BySection returns the kind by its place in tenant files, or nil.
func (c *Catalogue) BySection(name string) *Kind {
	for _, k := range c.Kinds {
		if len(k.Section) > 0 && (k.YAML() == name || k.Section[0] == name && len(k.Section) == 1) {
			return k
		}
	}
	return nil
}
