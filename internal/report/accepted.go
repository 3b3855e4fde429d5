package report

import "pbxsync/diff"

// accepted prints what differs and is let be.
func accepted(p *Printer, list []Accepted) {
	if len(list) == 0 {
		return
	}
	p.styled(bold, "Accepted, so no difference:")
	for _, a := range list {
		switch a.Action {
		case diff.Create:
			p.Linef("  %s is not in the tenant; until %s: %s   %s", a.Address, a.Until, a.Why, a.Place)
		case diff.Delete:
			p.Linef("  %s is in no file; until %s: %s   %s", a.Address, a.Until, a.Why, a.Place)
		default:
			p.Linef("  %s: %s is %s, in the files %s; until %s: %s   %s", a.Address, a.Field, p.value(a.Old), p.value(a.New), a.Until, a.Why, a.Place)
		}
	}
}
