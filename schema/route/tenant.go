package route

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"pbxsync/schema"
)

// This file makes a board of a tenant. It is the one that knows kinds and fields. What no kind
// stands for yet is named in the answer.

// The types of extensions that do something of their own.
const (
	APhone      = "phone"
	AQueue      = "queue"
	AMenu       = "ivr"
	AFax        = "fax"
	AConference = "conference"
)

// Of returns what a tenant does with calls.
func Of(t *schema.Tenant) *Board {
	m := &maker{tenant: t, board: &Board{Zone: time.UTC}, of: map[string][]*schema.Object{}, children: map[*schema.Object]map[string][]*schema.Object{},
		extensions: map[string]*Extension{}, hours: map[string]*Hours{}, dials: map[listed]*DialList{}}
	for _, o := range t.Objects {
		if !o.Absent {
			m.add(o)
		}
	}
	m.extend()
	m.rewrites()
	m.spans()
	m.settings()
	m.numbers()
	for _, o := range m.of["extension"] {
		m.fill(m.extensions[o.Key], o)
	}
	m.board.Index()
	return m.board
}

type maker struct {
	tenant     *schema.Tenant
	board      *Board
	of         map[string][]*schema.Object // by the word of the kind
	children   map[*schema.Object]map[string][]*schema.Object
	extensions map[string]*Extension
	hours      map[string]*Hours
	dials      map[listed]*DialList
}

// listed names a list of dial rules.
type listed struct {
	key    string
	dealer bool // it is the dealer's
}

func (m *maker) add(o *schema.Object) {
	word := o.Kind.Word
	m.of[word] = append(m.of[word], o)
	if o.Parent != nil {
		if m.children[o.Parent] == nil {
			m.children[o.Parent] = map[string][]*schema.Object{}
		}
		m.children[o.Parent][word] = append(m.children[o.Parent][word], o)
	}
}

// child returns the one object of a kind below another, or nil.
func (m *maker) child(of *schema.Object, word string) *schema.Object {
	if all := m.children[of][word]; len(all) > 0 {
		return all[0]
	}
	return nil
}

func source(o *schema.Object) Source { return Source{o.Address(), o.Place} }

// text returns a text of an object, or the key of what a reference names.
func text(o *schema.Object, field string) string {
	if o == nil {
		return ""
	}
	return word(o.Values[field])
}

// word returns a text, the key of a reference, or what it says of one that is not the tenant's.
func word(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		return cmp.Or(schema.RefOf(v).Dealer, schema.RefOf(v).Key, fmt.Sprintf("id %d", schema.RefOf(v).ID))
	}
	return ""
}

func whole(v any) int64 {
	i, _ := v.(int64)
	return i
}

func yes(o *schema.Object, field string, unstated bool) bool {
	if v, ok := o.Values[field].(bool); ok {
		return v
	}
	return unstated
}

func (m *maker) extend() {
	for _, o := range m.of["extension"] {
		e := &Extension{Source: source(o), Name: o.NaturalKey(), Label: text(o, "label"), Type: text(o, "type"), Blocked: text(o, "status") == "blocked", Unread: o.UnreadParts()}
		m.extensions[o.Key] = e
		m.board.Extensions = append(m.board.Extensions, e)
	}
}

// target returns what a value means: an extension, or a number.
func (m *maker) target(v any) Target {
	name := word(v)
	if e := m.extensions[name]; e != nil {
		return Target{Extension: e}
	}
	return Target{Number: name}
}

func (m *maker) rewrites() {
	for _, o := range m.of["dial_rule"] {
		l := &DialList{Source: source(o), Name: o.Key}
		items, _ := o.Values["dial_rules"].([]any)
		for i, x := range items {
			item, _ := x.(map[string]any)
			at := Source{l.Address, itemPlace(o, "dial_rules", i)}
			l.Rules = append(l.Rules, &DialRule{at, word(item["match_exp"]), word(item["repl_exp"]), word(item["comment"])})
		}
		m.dials[listed{o.Key, o.Shared}] = l
	}
}

