package journal

import (
	"net/http"

	"pbxsync/sync/record"
	"pbxsync/sync/undo"
)

// Past returns what the records tell of a run for those who want to undo it, nil where
// the run did not come so far as to change anything.
func Past(records []*Record, run string) (*undo.Past, error) {
	settled := settlements(records)
	for _, r := range records {
		if r.Run == run {
			return r.past(settled)
		}
	}
	return nil, nil
}

func (r *Record) past(settled map[settlement]*record.Settled) (*undo.Past, error) {
	plan, err := r.Planned()
	if plan == nil || err != nil {
		return nil, err
	}
	p := &undo.Past{Run: r.Run, Plan: plan, Before: r.Before(), Begun: map[int]bool{}, Made: map[int]int64{}}
	for _, s := range r.Steps() {
		said := settled[settlement{r.Run, s.Number}]
		switch {
		case s.Outcome == TypeAck:
			p.Begun[s.Number], p.Made[s.Number] = true, s.ID
		case s.Outcome != TypeUnknown:
		case !s.Intent.Creates || s.Intent.Method != http.MethodPost:
			p.Begun[s.Number] = true // the tenant tells whether it was carried out
		case said == nil:
			p.Open = append(p.Open, s.Number)
		case said.How == record.Adopted:
			p.Begun[s.Number], p.Made[s.Number] = true, said.ID
		}
	}
	return p, nil
}
