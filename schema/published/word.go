package published

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"pbxsync/schema"
	"pbxsync/schema/checks"
	"pbxsync/schema/reserved"
	"pbxsync/schema/wording"
)

// Meanings returns the kinds, fields and checks that Explain takes, in the order of the files of data.
func Meanings(c *schema.Catalogue) []string {
	var words []string
	for _, k := range c.Kinds {
		if len(k.Section) == 0 && len(k.Parents) == 0 {
			continue
		}
		words = append(words, k.Word)
		for _, f := range k.Fields {
			words = append(words, k.Word+"."+f.Name)
		}
	}
	return append(words, checks.IDs()...)
}

// explainPath says what the way below a kind leads to: a field, the kind of its children, a
// word that each object takes.
func explainPath(k *schema.Kind, way []string) (string, error) {
	if k.Each != nil {
		return explainItems(k, way)
	}
	name, rest := way[0], way[1:]
	if child := k.Child(name); child != nil {
		if len(rest) == 0 {
			return explainKind(child.OfItems()), nil
		}
		return explainPath(child, rest)
	}
	if name == reserved.OnCreate && len(rest) > 0 {
		name, rest = rest[0], rest[1:]
	}
	f, at := k.Field(name), k.Word
	for f != nil && len(rest) > 0 {
		at += "." + f.Name
		if f.Sub(rest[0]) == nil {
			if text := explainFieldWord(f, rest[0], at); text != "" {
				return text, nil
			}
			return "", noField(rest[0], at, names(subFields(f)))
		}
		f, rest = f.Sub(rest[0]), rest[1:]
	}
	if f != nil {
		return explainAt(f, at), nil
	}
	if text := explainKindWord(k, name); text != "" {
		return text, nil
	}
	return "", noField(name, at, k.Entries())
}

// explainItems does so below a list whose items are objects of the API.
func explainItems(k *schema.Kind, way []string) (string, error) {
	list := k.List()
	if way[0] == list.Name {
		way = way[1:]
	}
	if len(way) == 0 {
		return explainKind(k.Each), nil
	}
	if text := explainFieldWord(list, way[0], k.Word); len(way) == 1 && list.Sub(way[0]) == nil && text != "" {
		return text, nil
	}
	return explainPath(k.Each, way)
}

func noField(name, of string, names []string) schema.Problems {
	hint := orElse(wording.DidYouMean(name, names), fmt.Sprintf("pbxsync explain %s lists what there is", of))
	return schema.Problems{{Message: fmt.Sprintf("no field %q in %s", name, of), Hint: hint}}
}

// explainOwn explains a word that objects take and that is no field, such as absent.
func explainKindWord(k *schema.Kind, word string) string {
	props, _ := kindSchema(k)["properties"].(map[string]any)
	switch s := props[word].(type) {
	case map[string]any:
		return sayWord(word+" of "+wording.Article(k.Word)+" "+k.Word, s)
	}
	return ""
}

// explainOwn explains a word that the items of a list take and that is no field.
func explainFieldWord(f *schema.Field, word, where string) string {
	items, _ := fieldSchema(f)["items"].(map[string]any)
	if s, ok := membersOf(items)[word].(map[string]any); ok {
		return sayWord(word+" of "+where, s)
	}
	return ""
}

// sayWord says what the published schema has to say of a word.
func sayWord(word string, s map[string]any) string {
	text, _ := s["description"].(string)
	return fmt.Sprintf("%s: %s\n", word, text)
}

// explainTop explains a word that stands at the top of a tenant file and is no kind, or part
// of it, such as defaults.extension.
func explainTop(c *schema.Catalogue, word string) string {
	first, rest, _ := strings.Cut(word, ".")
	if c.BySection(first) != nil || c.Kind(first) != nil {
		return ""
	}
	s, _ := document(c)["properties"].(map[string]any)[first].(map[string]any)
	if s == nil {
		return ""
	}
	var b strings.Builder
	if rest == "" {
		b.WriteString(sayWord(word, s))
		for _, name := range slices.Sorted(maps.Keys(membersOf(s))) {
			fmt.Fprintf(&b, "  %-20s %s\n", name, descriptionOf(membersOf(s)[name]))
		}
		return b.String()
	}
	name, field, deeper := strings.Cut(rest, ".")
	below, _ := membersOf(s)[name].(map[string]any)
	switch k := c.Kind(name); {
	case below == nil:
		return ""
	case k != nil && deeper && first == reserved.Defaults:
		text, err := explainPath(k, strings.Split(field, "."))
		if err != nil {
			return ""
		}
		return text
	case deeper:
		return ""
	}
	return sayWord(word, below)
}

func membersOf(s map[string]any) map[string]any {
	props, _ := s["properties"].(map[string]any)
	return props
}

func descriptionOf(s any) string {
	m, _ := s.(map[string]any)
	text, _ := m["description"].(string)
	return text
}

var documents sync.Map // *Catalogue -> map[string]any

// document returns the published schema as plain values.
func document(c *schema.Catalogue) map[string]any {
	if doc, ok := documents.Load(c); ok {
		return doc.(map[string]any)
	}
	var doc map[string]any
	if err := json.Unmarshal(Schema(c), &doc); err != nil {
		panic(err) // it is our own
	}
	documents.Store(c, doc)
	return doc
}

// explainAnywhere explains a field by its name alone, at each kind that has it, or a word
// that every object takes.
func explainAnywhere(c *schema.Catalogue, word string) string {
	if strings.Contains(word, ".") {
		return ""
	}
	var found []string
	seen := map[string]bool{}
	for _, k := range c.Kinds {
		if len(k.Section) == 0 {
			continue
		}
		if f := k.Field(word); f != nil && f.InCreate() {
			found = append(found, explainField(f, k))
		} else if own := explainKindWord(k, word); own != "" && len(found) == 0 && !seen[word] {
			_, text, _ := strings.Cut(own, ": ")
			found, seen[word] = append(found, word+": "+text), true
		} else if f := nested(k, word); f != "" {
			found = append(found, f)
		}
	}
	return strings.Join(found, "\n")
}

// nested explains a field that stands inside another one of the kind.
func nested(k *schema.Kind, word string) string {
	for _, f := range k.Fields {
		if text := within(f, word, k.Word+"."+f.Name); f.InCreate() && text != "" {
			return text
		}
		if text := explainFieldWord(f, word, k.Word+"."+f.Name); text != "" {
			return text
		}
	}
	return ""
}

func within(f *schema.Field, word, where string) string {
	for _, sub := range subFields(f) {
		if sub.Name == word && !sub.ReadOnly {
			return explainAt(sub, where)
		}
		if text := within(sub, word, where+"."+sub.Name); text != "" {
			return text
		}
	}
	return ""
}

// meant says what an unknown word may have been meant for.
func meant(c *schema.Catalogue, word string) string {
	if kinds := c.Called(word); len(kinds) > 0 {
		var ways []string
		for _, k := range kinds {
			ways = append(ways, "pbxsync explain "+k.Word)
		}
		return "try " + wording.Enumerate(ways, "or")
	}
	if c.Later(word) {
		return "this version of pbxsync does not know it yet"
	}
	if answer := c.Answer(word); answer != "" {
		return answer
	}
	words := c.Words()
	for name := range membersOf(document(c)) {
		words = append(words, name)
	}
	return orElse(wording.DidYouMean(word, words), "pbxsync explain, without a word, lists the kinds")
}