// list returns the list of dial rules that an object names. One that is not in what was read stands
// there all the same, so that nobody takes its absence for an answer.
func (m *maker) list(o *schema.Object) *DialList {
	v := o.Values["dial_rule"]
	name := word(v)
	ref, _ := v.(map[string]any)
	switch l := m.dials[listed{name, schema.RefOf(ref).Dealer != ""}]; {
	case l != nil:
		return l
	case name != "":
		return &DialList{Source: Source{o.Address(), o.PlaceOf("dial_rule")}, Name: name, Unread: true}
	}
	return nil
}

// itemPlace is where an item of a list stands, or else the list.
func itemPlace(o *schema.Object, field string, i int) schema.Place {
	if p, ok := o.Places[fmt.Sprintf("%s[%d]", field, i)]; ok {
		return p
	}
	return o.PlaceOf(field)
}

func (m *maker) spans() {
	for _, o := range m.of["interval"] {
		h := &Hours{Source: source(o), Name: o.Key, Zone: zoneOf(text(o, "timezone"))}
		if h.Zone == nil {
			h.Zone = time.UTC
		}
		items, _ := o.Values["conditions"].([]any)
		for _, x := range items {
			item, _ := x.(map[string]any)
			h.Spans = append(h.Spans, spanOf(item))
		}
		m.hours[o.Key] = h
		m.board.Hours = append(m.board.Hours, h)
	}
}

