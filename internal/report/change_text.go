package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/risk"
)

var signs = map[diff.Action]struct {
	sign  string
	style style
}{diff.Create: {"+", green}, diff.Update: {"~", yellow}, diff.Rename: {"~", yellow}, diff.Replace: {"±", red}, diff.Delete: {"-", red}}

// most is how many characters a list of names has, of which the rest is counted.
const most = 200

const (
	pad       = "    "
	mostFiles = 3 // that are named beside a group
)

// changesText prints the changes, the worst first, with headings where there are risks.
func changesText(p *Printer, r *Report) {
	heading := risk.Class("none yet")
	groups := r.Groups(p.all)
	for _, g := range groups {
		if len(r.Risks) > 0 && g.Class != heading {
			heading = g.Class
			p.styled(bold, "%s", headingOf(g.Class))
		}
		t := &groupText{p, r, g}
		t.print()
	}
	if len(groups) > 0 {
		p.Linef("")
	}
}

func headingOf(class risk.Class) string {
	if class == "" {
		return "-- no risk is known of these"
	}
	return "-- " + string(class) + ": " + class.Meaning()
}

// groupText prints changes that are told in one go.
type groupText struct {
	p *Printer
	r *Report
	g *Group
}

func (t *groupText) print() {
	g, c := t.g, t.g.Changes[0]
	sign := signs[g.Action]
	switch {
	case len(g.Changes) == 1 && t.inOneLine(c):
		f := c.Fields[0]
		d := diff.Parts(f.Name, f.Before, f.After)[0]
		t.p.styled(sign.style, "%s %s: %s: %s -> %s%s", sign.sign, c.Address, d.Name, cmp.Or(t.named(f), t.p.value(d.Old)), t.p.value(d.New), tail(f))
	case len(g.Changes) == 1:
		t.p.styled(sign.style, "%s %s%s", sign.sign, c.Address, head(c))
		t.one(c)
	case g.Action == diff.Create:
		t.p.styled(sign.style, "%s %s: %s%s", sign.sign, t.r.Counted(g), t.names(), t.files())
		t.created()
	case g.Action == diff.Update && g.Alike:
		t.p.styled(sign.style, "%s %s: %s: %s%s", sign.sign, t.changed(c), t.r.Counted(g), t.names(), t.files())
		t.sent(c)
	case g.Action == diff.Update:
		t.p.styled(sign.style, "%s %s, each to a value of its own: %s: %s%s", sign.sign, fieldNames(c), t.r.Counted(g), t.names(), t.files())
	default:
		t.p.styled(sign.style, "%s %s: %s   (%s)%s", sign.sign, t.r.Counted(g), t.names(), c.Reason, t.files())
		t.gone()
	}
}

// inOneLine reports whether a change is one value of one field, and nothing else.
func (t *groupText) inOneLine(c *Change) bool {
	if len(c.Fields) != 1 || c.Action != diff.Update || len(c.Secrets)+len(c.Once)+len(c.Unstated)+len(c.Silent)+len(t.special(c)) > 0 {
		return false
	}
	f := c.Fields[0]
	return !f.First && slices.Contains(usual, c.Reason) && len(t.g.Parts[c.Address]) == 0 && len(diff.Parts(f.Name, f.Before, f.After)) == 1
}

// usual are reasons that a sign tells already.
var usual = []string{"not in the tenant", "differs"}

// head says why an object changes, where that is not plain, and where it stands.
func head(c *Change) string {
	text := ""
	if c.Replaces != "" && c.Action == diff.Replace {
		text += "   (replaces " + c.Replaces + ": " + c.Reason + ")"
	} else if c.Reason != "" && !slices.Contains(usual, c.Reason) {
		text += "   (" + c.Reason + ")"
	}
	if at := c.Place.String(); at != "" {
		text += "   " + at
	}
	return text
}

// names lists the objects of the group. What goes is always listed whole.
func (t *groupText) names() string {
	list := addresses(t.g.Changes)
	if t.g.Action == diff.Delete {
		names, _ := Names(list, 0)
		return names
	}
	return t.p.names(list)
}

func addresses(list []*Change) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.Address
	}
	return out
}

