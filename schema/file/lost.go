package file

import (
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/wording"
)

// This file keeps a line that was not understood from being told again at everything that
// refers to what it would have declared.

// loss is a place that may have declared objects, and was not understood.
type loss struct {
	at      schema.Place
	kinds   []*schema.Kind // none: one of those that the files do not have
	key     string         // "": any
	misses  int            // references that are not looked up because of it
	written bool           // the key stands as it is written, and is wrong
}

// lose notes that the objects of some kinds, or the one with a key, may be where a problem was found.
func (d *folder) lose(n *yaml.Node, key string, kinds ...*schema.Kind) {
	d.losses = append(d.losses, loss{at: d.place(n), key: key, kinds: kinds})
}

// lost returns the place that may have declared what a reference names, or nil.
func (d *folder) lost(kind *schema.Kind, key string) *loss {
	for i := range d.losses {
		l := &d.losses[i]
		switch {
		case len(l.kinds) == 0:
			if _, managed := d.tenant.Managed[kind]; managed {
				continue
			}
		case !slices.Contains(l.kinds, kind):
			continue
		}
		if l.key == "" || l.key == key || l.written && wording.Nearest(key, []string{l.key}) != "" {
			return l
		}
	}
	return nil
}

// miss reports whether a reference names what may be in a place that was not understood.
func (d *folder) miss(r reference) bool {
	l := d.lost(r.field.Ref, r.key)
	if l != nil {
		l.misses++
	}
	return l != nil
}

// foldLosses says once, where the cause is, how many references hang on it.
func (d *folder) foldLosses() {
	for _, l := range d.losses {
		if l.misses == 0 {
			continue
		}
		at := slices.IndexFunc(d.problems, func(p schema.Problem) bool { return p.Place == l.at && p.Warning == "" })
		if at < 0 {
			d.failAt(l.at, "", "this was not understood%s", l.held())
			continue
		}
		d.problems[at].Hint += l.held()
	}
}

func (l loss) held() string {
	what := "what it declares"
	if l.key != "" {
		what = "it"
	}
	if l.misses == 1 {
		return " (1 reference to " + what + " cannot be looked up until then)"
	}
	return fmt.Sprintf(" (%d references to %s cannot be looked up until then)", l.misses, what)
}
