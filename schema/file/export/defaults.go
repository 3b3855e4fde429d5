package export

import (
	"cmp"
	"slices"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
)

// This file chooses what an import writes under defaults:. What stands there holds for
// every object that somebody adds, so it must not be what belongs to one.

// clearly is the least number of objects among which more than half say something of
// those that are still to come.
const clearly = 5

// chooseDefaults finds for each kind and field the value that holds for objects unless
// they say otherwise. A part has none: it would mean something else in another place.
func (e *selection) chooseDefaults() {
	if e.options.Part != nil {
		return
	}
	byKind := map[*schema.Kind][]*schema.Object{}
	for _, o := range e.live.Objects {
		if e.in[o] && o.Kind.Value == "" && (o.Parent != nil || !o.Kind.Singleton()) {
			byKind[o.Kind] = append(byKind[o.Kind], o)
		}
	}
	for k, objects := range byKind {
		if k.Implicit() && slices.ContainsFunc(e.options.Missed, func(m Missed) bool { return m.Kind == k }) {
			continue // a default would declare what could not be read
		}
		e.defaults[k] = map[string]*cell{}
		for _, f := range importable(k, &schema.Object{}) {
			if v := e.usual(f, objects); v != nil && !e.chosen(f, v) {
				e.defaults[k][f.Name] = v
			}
		}
	}
}

// usual returns the value that a field has unless an object says otherwise, or nil.
func (e *selection) usual(f *schema.Field, objects []*schema.Object) *cell {
	best, most := e.mostFrequent(f, objects)
	switch {
	case best == nil || f.Personal && !best.null || best.null && (f.Decide || f.Required):
		return nil
	case len(objects) >= clearly && 2*most > len(objects):
		return best
	case most == len(objects) && !f.Decide && (best.null || isDefault(f, best.text)):
		return best // of few objects, what the server has where nothing was said
	}
	return nil
}

// mostFrequent returns the value that most objects have, and how many these are. There
// is none where an object lacks the field, which a default would fill in.
func (e *selection) mostFrequent(f *schema.Field, objects []*schema.Object) (best *cell, most int) {
	counts := map[*cell]int{}
	for _, o := range objects {
		v := e.values[o][f.Name]
		if v == nil {
			return nil, 0
		}
		counts[v]++
	}
	for v, n := range counts {
		if best == nil || cmp.Or(cmp.Compare(n, most), cmp.Compare(best.text, v.text)) > 0 {
			best, most = v, n
		}
	}
	return best, most
}

// isDefault tells the value that the API's documents name as the default.
func isDefault(f *schema.Field, text string) bool {
	return f.HasDefault && canonical(f.Live(f.Default, "")) == text
}

// implied reports that a value need not stand at the object.
func (e *selection) implied(f *schema.Field, v, def *cell) bool {
	if def != nil {
		return def.text == v.text
	}
	return e.chosen(f, v)
}

// chosen reports that sparse files leave a value out since the server would choose it.
func (e *selection) chosen(f *schema.Field, v *cell) bool {
	if !e.options.Sparse || f.Decide || f.Required {
		return false
	}
	return isDefault(f, v.text) || v.null && !f.HasDefault
}

// The groups of defaults, in the order in which they are written.
const (
	groupOwn     = "What most of them have."
	groupDefault = "What the PBX would choose itself."
	groupNull    = "Not set."
)

func groupOf(f *schema.Field, v *cell) string {
	switch {
	case v.null:
		return groupNull
	case isDefault(f, v.text) && !f.Decide:
		return groupDefault
	}
	return groupOwn
}

// defaultsBlock writes the defaults of all kinds, nil if there are none.
func (e *exporter) defaultsBlock() *yaml.Node {
	all := mapping()
	for _, k := range e.catalogue.Kinds {
		if fields := e.defaultsOf(k); len(fields.Content) > 0 {
			all.Content = append(all.Content, text(k.Word), fields)
		}
	}
	if len(all.Content) == 0 {
		return nil
	}
	word := text(reserved.Defaults)
	word.HeadComment = "What holds for every object of a kind that does not say otherwise, also for those to come."
	return mapping(word, all)
}

// defaultsOf writes the defaults of a kind, group by group.
func (e *exporter) defaultsOf(k *schema.Kind) *yaml.Node {
	fields := mapping()
	for _, group := range []string{groupOwn, groupDefault, groupNull} {
		first := true
		for _, f := range importable(k, &schema.Object{}) {
			v := e.defaults[k][f.Name]
			if v == nil || groupOf(f, v) != group {
				continue
			}
			name := text(f.Name)
			if first {
				name.HeadComment, first = group, false
			}
			fields.Content = append(fields.Content, name, v.node)
		}
	}
	if short(fields, 70).Style == yaml.FlowStyle {
		for _, n := range fields.Content {
			n.HeadComment = ""
		}
	}
	return fields
}
