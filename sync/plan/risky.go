package plan

import (
	"fmt"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/risk"
	"pbxsync/schema/wording"
)

// LockOut is the word by which a plan is approved that takes the last object away of which
// one has to stay.
const LockOut = "lock-out"

// Approvals are the words that approve what a plan can do to people.
func Approvals() []string { return append(risk.Words(), LockOut) }

// Risky refuses the classes of risk that have to be approved, and what may never happen by the
// way: that the last object goes of which one has to stay.
func Risky(s *Basis, p *Plan, failOn []risk.Class, approved []string) []*Guard {
	var out []*Guard
	if !slices.Contains(approved, LockOut) {
		out = lockedOut(s)
	}
	for _, class := range unapproved(slices.Concat(failOn, p.Review), approved) {
		if who := p.Of(class); len(who) > 0 {
			out = append(out, Needs("risk", "--approve", []string{string(class)}, "", toldOf(class, "change", who)))
		}
	}
	return out
}

// Happened refuses the classes of risk of what happened in the tenant, which is looked at and not
// changed. What is pending did not happen yet.
func Happened(s *Basis, p *Plan, pending map[string]bool, failOn []risk.Class, approved []string) []*Guard {
	var out []*Guard
	for _, class := range unapproved(failOn, approved) {
		who := slices.DeleteFunc(p.Of(class), func(address string) bool { return pending[address] })
		for _, stray := range s.Diff.Strays {
			if slices.Contains(Appeared(stray.Object), class) {
				who = append(who, stray.Object.KnownAs())
			}
		}
		if len(who) > 0 {
			out = append(out, &Guard{ID: "risk", Flag: "--approve", Values: []string{string(class)}, Message: toldOf(class, "difference", who),
				Hint: "look who did that; --approve " + string(class) + " lets it pass"})
		}
	}
	return out
}

func unapproved(classes []risk.Class, approved []string) []risk.Class {
	return slices.DeleteFunc(risk.Sorted(classes), func(c risk.Class) bool { return slices.Contains(approved, string(c)) })
}

func toldOf(class risk.Class, what string, who []string) string {
	return fmt.Sprintf("%s: %s (%s): %s", class, wording.CountOf(len(who), what), class.Meaning(), Some(who))
}

// Of returns the addresses of the changes that are of a class of risk.
func (p *Value) Of(class risk.Class) []string {
	var out []string
	for _, c := range p.Changes {
		if slices.Contains(c.Risks, class) {
			out = append(out, c.Address)
		}
	}
	return out
}

// lockedOut finds kinds of which no object stays that has to.
func lockedOut(s *Basis) []*Guard {
	var out []*Guard
	leaving := diff.Leaving(s.Diff.Changes)
	seen := map[*schema.Kind]bool{}
	for _, ch := range s.Diff.Changes {
		k := ch.Object().Kind
		keeps := k.Risks.Keeps
		if keeps == nil || seen[k] {
			continue
		}
		seen[k] = true
		if lost := lastOf(s, k, leaving); len(lost) > 0 {
			out = append(out, Needs(LockOut, "--approve", []string{LockOut}, "",
				fmt.Sprintf("after this plan %s: %s", keeps.Else, strings.Join(lost, ", "))))
		}
	}
	return out
}

// lastOf says what becomes of the objects of a kind of which one has to stay, where none does.
func lastOf(s *Basis, k *schema.Kind, leaving map[*schema.Object]bool) []string {
	keeps, changed, lost := k.Risks.Keeps, map[*schema.Object]*diff.Change{}, []string(nil)
	for _, ch := range s.Diff.Changes {
		switch {
		case ch.Action != diff.Delete && ch.Desired.Kind == k && keeps.Has(ch.Desired.Values): // made, or changed to it
			return nil
		case ch.Live != nil:
			changed[ch.Live] = ch
		}
	}
	for _, o := range s.Live.Objects {
		if o.Kind != k || o.Shared || !keeps.Has(o.Values) {
			continue
		}
		switch ch := changed[o]; {
		case diff.Gone(leaving, o):
			lost = append(lost, o.KnownAs()+" is deleted")
		case ch == nil || !ch.Sets(k.Field(keeps.Field)):
			return nil
		default:
			lost = append(lost, fmt.Sprintf("%s is no longer %s", o.KnownAs(), keeps.Is))
		}
	}
	return lost
}
