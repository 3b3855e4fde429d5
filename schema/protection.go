package schema

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
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
	if p := t.exact[patternOf(address)]; p != nil {
		return p
	}
	for _, p := range t.wild {
		if matchesName(p.Pattern, address) {
			return p
		}
	}
	return nil
}

// patternOf returns the pattern that matches only the address.
func patternOf(address string) string { return strings.ReplaceAll(address, "*", "%2A") }

// names returns every address by which people may know a live object: by the
// key of the files, by its name in the tenant, and by what takes its place.
func (o *Object) names() []string {
	keys := []string{o.Key, o.NaturalKey()}
	if o.Heir != nil && o.InPlace() {
		keys = append(keys, o.Heir.Key)
	}
	above := []string{""}
	if o.Parent != nil {
		above = o.Parent.names()
	}
	var out []string
	for _, a := range above {
		for _, key := range keys {
			name := address(nil, o.Kind, key)
			if a != "" {
				name = a + "/" + name
			}
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

var protectedSchema = map[string]any{"type": "array", "items": map[string]any{"type": "string"},
	"description": "Addresses, or patterns of them, of what may be neither deleted nor replaced."}

// protect reads one pattern of the list at the top.
func (d *decoder) protect(v *yaml.Node) {
	if text, ok := d.label(v, wordProtected); ok {
		d.tenant.Protected = append(d.tenant.Protected, Protection{text, d.place(v)})
	}
}

// checkProtected warns of patterns that protect nothing, and adds the lines that
// stand at objects.
func (d *decoder) checkProtected() {
	for _, p := range d.tenant.Protected {
		if !slices.ContainsFunc(d.tenant.Objects, func(o *Object) bool { return p.concerns(o) }) && !d.strays(p) {
			d.problems = append(d.problems, Problem{Place: p.Place, Warning: WarnProtects, Message: fmt.Sprintf("%q protects nothing in these files", p.Pattern),
				Hint: "patterns are addresses, a kind and a key, such as extension/101 or did/*; * in a name is %2A"})
		}
	}
	for _, o := range d.tenant.Objects {
		if o.protected.File == "" {
			continue
		}
		if o.Absent {
			d.failAt(o.protected, "delete one of the two lines, the protection in a change of its own", "%s is protected and absent", o.Address())
		}
		d.tenant.Protected = append(d.tenant.Protected, Protection{patternOf(o.Address()), o.protected})
	}
}

// concerns reports whether a pattern matches a declared object, what may lie under
// it, or what it is to replace.
func (p Protection) concerns(o *Object) bool {
	if Matches(p.Pattern, o) {
		return true
	}
	for i := range p.Pattern {
		if p.Pattern[i] == '/' && matchesName(p.Pattern[:i], o.Address()) {
			return true
		}
	}
	return slices.ContainsFunc(o.Replaces, func(key string) bool {
		return matchesName(p.Pattern, address(o.Parent, o.Kind, key))
	})
}

// strays reports whether a pattern may match what the files prune.
func (d *decoder) strays(p Protection) bool {
	word, _, _ := strings.Cut(p.Pattern, "/")
	for k := range d.tenant.Prune {
		if ok, err := path.Match(word, k.Word); err == nil && ok {
			return true
		}
	}
	return false
}
