package plan

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"pbxsync/diff"
)

// Staleness is something that a plan was made from and that has moved since.
type Staleness struct {
	Address string `json:"address,omitempty"`
	Field   string `json:"field,omitempty"`
	Was     any    `json:"was,omitempty"` // when the plan was made
	Now     any    `json:"now,omitempty"`
	What    string `json:"what"` // in words
}

// String says it in words.
func (s Staleness) String() string {
	name := s.Address
	if s.Field != "" {
		name += "." + s.Field
	}
	if name == "" {
		return s.What
	}
	return name + ": " + s.What
}

// Moved compares a saved plan with the one that is made of it now, and says what has
// moved: values, objects and ids. It is not empty where the two differ.
func (p *Value) Moved(now *Value) []Staleness {
	m := &moved{was: byAddress(p.Changes), now: byAddress(now.Changes), seen: map[string]bool{}}
	if p.Tenant != now.Tenant {
		m.put(Staleness{What: fmt.Sprintf("the tenant was %s (%s) when the plan was made, it is %s (%s) now", p.Tenant.Name, p.Tenant.Known(), now.Tenant.Name, now.Tenant.Known())})
	}
	m.ids(p, now)
	for _, a := range slices.Sorted(maps.Keys(m.was)) {
		m.change(a)
	}
	for _, a := range slices.Sorted(maps.Keys(m.now)) {
		if m.was[a] == nil {
			m.also(a, p)
		}
	}
	m.steps(p, now)
	if len(m.out) == 0 {
		m.rest(p, now)
	}
	return m.out
}

type moved struct {
	was, now map[string]*Change
	seen     map[string]bool // addresses, with and without a field, of which something is said
	out      []Staleness
}

func byAddress(list []Change) map[string]*Change {
	out := map[string]*Change{}
	for i := range list {
		out[list[i].Address] = &list[i]
	}
	return out
}

func (m *moved) put(s Staleness) {
	m.out = append(m.out, s)
	m.seen[s.Address], m.seen[s.Address+" "+s.Field] = true, true
}

func (m *moved) value(address, field string, was, now any) {
	m.put(Staleness{Address: address, Field: field, Was: was, Now: now, What: fmt.Sprintf("it was %s when the plan was made, it is %s now", told(was), told(now))})
}

// ids finds objects that are gone, or that are others under their old names.
func (m *moved) ids(p, now *Value) {
	for _, symbol := range slices.Sorted(maps.Keys(p.IDs)) {
		was, is := p.IDs[symbol], now.IDs[symbol]
		switch ch := m.now[symbol]; {
		case was == is:
		case is != 0:
			m.put(Staleness{Address: symbol, Was: was, Now: is, What: fmt.Sprintf("it had id %d when the plan was made, another object (id %d) has its name now", was, is)})
		case ch != nil && ch.Action == diff.Create:
			m.put(Staleness{Address: symbol, Was: was, What: fmt.Sprintf("it was there when the plan was made (id %d), it is gone or has another name now", was)})
		}
	}
}

// change compares what the two plans do to an object that the saved one changes.
func (m *moved) change(address string) {
	was, now := m.was[address], m.now[address]
	switch {
	case m.seen[address]:
	case now == nil && was.Action == diff.Delete:
		m.put(Staleness{Address: address, What: "it was there when the plan was made, it is gone now"})
	case now == nil && was.Action == diff.Create:
		m.put(Staleness{Address: address, What: "it was not there when the plan was made, it is there now, as the plan wants it"})
	case now == nil:
		m.doneByOthers(address, was)
	case was.Action != now.Action:
		m.put(Staleness{Address: address, What: fmt.Sprintf("the plan was to %s it, now it would %s it", was.Action, now.Action)})
		m.fields(address, was, now)
	default:
		m.fields(address, was, now)
		m.around(address, was, now)
	}
}

// doneByOthers says of each field that somebody has done what the plan wants.
func (m *moved) doneByOthers(address string, was *Change) {
	for _, f := range was.Fields {
		m.value(address, f.Name, PlainValue(f.Old), PlainValue(f.New))
	}
	if len(was.Fields) == 0 {
		m.put(Staleness{Address: address, What: "there was something to do for it when the plan was made, there is nothing now"})
	}
}