// names lists objects, and counts those for which a screen has no room.
func (p *Printer) names(addresses []string) string {
	names, left := Names(addresses, most)
	if left > 0 {
		names += fmt.Sprintf(", ... (%d more; --all lists them)", left)
	}
	return names
}

// files says where the changes of the group stand: the one place of all, or their files.
func (t *groupText) files() string {
	places, files := map[string]bool{}, map[string]bool{}
	for _, c := range t.g.Changes {
		at := c.Place
		if len(c.Fields) == 1 && c.Action == diff.Update && c.Fields[0].Place.File != "" {
			at = c.Fields[0].Place
		}
		places[at.String()], files[at.File] = true, true
	}
	if len(places) > 1 {
		places = files
	}
	list := slices.Sorted(maps.Keys(places))
	if list[0] == "" || len(list) > mostFiles {
		return ""
	}
	return "   " + strings.Join(list, ", ")
}

// changed says in one line what a change does.
func (t *groupText) changed(c *Change) string {
	var parts []string
	for _, f := range c.Fields {
		parts = append(parts, fmt.Sprintf("%s %s -> %s", f.Name, t.before(f), t.p.value(f.After)))
	}
	if len(parts) == 0 {
		return c.Reason
	}
	return strings.Join(parts, ", ")
}

func fieldNames(c *Change) string {
	var names []string
	for _, f := range c.Fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// before shows the old value; what a reference led to by its name where its key does not tell
// it, and by its id where the name is not enough.
func (t *groupText) before(f Field) string { return cmp.Or(t.named(f), t.p.value(f.Before)) }

func (t *groupText) named(f Field) string {
	if f.BeforeName == "" {
		return ""
	}
	if id := schema.RefOf(f.Before).ID; id != 0 {
		return fmt.Sprintf("%s (id %d)", t.p.value(f.BeforeName), id)
	}
	return t.p.value(f.BeforeName)
}

// one prints what is said of one object.
func (t *groupText) one(c *Change) {
	t.first(c, "")
	for _, f := range c.Fields {
		if !f.First {
			t.field(f)
		}
	}
	t.sent(c)
	t.unstated(c)
	for _, part := range t.g.Parts[c.Address] {
		t.first(part, part.Kind+": ")
		t.unstated(part)
	}
	t.losses(c)
	t.whys(c)
}

// field prints one field, an item of a list to a line.
func (t *groupText) field(f Field) {
	if f.BeforeName != "" {
		t.p.Linef(pad+"%s: %s -> %s%s", f.Name, t.before(f), t.p.value(f.After), tail(f))
		return
	}
	for _, d := range diff.Parts(f.Name, f.Before, f.After) {
		t.p.Linef(pad+"%s: %s -> %s%s", d.Name, t.p.value(d.Old), t.p.value(d.New), tail(f))
	}
}

// tail says where a field stands, and its risks.
func tail(f Field) string {
	text := ""
	if at := f.Place.String(); at != "" {
		text = "   " + at
	}
	if len(f.Risks) > 0 {
		text += "   [" + Classes(f.Risks) + "]"
	}
	return text
}

// first prints the values of a new object.
func (t *groupText) first(c *Change, whose string) {
	var parts []string
	for _, f := range c.Fields {
		if f.First && f.After != nil {
			parts = append(parts, f.Name+": "+t.brief(f.After))
		}
	}
	if len(parts) > 0 {
		t.p.Linef(pad+"%s%s", whose, strings.Join(parts, "; "))
	}
}

// brief shows a value of a new object; of a long list, how many items it has.
func (t *groupText) brief(v any) string {
	text := t.p.value(v)
	if list, ok := v.([]any); ok && len(text) > most && !t.p.all {
		return count(len(list), "item") + " (--all shows them)"
	}
	return text
}

// sent prints what is sent beside fields.
func (t *groupText) sent(c *Change) {
	for _, name := range slices.Sorted(maps.Keys(c.Secrets)) {
		t.p.Linef(pad+"%s: will be set from %s", name, c.Secrets[name])
	}
	for _, name := range slices.Sorted(maps.Keys(c.Once)) {
		t.p.Linef(pad+"%s: %s, once", name, t.p.value(c.Once[name]))
	}
}

// unstated prints what the server fills in.
func (t *groupText) unstated(c *Change) {
	if len(c.Unstated) == 0 || !t.p.verbose {
		return
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(c.Unstated)) {
		parts = append(parts, name+"="+t.p.value(c.Unstated[name]))
	}
	t.p.styled(faint, pad+"not stated, so: %s", strings.Join(parts, " "))
}

// losses says what goes with a deleted object, and what rings nowhere meanwhile.
func (t *groupText) losses(c *Change) {
	if len(c.Gone) > 0 {
		t.p.Linef(pad+"goes with it: %s", strings.Join(c.Gone, ", "))
	}
	if c.Loses != "" {
		t.p.Linef(pad+"loses %s", c.Loses)
	}
	if c.Follows != "" {
		t.p.Linef(pad+"may follow: %s", c.Follows)
	}
	for _, s := range c.Silent {
		t.p.Linef(pad+"%s", s)
	}
}

// gone says the same of a group.
func (t *groupText) gone() {
	children := map[string][]string{}
	for _, c := range t.g.Changes {
		for _, a := range c.Gone {
			children[kindOf(a)] = append(children[kindOf(a)], a)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(children)) {
		names, _ := Names(children[kind], 0)
		t.p.Linef(pad+"go with them: %s: %s", Plural(kind, len(children[kind])), names)
	}
	c := t.g.Changes[0]
	if c.Loses != "" {
		t.p.Linef(pad+"each loses %s", c.Loses)
	}
	if c.Follows != "" {
		t.p.Linef(pad+"may follow: %s", c.Follows)
	}
}

// whys says what is special about the calls of a change.
func (t *groupText) whys(c *Change) {
	for _, s := range t.special(c) {
		t.p.Linef(pad+"call %d of %d: %s", s.Number, len(t.r.Steps), s.Why)
	}
}

func (t *groupText) special(c *Change) []Step {
	var out []Step
	for _, n := range c.Steps {
		if n < 1 || n > len(t.r.Steps) { // whoever edits a saved plan can say so
			continue
		}
		s := t.r.Steps[n-1]
		if s.Why != "" && s.Deletes == "" && len(s.Changes) == 1 {
			out = append(out, s)
		}
	}
	return out
}

// created says what new objects of a kind have in common, and what each has of its own.
func (t *groupText) created() {
	common, own := t.common(t.g.Changes)
	if len(common) > 0 {
		t.p.Linef(pad+"each with %s", strings.Join(common, "; "))
	}
	if len(own) > 0 {
		t.p.Linef(pad+"and with %s of their own (--all shows them)", someFields(own))
	}
	var parts []*Change
	for _, c := range t.g.Changes {
		parts = append(parts, t.g.Parts[c.Address]...)
	}
	if len(parts) > 0 {
		common, own := t.common(parts)
		if len(own) > 0 {
			common = append(common, someFields(own)+" of their own")
		}
		t.p.Linef(pad+"%s: %s", Plural(parts[0].Kind, len(parts)), strings.Join(common, "; "))
	}
}

// someFields names the first of many fields.
func someFields(names []string) string {
	const most = 6
	if len(names) > most+1 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d other fields", len(names)-most)
	}
	return strings.Join(names, ", ")
}

func (t *groupText) common(list []*Change) (common, own []string) {
	said := map[string]map[string]int{} // field -> value in words -> how often
	for _, c := range list {
		for _, f := range c.Fields {
			if f.After == nil {
				continue
			}
			if said[f.Name] == nil {
				said[f.Name] = map[string]int{}
			}
			said[f.Name][t.p.value(f.After)]++
		}
		for name := range c.Secrets {
			if said[name] == nil {
				said[name] = map[string]int{}
			}
			said[name][""]++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(said)) {
		values := slices.Collect(maps.Keys(said[name]))
		if len(values) == 1 && said[name][values[0]] == len(list) && values[0] != "" {
			common = append(common, name+": "+values[0])
		} else {
			own = append(own, name)
		}
	}
	return common, own
}
