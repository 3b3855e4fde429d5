package journal

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"pbxsync/sync/record"
)

// Known folds records, oldest first, into what they tell and the API cannot.
// Only what was acknowledged, or settled later, counts.
func Known(records []*Record) *record.Records {
	k := nothingKnown()
	k.None = len(records) == 0
	settled := settlements(records)
	for _, r := range records {
		foldRecord(k, r, settled)
	}
	return k
}

func nothingKnown() *record.Records {
	return &record.Records{Sent: map[string]map[string]record.Sent{}, Seen: map[record.Name][]record.Seen{}}
}

// foldRecord adds what one record tells to what those before it told.
func foldRecord(k *record.Records, r *Record, settled map[settlement]*record.Settled) {
	for _, s := range r.Steps() {
		fold(k, r.Run, s, settled[settlement{r.Run, s.Number}])
	}
	for _, e := range r.Entries {
		switch e.Type {
		case TypeVerified:
			k.Verified = later(k.Verified, e.Verified)
			vouched(k, e.Verified.Versions)
		case TypeRespelled:
			k.Respelled = append(k.Respelled, *e.Respelled)
		case TypePruned:
			e.Pruned.add(k)
		}
	}
}

type settlement struct {
	run  string
	step int
}

// settlements returns what later runs, or people, said of calls. The last word counts.
func settlements(records []*Record) map[settlement]*record.Settled {
	out := map[settlement]*record.Settled{}
	for _, r := range records {
		for _, e := range r.Entries {
			if e.Type == TypeSettled {
				out[settlement{e.Settled.Run, e.Settled.Step}] = e.Settled
			}
		}
	}
	return out
}

func fold(k *record.Records, run string, s *Step, settled *record.Settled) {
	switch {
	case s.Outcome == TypeUnknown && s.Intent.Creates && settled == nil:
		k.Open = append(k.Open, s.open(run))
	case s.Outcome == TypeUnknown && settled != nil && settled.How == record.Adopted:
		take(k, s, settled.ID, fmt.Sprintf("run %s, step %d", run, s.Number))
	case s.Intent.Method == http.MethodDelete && s.Outcome != TypeFailed:
		fewer(k.Verified, s)
		if s.Outcome == TypeAck {
			forget(k, s.Intent)
		}
	case s.Outcome != TypeAck:
	default:
		take(k, s, max(s.Intent.Object, s.ID), "")
	}
}

// take notes an object that a step made or changed, and what it sent.
func take(k *record.Records, s *Step, id int64, settled string) {
	name := record.Name{Kind: s.Intent.Kind, Key: s.Intent.Key}
	if name.Kind != "" && id > 0 {
		see(k, name, record.Seen{Address: s.address(), ID: id, Settled: settled})
	}
	for address, fields := range s.Intent.Sends {
		if k.Sent[address] == nil {
			k.Sent[address] = map[string]record.Sent{}
		}
		for field, version := range fields {
			k.Sent[address][field] = record.Sent{Version: version, ID: id, Doubtful: settled != ""}
		}
	}
}

// see notes an object that runs made or changed, once.
func see(k *record.Records, name record.Name, seen record.Seen) {
	if !slices.ContainsFunc(k.Seen[name], func(o record.Seen) bool { return o.ID == seen.ID }) {
		k.Seen[name] = append(k.Seen[name], seen)
	}
}

// forget drops what was sent to an object that is gone, and to what went with it. Where the
// step was for an heir of another name, that has been sent something too, under its own id.
func forget(k *record.Records, i *Intent) {
	for n, a := range i.Address {
		maps.DeleteFunc(k.Sent[a], func(_ string, sent record.Sent) bool {
			return n > 0 || i.Object == 0 || sent.ID == 0 || sent.ID == i.Object
		})
	}
}

func (s *Step) address() string {
	if len(s.Intent.Address) == 0 {
		return ""
	}
	return s.Intent.Address[0]
}

// open returns a create that is still to be settled.
func (s *Step) open(run string) record.Open {
	i := s.Intent
	return record.Open{Run: run, Step: s.Number, Address: s.address(), Intent: record.Intent{Step: s.Number, Attempt: i.Attempt, Method: i.Method,
		Path: i.Path, Kind: i.Kind, Addresses: i.Address, Creates: true, Key: i.Key, Parent: i.Parent, Baseline: i.Baseline, Sends: i.Sends, Sent: i.Sent}}
}
