package pattern

// Read holds patterns that were read, so that each is read once.
type Read map[string]*Pattern

// Of returns a pattern, nil for one that is not decided.
func (r Read) Of(text string) *Pattern {
	p, known := r[text]
	if !known {
		p, _ = Parse(text)
		r[text] = p
	}
	return p
}
