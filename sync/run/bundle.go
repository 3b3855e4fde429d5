package run

import (
	"pbxsync/schema"
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

// byKeys reports whether the keys of a value are references.
func byKeys(f *schema.Field) bool { return f.Members != nil }

// linked reports whether a step of the run said who belongs together, which changes a field.
func (t *trace) linked(k *schema.Kind, f *schema.Field) bool {
	return f.Shared && k.Bundle != nil && len(t.wrote[k.Word+" "+k.Bundle.Field.Name]) > 0
}
