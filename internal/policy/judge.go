package policy

import (
	"fmt"
	"pbxsync/sync/plan"
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Judge returns what of a subject breaks a policy, the worst first. A policy that cannot be
// asked is a finding of its severity too: what is not known to be right is not let pass.
func (s Set) Judge(about *Subject) []plan.Finding {
	var out []plan.Finding
	for _, p := range s {
		for _, q := range p.questions(about) {
			if f, broken := p.ask(q, len(about.Tenant.Objects)); broken {
				out = append(out, f)
			}
		}
	}
	return sorted(out)
}

// question is one evaluation of a policy.
type question struct {
	address string
	vars    map[string]any
	whole   bool
}

func (p *Policy) questions(about *Subject) []question {
	all := func(name string, v any) map[string]any {
		vars := map[string]any{namePlan: about.Plan, nameTenant: about.Tenant}
		if name != "" {
			vars[name] = v
		}
		return vars
	}
	var out []question
	switch p.Each {
	case EachChange:
		for _, c := range about.Plan.Changes {
			if p.isAbout(c.Kind) {
				out = append(out, question{c.Address, all(nameChange, c), false})
			}
		}
	case EachObject:
		for _, o := range about.Tenant.Objects {
			if p.isAbout(o.Kind) {
				out = append(out, question{o.Address, all(nameObject, o), false})
			}
		}
	case WholePlan:
		out = append(out, question{"", all("", nil), true})
	}
	return out
}

func (p *Policy) isAbout(kind string) bool {
	return len(p.Kinds) == 0 || slices.Contains(p.Kinds, kind)
}

// ask reports whether the answer is a finding.
func (p *Policy) ask(q question, objects int) (plan.Finding, bool) {
	if !q.whole {
		objects = 0
	}
	f := plan.Finding{ID: p.ID, Severity: p.Severity, Address: q.address, Place: p.Place}
	v, err := p.deny.ask(q.vars, objects)
	switch denied, isTruth := truth(v); {
	case err != nil:
		f.Message = fmt.Sprintf("the policy cannot be asked: %v", err)
	case !isTruth:
		f.Message = fmt.Sprintf("the policy cannot be asked: its expression gives %v, and has to be true or false", v.Type())
	case !denied:
		return plan.Finding{}, false
	default:
		f.Message = p.message.of(q.vars, objects)
	}
	return f, true
}

func truth(v ref.Val) (denied, isTruth bool) {
	if v == nil {
		return false, false
	}
	denied, isTruth = v.Value().(bool)
	return denied, isTruth
}

// plain is a value of an expression as files have it.
func plain(v ref.Val) any {
	if types.IsUnknownOrError(v) {
		return "?"
	}
	switch x := v.Value().(type) {
	case nil, bool, int64, string, float64:
		return x
	}
	return fmt.Sprint(v.Value())
}
