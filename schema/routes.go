package schema

import (
	"bytes"
	"errors"
	"fmt"

	"pbxsync/schema/template"
)

// This file finds out, when a catalogue loads, what each variable of its paths stands
// for: the tenant, each parent, the object itself, from the outside in.

// fillIDs finds the fields by which the API finds an object of the kind.
func fillIDs(k *Kind, r *rawKind) error {
	for _, name := range r.ID {
		f := fieldByAPI(k, name)
		switch {
		case f == nil:
			return r.at("x-id", fmt.Errorf("%q is no property", name))
		case !k.IsKey(f) || f.Type != "string" || !f.CreateOnly && k.Has(Update):
			return r.at("x-id", fmt.Errorf("%q has to be a text of the key that only create sets, since the path of an object stays", name))
		}
		k.ID = append(k.ID, f)
	}
	if len(k.ID) > 1 && k.Form != FormList {
		return r.at("x-id", errors.New("objects that are found by several fields stand in a list"))
	}
	return nil
}

// located is what is wrong at a line of a kind's file.
type located struct {
	line    int
	keyword string
	err     error
}

func (l *located) Error() string { return l.keyword + ": " + l.err.Error() }

// at says at which keyword of the file something is wrong.
func (r *rawKind) at(keyword string, err error) error {
	for i, line := range bytes.Split(r.source, []byte("\n")) {
		if bytes.HasPrefix(line, []byte(keyword+":")) {
			return &located{i + 1, keyword, err}
		}
	}
	return fmt.Errorf("%s: %w", keyword, err)
}

// wrong says in which file something is wrong, and at which line where that is known.
func (r *rawKind) wrong(err error) error {
	var l *located
	if errors.As(err, &l) {
		return fmt.Errorf("%s:%d: %w", r.file, l.line, err)
	}
	return fmt.Errorf("%s: %w", r.file, err)
}

func (c *Catalogue) fillAllRoutes(raws []*rawKind) error {
	of := map[*Kind]*rawKind{}
	for _, r := range raws {
		of[c.byWord[r.Kind]] = r
	}
	for _, k := range c.Kinds {
		if err := c.fillRoutes(k, of, map[*Kind]bool{}); err != nil {
			return err
		}
	}
	for _, k := range c.Kinds {
		if err := checkScopes(k); err != nil {
			return of[k].wrong(err)
		}
	}
	return c.foldSequences(of)
}

// fillRoutes reads the paths of a kind, under each of its parents. Those of the parents
// come before; a kind that stands under itself has no outermost level.
func (c *Catalogue) fillRoutes(k *Kind, raws map[*Kind]*rawKind, open map[*Kind]bool) error {
	if len(k.Routes) > 0 {
		return nil
	}
	if open[k] {
		return raws[k].wrong(raws[k].at("x-parent", fmt.Errorf("%s stands under itself", k.Word)))
	}
	open[k] = true
	var above []*Route
	for _, p := range k.Parents {
		if err := c.fillRoutes(p, raws, open); err != nil {
			return err
		}
		above = append(above, p.Routes...)
	}
	if len(k.Parents) == 0 {
		above = []*Route{nil}
	}
	for _, parent := range above {
		r, err := newRoute(k, parent, raws[k])
		if err != nil {
			return raws[k].wrong(err)
		}
		k.Routes = append(k.Routes, r)
	}
	return nil
}

// newRoute reads the paths of a kind below one chain of parents.
func newRoute(k *Kind, parent *Route, raw *rawKind) (*Route, error) {
	r := &Route{Kind: k, Parent: parent, above: []Level{{Variable: tenantVariable}}}
	if parent != nil {
		r.above = parent.levels
	}
	r.levels = r.above
	var err error
	if r.Item, err = r.path(k.Item, raw, "x-item", ownIDs(k)); err != nil {
		return nil, err
	}
	if r.Item != nil {
		r.levels = append(r.levels[:len(r.levels):len(r.levels)], r.Item.Levels[len(r.Item.Levels)-ownIDs(k):]...)
	}
	if r.Collection, err = r.path(k.Collection, raw, "x-collection", 0); err != nil {
		return nil, err
	}
	if r.Order, err = r.path(k.Order.Path, raw, "x-order", 0); err != nil {
		return nil, err
	}
	return r, r.fillDownload(k, raw)
}

// ownIDs says how many variables stand for an object itself.
func ownIDs(k *Kind) int {
	if k.Singleton() {
		return 0
	}
	return max(1, len(k.ID))
}

// path reads one path, nil if the kind does not have it.
func (r *Route) path(text string, raw *rawKind, keyword string, owns int) (*Path, error) {
	if text == "" {
		return nil, nil
	}
	if r.Parent != nil && r.Parent.Item != nil {
		text = template.Under(text, r.Parent.Item.String())
	}
	p, err := template.Parse(text)
	if err != nil {
		return nil, raw.at(keyword, err)
	}
	optional := 0
	if r.Parent != nil {
		optional = 1 // an object further down may be found without its tenant
	}
	own, err := p.Own(variables(r.above), optional)
	if err == nil && len(own) != owns {
		err = fmt.Errorf("%s are left for the object itself, %d of its own are due; what is above it has %s", template.Names(own), owns, template.Names(variables(r.above)))
	}
	if err != nil {
		return nil, raw.at(keyword, fmt.Errorf("%s: %w", text, err))
	}
	return &Path{Path: p, Levels: r.levelsOf(p, own)}, nil
}

// levelsOf says what the variables of a path stand for.
func (r *Route) levelsOf(p template.Path, own []string) []Level {
	var out []Level
	for _, name := range p.Variables()[:len(p.Variables())-len(own)] {
		for _, l := range r.above {
			if l.Variable == name {
				out = append(out, l)
			}
		}
	}
	for i, name := range own {
		l := Level{Variable: name, Kind: r.Kind}
		if len(r.Kind.ID) > 0 {
			l.Field = r.Kind.ID[i]
		}
		out = append(out, l)
	}
	return out
}

func variables(levels []Level) []string {
	names := make([]string, len(levels))
	for i, l := range levels {
		names[i] = l.Variable
	}
	return names
}
