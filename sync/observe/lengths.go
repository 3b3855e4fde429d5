package observe

// lengths refuses what the plan would make with another length than the tenant has: the
// server would only say so at that step.
func (r *confirming) lengths(s *State) {
	tenant := map[string]any{}
	for _, f := range r.root.Fields {
		if r.live.New {
			tenant[f.Name] = f.Default
		}
	}
	if own := r.live.Object(r.root.Word); own != nil {
		tenant = own.Values
	}
	if own := s.Desired.Object(r.root.Word); own != nil && r.live.New {
		for name, v := range own.Values {
			tenant[name] = v
		}
	}
	for _, ch := range s.Diff.Changes {
		if !ch.Makes() {
			continue
		}
		for _, f := range ch.Desired.Kind.Fields {
			if want := ch.Desired.OtherLength(f, tenant); want != 0 {
				p := ch.Desired.WrongLength(f, want)
				p.Asked = true
				s.Problems = append(s.Problems, p)
			}
		}
	}
}