var days = map[string]time.Weekday{"sun": time.Sunday, "mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday, "fri": time.Friday, "sat": time.Saturday}

func spanOf(item map[string]any) Span {
	first, from := days[word(item["start_dow"])]
	last, to := days[word(item["end_dow"])]
	s := Span{FirstDay: first, LastDay: last, Days: from && to, Begins: word(item["start_time"]), Ends: word(item["end_time"]),
		FirstDate: whole(item["start_mday"]), LastDate: whole(item["end_mday"]), Month: whole(item["month"]),
		From: word(item["start_datetime"]), Until: word(item["end_datetime"]),
		Since: word(item["sched_start_date"]), On: whole(item["sched_active_days"]), Off: whole(item["sched_skip_days"])}
	return s
}

func zoneOf(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil && name != "" {
		return zone
	}
	return nil
}

// settings takes what holds for the whole tenant. Where its zone is not said, one that all
// intervals have is taken for it.
func (m *maker) settings() {
	for _, o := range m.of["settings"] {
		m.board.Dials, m.board.Blocked = m.list(o), text(o, "status") == "blocked"
		if asks := text(o, "call_interactive_url"); asks != "" {
			m.board.Unread = append(m.board.Unread, Part{Source{o.Address(), o.PlaceOf("call_interactive_url")}, "the settings", []string{"call_interactive_url"}})
		}
		if zone := zoneOf(text(o, "timezone")); zone != nil {
			m.board.Zone, m.board.Zoned = zone, true
		}
	}
	for _, o := range m.of["ani"] {
		m.board.Shows = text(o, "ani_number")
	}
	if m.board.Zoned {
		return
	}
	names := map[string]*time.Location{}
	for _, h := range m.hours {
		names[h.Zone.String()] = h.Zone
	}
	for _, zone := range names {
		if len(names) == 1 {
			m.board.Zone, m.board.Zoned = zone, true
		}
	}
}

func (m *maker) numbers() {
	for _, word := range []string{"did", "alias"} {
		for _, o := range m.of[word] {
			v, said := o.Values["extension"]
			to := m.target(v)
			if to.Extension == nil && !to.Nowhere() { // one that is not in what was read
				to, said = Target{}, false
			}
			m.board.Numbers = append(m.board.Numbers, &Number{Source: source(o), Name: o.NaturalKey(), Alias: word == "alias", To: to, Unsaid: !said})
		}
	}
}

// fill takes what stands under an extension.
func (m *maker) fill(e *Extension, o *schema.Object) {
	e.Dials = m.list(o)
	e.assume(o, "status", "active")
	e.Shows = text(m.child(o, "extension_ani"), "ani_number")
	if r := m.child(o, "incom_rule"); r != nil {
		e.Rules = m.rules(r)
	} else {
		e.Assumed = append(e.Assumed, "rules none")
	}
	if q := m.child(o, "queue"); q != nil {
		e.Queue = m.queue(q)
		e.assume(q, "exit_with_no_av_agents", "true")
	}
	if p := m.child(o, "phone"); p != nil {
		e.Phone = m.phone(p)
		e.assume(p, "external_number", "none")
		e.assume(p, "vm_enabled", "true")
	}
}

// rules reads the incoming rules of an extension, the first one first.
func (m *maker) rules(o *schema.Object) []*Rule {
	items, _ := o.Values["rules"].([]any)
	var out []*Rule
	for i, x := range items {
		item, _ := x.(map[string]any)
		r := &Rule{Source: Source{o.Address(), itemPlace(o, "rules", i)}, Name: word(item["name"]), Does: word(item["type"]), Plays: word(item["playfile_sound"]), Hours: m.span(o, item["interval"]), Caller: caller(item)}
		if after := word(item["call_status"]); after != "any" {
			r.After = after
		}
		r.To = append(m.called(item["transfer_dst"]), m.called(item["cascade_numbers"])...)
		out = append(out, r)
	}
	return out
}

// called returns the targets of a list of numbers, or of numbers with delays, of which the smallest
// one rings at once.
func (m *maker) called(v any) []Delayed {
	list, _ := v.([]any)
	var out []Delayed
	for _, x := range list {
		if one, delayed := x.(map[string]any); delayed {
			out = append(out, Delayed{m.target(one["number"]), whole(one["delay"])})
		} else {
			out = append(out, Delayed{Target: m.target(x)})
		}
	}
	if len(out) == 0 {
		return nil
	}
	first := slices.MinFunc(out, func(a, b Delayed) int { return cmp.Compare(a.Delay, b.Delay) }).Delay
	for i := range out {
		out[i].Delay -= first
	}
	return out
}

// caller returns what a rule asks of who calls, nil for nothing.
func caller(item map[string]any) *Caller {
	switch word(item["caller_id_action"]) {
	case "matches":
		return &Caller{Pattern: word(item["caller_id"])}
	case "not_matches":
		return &Caller{Pattern: word(item["caller_id"]), Not: true}
	case "anonymous":
		return &Caller{Anonymous: true}
	}
	return nil
}

// span returns the hours that a rule names, nil where it names none. Those that are not in what was
// read stand there all the same, so that nobody takes them for always.
func (m *maker) span(o *schema.Object, v any) *Hours {
	name := word(v)
	if h := m.hours[name]; h != nil || name == "" {
		return h
	}
	return &Hours{Source: source(o), Name: name, Zone: m.board.Zone, Unread: true}
}

// assume notes what is taken for a field that is not in what was read.
func (e *Extension) assume(o *schema.Object, field, usual string) {
	if _, said := o.Values[field]; !said {
		e.Assumed = append(e.Assumed, field+" "+usual)
	}
}

func (m *maker) phone(o *schema.Object) *Phone {
	p := &Phone{Source: source(o), Diverted: m.target(o.Values["external_number"]), DivertsAt: o.PlaceOf("external_number"), Rings: whole(o.Values["hangup_timeout"]),
		Voicemail: yes(o, "vm_enabled", true), VoiceAt: o.PlaceOf("vm_enabled"), Shows: text(o, "transfer_caller_id_number"), Screens: yes(o, "call_screening_enabled", false)}
	if bundle, ok := o.Values["bundle"].(map[string]any); ok {
		p.With = along(bundle)
	}
	return p
}

// queue reads what a queue does. Which agents it has nobody reads.
func (m *maker) queue(o *schema.Object) *Queue {
	exit := func(field string) Exit { return Exit{m.target(o.Values[field]), o.PlaceOf(field)} }
	q := &Queue{Source: source(o), Strategy: text(o, "strategy"), Unread: true, Waits: whole(o.Values["max_wait_time"]), Late: exit("timeout_transfer_dst"),
		Idle: whole(o.Values["max_wait_time_with_no_agent"]), Unmanned: exit("no_agent_timeout_transfer_dst"), Leaves: yes(o, "exit_with_no_av_agents", true),
		Key: text(o, "exit_key"), Exit: exit("exit_transfer_dst")}
	if text(o, "agent_hangup_action") == Transfer {
		q.After = exit("agent_hangup_transfer_dst")
	}
	return q
}

// along returns the extensions of a bundle that calls reach.
func along(bundle map[string]any) []string {
	var out []string
	for _, key := range sortedKeys(bundle) {
		if one, ok := bundle[key].(map[string]any); ok && one["active"] != false {
			out = append(out, key)
		}
	}
	return out
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
