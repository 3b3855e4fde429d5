package schema

import (
	"slices"
	"strings"
)

// Protection is a line that forbids deleting and replacing what it matches.
type Protection struct {
	Pattern string `json:"pattern"`
	Place   Place  `json:"place,omitzero"`
}

// ProtectionOf returns the line that protects an object or what it is a child of,
// or nil.
func (t *Tenant) ProtectionOf(o *Object) *Protection {
	for ; o != nil; o = o.Parent {
		for _, name := range o.names() {
			if p := t.protects(name); p != nil {
				return p
			}
		}
	}
	return nil
}

// Protect adds a line that protects one object and what is under it.
func (t *Tenant) Protect(o *Object, at Place) {
	t.Protected = append(t.Protected, Protection{PatternOf(o.Address()), at})
}

// protects returns the first line that protects what has an address, or nil.
func (t *Tenant) protects(address string) *Protection {
	if t.exact == nil {
		t.exact = make(map[string]*Protection, len(t.Protected))
		for i := range t.Protected {
			p := &t.Protected[i]
			if strings.Contains(p.Pattern, "*") {
				t.wild = append(t.wild, p)
			} else if t.exact[p.Pattern] == nil {
				t.exact[p.Pattern] = p
			}
		}
	}
	if p := t.exact[PatternOf(address)]; p != nil {
		return p
	}
	for _, p := range t.wild {
		if matchesName(p.Pattern, address) {
			return p
		}
	}
	return nil
}

// PatternOf returns the pattern that matches only the address.
func PatternOf(address string) string { return strings.ReplaceAll(address, "*", "%2A") }

// names returns every address by which people may know a live object: by the
// key of the files, by its name in the tenant, and by what takes its place.
func (o *Object) names() []string {
	keys := []string{o.Key, o.NaturalKey()}
	if o.ReplacedBy != nil && o.InPlace() {
		keys = append(keys, o.ReplacedBy.Key)
	}
	above := []string{""}
	if o.Parent != nil {
		above = o.Parent.names()
	}
	var out []string
	for _, a := range above {
		for _, key := range keys {
			name := AddressOf(nil, o.Kind, key)
			if a != "" {
				name = a + "/" + name
			}
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Concerns reports whether a pattern matches a declared object, what may lie under
// it, or what it is to replace.
func (p Protection) Concerns(o *Object) bool {
	if Matches(p.Pattern, o) {
		return true
	}
	for i := range p.Pattern {
		if p.Pattern[i] == '/' && matchesName(p.Pattern[:i], o.Address()) {
			return true
		}
	}
	return slices.ContainsFunc(o.Replaces, func(key string) bool {
		return matchesName(p.Pattern, AddressOf(o.Parent, o.Kind, key))
	})
}