func (m *moved) fields(address string, was, now *Change) {
	old := map[string]FieldChange{}
	for _, f := range was.Fields {
		old[f.Name] = f
	}
	for _, f := range now.Fields {
		before, there := old[f.Name]
		delete(old, f.Name)
		switch {
		case before.First && !f.First:
			m.put(Staleness{Address: address, Field: f.Name, Was: PlainValue(before.New), Now: PlainValue(f.Old), What: fmt.Sprintf("it was to be made with %s, it is %s now", told(before.New), told(f.Old))})
		case f.First || before.First:
		case !there: // it had what the plan wants
			m.value(address, f.Name, PlainValue(f.New), PlainValue(f.Old))
		case told(before.Old) != told(f.Old):
			m.value(address, f.Name, PlainValue(before.Old), PlainValue(f.Old))
		case told(before.New) != told(f.New):
			m.put(Staleness{Address: address, Field: f.Name, Was: before.New, Now: f.New, What: fmt.Sprintf("the plan says %s, and wants %s: it was edited, or a file changed", told(before.New), told(f.New))})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(old)) {
		if f := old[name]; !f.First {
			m.value(address, name, PlainValue(f.Old), PlainValue(f.New))
		}
	}
}

// around compares what else a plan says of an object.
func (m *moved) around(address string, was, now *Change) {
	gone, come := without(was.Gone, now.Gone), without(now.Gone, was.Gone)
	for _, child := range come {
		m.put(Staleness{Address: child, What: "it was not there when the plan was made, and would go with " + address + " now"})
	}
	for _, child := range gone {
		m.put(Staleness{Address: child, What: "it was to go with " + address + ", and is gone now"})
	}
	if was.Replaces != now.Replaces {
		m.put(Staleness{Address: address, What: fmt.Sprintf("it was to replace %s, now %s", cmp.Or(was.Replaces, "nothing"), cmp.Or(now.Replaces, "nothing"))})
	}
	if told(was.Silent) != told(now.Silent) {
		m.put(Staleness{Address: address, What: "what rings it is not what it was when the plan was made"})
	}
}

func without(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(others, s) })
}

// also says of an object that the saved plan leaves as it is what would be done to it now.
func (m *moved) also(address string, p *Value) {
	now := m.now[address]
	if m.seen[address] {
		return
	}
	if now.Action == diff.Create {
		m.put(Staleness{Address: address, What: "it was there when the plan was made, it is gone or has another name now"})
		return
	}
	m.fields(address, &Change{}, now)
	if !m.seen[address] {
		m.put(Staleness{Address: address, What: fmt.Sprintf("the plan had nothing to do for it, now it would %s it", now.Action)})
	}
}

// steps compares what the calls send besides: values that an update has to carry along.
func (m *moved) steps(p, now *Value) {
	is := map[string]*Step{}
	for i := range now.Steps {
		is[stepName(&now.Steps[i])] = &now.Steps[i]
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		other, address := is[stepName(s)], s.Changes[0]
		if other == nil || m.seen[address] && len(s.Changes) == 1 {
			continue
		}
		for _, name := range keysOf(s.Body, other.Body) {
			was, now := s.Body[name], other.Body[name]
			if told(was) == told(now) || m.seen[address+" "+name] {
				continue
			}
			if list, ok := was.([]any); ok && s.Method == http.MethodPost && m.rows(s, list, now) {
				continue
			}
			m.put(Staleness{Address: address, Field: name, Was: PlainValue(was), Now: ThroughJSON(now), What: fmt.Sprintf("the call was to send %s, now it would send %s", told(was), told(now))})
		}
	}
}

// rows compares the objects that one call writes together.
func (m *moved) rows(s *Step, was []any, now any) bool {
	list, ok := ThroughJSON(now).([]any)
	if !ok {
		return false
	}
	had, has := map[string]bool{}, map[string]bool{}
	for _, row := range was {
		had[told(row)] = true
	}
	for _, row := range list {
		has[told(row)] = true
	}
	said := false
	for _, row := range slices.Sorted(maps.Keys(had)) {
		if !has[row] {
			m.put(Staleness{Address: s.Changes[0], What: "the call was to send " + row + " as well, and would not now"})
			said = true
		}
	}
	for _, row := range slices.Sorted(maps.Keys(has)) {
		if !had[row] {
			m.put(Staleness{Address: s.Changes[0], What: "the call would send " + row + " as well now"})
			said = true
		}
	}
	return said
}

func stepName(s *Step) string {
	return s.Method + " " + s.Deletes + " " + strings.Join(s.Changes, " ") + " " + s.Why
}

func keysOf(a, b map[string]any) []string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

// rest says which part of the plan differs, where nothing else was found.
func (m *moved) rest(p, now *Value) {
	for _, part := range []struct {
		name     string
		was, now any
	}{{"what is wanted", p.Wanted, now.Wanted}, {"the steps or their order", p.Steps, now.Steps}, {"the ids of what it names", p.IDs, now.IDs},
		{"the changes", p.Changes, now.Changes}, {"the kinds that it read", p.Read, now.Read}, {"what is protected", p.Protected, now.Protected}, {"what has to be approved", p.Review, now.Review}} {
		if told(part.was) != told(part.now) {
			m.put(Staleness{What: part.name + " would not be the same; the plan was edited, or made by another version"})
		}
	}
}
