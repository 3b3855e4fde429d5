package plan

// Guard is a refusal that protects the tenant: what was found, and the way out.
type Guard struct{ Message, Hint string }

// Error returns the refusal with its way out.
func (g *Guard) Error() string {
	if g.Hint == "" {
		return g.Message
	}
	return g.Message + "; " + g.Hint
}
