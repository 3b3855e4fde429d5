package policy

import (
	"fmt"
	"maps"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/wording"
	"pbxsync/sync/plan"
)

// Words of an example.
const (
	wordTells  = "tells"
	wordName   = "name"
	wordPrefix = "prefix"
)

// examples holds a policy against its examples: each gives what the policy is asked about and
// says whether it is broken, and may say with which message. A policy needs one that breaks it
// and one that does not, or its examples would pass with any expression.
func (p *parser) examples(made *Policy, item file.Setting, e map[string]file.SettingEntry) {
	list := e[wordExamples].Value.Items
	tried := map[bool]int{}
	for _, x := range list {
		if denied, ok := p.example(made, x); ok {
			tried[denied]++
		}
	}
	if len(list) == 0 || tried[true] == 0 || tried[false] == 0 {
		p.Report(item.Place, "add examples: a list with - {deny: true, "+string(made.Each)+": {...}} and one with deny: false", "the policy needs an example that breaks it and one that does not")
	}
}

func (p *parser) example(made *Policy, x file.Setting) (denied, ok bool) {
	about := string(made.Each)
	words := []string{wordDeny, wordTells, about}
	if made.Each == WholePlan {
		words = append(words, nameTenant)
	}
	e := p.Entries(x, words)
	denied, isTruth := e[wordDeny].Value.Value.(bool)
	if _, given := e[about]; !isTruth || !given && made.Each != WholePlan {
		p.Report(x.Place, "write {deny: true, "+about+": {...}}", "an example says what it is about and whether that is denied")
		return false, false
	}
	before := len(p.Problems)
	s := p.subject(made.Each, e)
	if len(p.Problems) > before {
		return denied, true
	}
	found := Set{made}.Judge(s)
	p.compare(made, x, e, denied, found)
	return denied, true
}

// compare says where an example does not come out as it says.
func (p *parser) compare(made *Policy, x file.Setting, e map[string]file.SettingEntry, denied bool, found []plan.Finding) {
	tells, told := e[wordTells].Value.Value.(string)
	switch {
	case denied && len(found) == 0:
		p.Report(x.Place, "mend the expression or the example", "the policy %s lets this example pass", made.ID)
	case !denied && len(found) > 0:
		p.Report(x.Place, "mend the expression or the example", "the policy %s denies this example: %s", made.ID, found[0].Message)
	case denied && told && found[0].Message != tells:
		p.Report(e[wordTells].Place, "mend the message or the example", "the policy %s tells %q of this example", made.ID, found[0].Message)
	}
}

// subject is what an example gives. What it leaves out is null.
func (p *parser) subject(each Each, e map[string]file.SettingEntry) *Subject {
	s := &Subject{}
	switch each {
	case EachChange:
		s.Plan.Changes = []Change{p.change(e[nameChange].Value)}
	case EachObject:
		s.Tenant.Objects = []Object{p.object(e[nameObject].Value)}
	case WholePlan:
		for _, x := range p.Entries(e[namePlan].Value, []string{"changes"})["changes"].Value.Items {
			s.Plan.Changes = append(s.Plan.Changes, p.change(x))
		}
		t := p.Entries(e[nameTenant].Value, []string{wordName, wordPrefix, "objects"})
		s.Tenant.Name, _ = t[wordName].Value.Value.(string)
		s.Tenant.Prefix, _ = t[wordPrefix].Value.Value.(string)
		for _, x := range t["objects"].Value.Items {
			s.Tenant.Objects = append(s.Tenant.Objects, p.object(x))
		}
	}
	return s
}

func (p *parser) change(x file.Setting) Change {
	e := p.Entries(x, []string{"address", "kind", "action", "before", "after", "fields", "risks"})
	c := Change{Action: "update"}
	var k *schema.Kind
	k, c.Kind, c.Key, c.Address, c.Parent = p.about(x, e)
	if action, stated := e["action"].Value.Value.(string); stated {
		c.Action = action
	}
	c.Before, c.After = p.fields(k, e["before"].Value), p.fields(k, e["after"].Value)
	c.Fields, c.Risks = texts(e["fields"].Value), texts(e["risks"].Value)
	return c
}

func (p *parser) object(x file.Setting) Object {
	e := p.Entries(x, []string{"address", "kind", "declared", "values"})
	o := Object{Declared: true}
	var k *schema.Kind
	k, o.Kind, o.Key, o.Address, o.Parent = p.about(x, e)
	if declared, stated := e["declared"].Value.Value.(bool); stated {
		o.Declared = declared
	}
	o.Values = p.fields(k, e["values"].Value)
	return o
}

// about reads what identifies an object in an example: its address, from which its kind
// follows, or the kind alone.
func (p *parser) about(x file.Setting, e map[string]file.SettingEntry) (k *schema.Kind, kind, key, address, parent string) {
	address, _ = e["address"].Value.Value.(string)
	kind, _ = e["kind"].Value.Value.(string)
	if address != "" {
		parts := strings.Split(address, "/")
		named := len(parts) - 1
		if p.catalogue.Kind(parts[named]) == nil && named > 0 {
			named--
			key = strings.NewReplacer("%2F", "/", "%25", "%").Replace(parts[named+1])
		}
		kind, parent = parts[named], strings.Join(parts[:named], "/")
	}
	if k = p.catalogue.Kind(kind); k == nil {
		p.Report(x.Place, "write kind: WORD or address: KIND/KEY", "the example names no kind that there is")
	}
	return k, kind, key, address, parent
}

// fields are all fields of a kind, with the values that an example states.
func (p *parser) fields(k *schema.Kind, x file.Setting) map[string]any {
	if k == nil {
		return nil
	}
	out := values(k)
	var names []string
	for name := range maps.Keys(out) {
		names = append(names, name)
	}
	for _, e := range x.Entries {
		if _, known := out[e.Key]; !known {
			p.Report(e.Place, strings.TrimPrefix(wording.DidYouMean(e.Key, names), "; "), "%s has no field %s", k.Word, wording.Value(e.Key))
			continue
		}
		out[e.Key] = e.Value.Plain()
	}
	return out
}

func texts(x file.Setting) []string {
	var out []string
	for _, item := range x.Items {
		out = append(out, fmt.Sprint(item.Plain()))
	}
	return out
}
