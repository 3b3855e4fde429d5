package schema

import (
	"fmt"
	"slices"
	"strings"
)

// Unread is what this version cannot read of the objects of a kind, and what may refer to
// them without being read: whoever deletes one has to know of it.
type Unread struct {
	Parts []UnreadPart
	Users []string // in words
	ByKey bool     // the users name the object by its key, so that an heir of that name serves them
}

// UnreadPart is something that an object has and that is not read.
type UnreadPart struct {
	Of   string              // word of the resource, among those that the catalogue does not know
	Has  string              // in words
	When map[string][]string // values one of which the object's fields must have
}

// String says what is not read of any object of the kind, "" where everything is.
func (u Unread) String() string {
	var out []string
	for _, p := range u.Parts {
		text := p.Has
		for _, name := range sortedKeys(p.When) {
			text += fmt.Sprintf(" (%s %s)", name, strings.Join(p.When[name], ", "))
		}
		out = append(out, text)
	}
	text := strings.Join(out, "; ")
	if len(u.Users) > 0 && text != "" {
		text += "; "
	}
	if len(u.Users) > 0 {
		text += "its use by " + strings.Join(u.Users, ", ")
	}
	return text
}

// UnreadParts names what an object may have that this version cannot read. A field that is not
// shown excludes nothing.
func (o *Object) UnreadParts() []string {
	var out []string
	for _, p := range o.Kind.Unread.Parts {
		fits := true
		for name, values := range p.When {
			f := fieldByAPI(o.Kind, name)
			v, known := o.Values[f.Name].(string)
			fits = fits && (!known || slices.Contains(values, v))
		}
		if fits {
			out = append(out, p.Has)
		}
	}
	return out
}

// UnreadUsers names what may refer to an object and is not read. An heir of the same name
// serves who goes by the name.
func (o *Object) UnreadUsers() []string {
	if o.Kind.Unread.ByKey && o.InPlace() {
		return nil
	}
	return o.Kind.Unread.Users
}

func (c *Catalogue) fillUnread(k *Kind, r *rawKind) error {
	k.Unread.ByKey = r.Unread.ByKey
	for _, word := range r.Unread.Users {
		c.addUnknown(word)
	}
	for _, p := range r.Unread.Parts {
		c.addUnknown(p.Of)
		for name := range p.When {
			if fieldByAPI(k, name) == nil {
				return fmt.Errorf("x-unread: %q is no property", name)
			}
		}
		k.Unread.Parts = append(k.Unread.Parts, UnreadPart(p))
	}
	for _, word := range r.Unread.Users {
		text := strings.ReplaceAll(word, "_", " ")
		if c.unlisted(word) {
			text += " that are not on record"
		}
		k.Unread.Users = append(k.Unread.Users, text)
	}
	return nil
}

// addUnknown notes a resource that no kind stands for.
func (c *Catalogue) addUnknown(word string) {
	if !slices.Contains(c.Unknown, word) && !c.unlisted(word) {
		c.Unknown = append(c.Unknown, word)
	}
}

// unlisted reports whether a section of a tenant file is that of a kind which the API does
// not list, so that some of its objects may not be known.
func (c *Catalogue) unlisted(section string) bool {
	return slices.ContainsFunc(c.Kinds, func(k *Kind) bool { return k.Behaviour == KnownFromRecords && k.YAML() == section })
}
