package run

import (
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// keyed puts ids for symbols, in keys too.
func (r *sending) keyed(s *plan.Step, in plan.IDKeyed) (map[string]any, error) {
	values, err := r.filled(s, in)
	if err != nil {
		return nil, err
	}
	out := make(map[string]any, len(values))
	for key, v := range values {
		if key, err = call.Fill(key, r.idOf); err != nil {
			return nil, err
		}
		out[key] = v
	}
	return out, nil
}
