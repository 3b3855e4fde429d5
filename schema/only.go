package schema

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"pbxsync/schema/wording"
)

// Only returns the part of a tenant that patterns of addresses choose, with the
// children of what they choose. What the part refers to stays, bare, so that
// references find it. Pruning is off, and strays count where a pattern matches them.
func (t *Tenant) Only(patterns []string) (*Tenant, Problems) { return t.only(patterns, wholly) }

// OnlyOrStray does the same, where a pattern may also name what only the live tenant has.
func (t *Tenant) OnlyOrStray(patterns []string) (*Tenant, Problems) { return t.only(patterns, among) }

func (t *Tenant) only(patterns []string, mayMatch func(*Kind, string) bool) (*Tenant, Problems) {
	part := &Tenant{Name: t.Name, Prefix: t.Prefix, Place: t.Place, Managed: map[*Kind]Place{}, Unmanaged: t.Unmanaged, Prune: map[*Kind]Place{}, Protected: t.Protected, Silenced: t.Silenced, Judged: t.Judged, Review: t.Review, Accept: t.Accept, Ruled: t.Ruled, Defaults: t.Defaults}
	used := map[string]bool{}
	chosen := map[*Object]bool{}
	for _, o := range t.Objects {
		for _, p := range patterns {
			if Matches(p, o) {
				used[p], chosen[o] = true, true
			}
		}
	}
	for _, p := range patterns {
		for k, at := range t.Managed {
			if mayMatch(k, p) { // though nothing of it need be declared
				used[p], part.Managed[k] = true, at
			}
		}
	}
	problems := Unchosen(patterns, used)
	for _, o := range t.Objects {
		if chosen[o] {
			part.take(t, o, false, chosen)
		}
	}
	listed := map[*Object]map[*Kind]Place{}
	for _, o := range part.Objects {
		if o.Parent == nil {
			part.Managed[o.Kind] = o.Place
			continue
		}
		if listed[o.Parent] == nil {
			listed[o.Parent] = map[*Kind]Place{}
		}
		listed[o.Parent][o.Kind] = o.Place
	}
	for _, o := range part.Objects {
		if o.Bare {
			o.Manages = listed[o]
		}
	}
	part.Partial, part.Chosen = true, patterns
	return part, problems
}

// wholly reports whether a pattern may match any object of a kind at the top.
func wholly(k *Kind, pattern string) bool {
	word, key, _ := strings.Cut(pattern, "/")
	ok, err := path.Match(patternEscaper.Replace(word), k.Word)
	return ok && err == nil && len(k.Parents) == 0 && !k.Singleton() && strings.Contains(key, "*") && !strings.Contains(key, "/")
}

// among reports whether a pattern names objects of a kind at the top.
func among(k *Kind, pattern string) bool {
	word, key, _ := strings.Cut(pattern, "/")
	ok, err := path.Match(patternEscaper.Replace(word), k.Word)
	return ok && err == nil && len(k.Parents) == 0 && !k.Singleton() && key != "" && !strings.Contains(key, "/")
}

// Chose reports whether a stray is in the part: one of the patterns names it or what it
// lies under.
func (t *Tenant) Chose(stray *Object) bool {
	return !t.Partial || slices.ContainsFunc(t.Chosen, func(p string) bool { return Matches(p, stray) })
}

// unchosen finds patterns that choose nothing.
func Unchosen(patterns []string, used map[string]bool) Problems {
	var problems Problems
	for _, p := range patterns {
		if !used[p] {
			problems = append(problems, Problem{Message: fmt.Sprintf("--only %q chooses nothing", p), Hint: "patterns are addresses, a kind and a key, such as extension/101 or 'did/*'; * in a name is %2A"})
		}
	}
	return problems
}

// Matches reports whether a pattern names the object or one of its parents.
func Matches(pattern string, o *Object) bool {
	for ; o != nil; o = o.Parent {
		if matchesName(pattern, o.Address()) {
			return true
		}
	}
	return false
}

// only * means something in a pattern.
var patternEscaper = strings.NewReplacer(`\`, `\\`, "[", `\[`, "?", `\?`)

// matchesName reports whether a pattern matches one address.
func matchesName(pattern, address string) bool {
	ok, err := path.Match(patternEscaper.Replace(pattern), PatternOf(address))
	return err == nil && ok
}

// Pattern returns the pattern that names the object and nothing else, as one word of a shell.
func Pattern(o *Object) string {
	return wording.ShellWord(PatternOf(o.Address()))
}

// take copies an object into the part, and bare what it needs.
func (t *Tenant) take(from *Tenant, o *Object, bare bool, chosen map[*Object]bool) *Object {
	if have := t.Object(o.Address()); have != nil {
		return have
	}
	c := *o
	if bare {
		c.Bare, c.Values, c.Once, c.Secrets = true, map[string]any{}, nil, nil
		c.Previously, c.Replaces = nil, nil
	}
	if o.Parent != nil {
		c.Parent = t.take(from, o.Parent, !chosen[o.Parent], chosen)
	}
	t.Add(&c)
	if bare {
		return &c
	}
	for _, f := range o.Kind.Fields {
		for _, target := range from.Targets(f, o.Values[f.Name]) {
			t.take(from, target, !chosen[target], chosen)
		}
	}
	return &c
}

// AtKind returns the kind of the objects that an address or a pattern of addresses means, a
// field behind a dot or not. Otherwise it says what is wrong, and the way out.
func (c *Catalogue) AtKind(pattern string) (k *Kind, message, hint string) {
	parts := strings.Split(pattern, "/")
	for i := 0; i < len(parts); i++ {
		word, _, _ := strings.Cut(parts[i], ".")
		next := below(c, k, word)
		if next == nil {
			return nil, fmt.Sprintf("no kind %q", word), "an address is a kind and a key, such as extension/101; pbxsync explain lists the kinds"
		}
		if k = next; k.Singleton() {
			continue
		}
		if i++; i >= len(parts) || parts[i] == "" {
			return nil, fmt.Sprintf("the key of %s is missing", wording.Article(k.Word)+" "+k.Word), fmt.Sprintf("write %s/KEY, or %s/* for each", k.Word, k.Word)
		}
	}
	return k, "", ""
}

// below returns the managed kind of a word that stands under another (nil: the tenant), or nil.
func below(c *Catalogue, parent *Kind, word string) *Kind {
	if parent == nil {
		if k := c.Kind(word); k != nil && k.Managed() && len(k.Parents) == 0 {
			return k
		}
		return nil
	}
	for _, k := range parent.Children {
		if k.Word == word && k.Managed() {
			return k
		}
	}
	return nil
}
