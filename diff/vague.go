package diff

import "pbxsync/schema"

// doubt is the problem of a declared object that may be any of some live ones. None of them
// is compared: what would come of that is a guess. Only what writes needs the answer.
func (l *Live) doubt(o *schema.Object, candidates []*schema.Object, p schema.Problem) schema.Problem {
	l.vague[o] = true
	for _, live := range candidates {
		l.vague[live] = true
	}
	p.Address, p.Asked = o.Address(), true
	return p
}

// Vague reports whether it has to be said first which object, declared or live, this one or
// what it is below is.
func (l *Live) Vague(o *schema.Object) bool {
	return o != nil && (l.vague[o] || l.Vague(o.Parent))
}
