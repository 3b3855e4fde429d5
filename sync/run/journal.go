package run

import (
	"cmp"
	"fmt"
	"net/http"

	"pbxsync/sync/call"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// Journal records what a run does. Each method returns when its line is on
// disk. Calls may come at the same time.
type Journal interface {
	// Begin says what is going to be done, and what the objects that will be
	// changed were like. It comes first.
	Begin(p *plan.Value, before []record.Object) error
	// Before adds an object that only the run itself has read.
	Before(record.Object) error
	// Intent comes before a call is sent. If it fails, the call is not sent.
	Intent(record.Intent) error
	// Ack says that the call of a step was carried out, and which object it made;
	// why, how that is known where no answer told it.
	Ack(step int, id int64, why string) error
	// Respelled says, before Ack does, that the server keeps another key than was sent.
	Respelled(record.Respelled) error
	// Failed says that the call of a step was certainly not carried out.
	Failed(step int, why string) error
	// Unknown says that it is not known whether the call of a step was carried out.
	Unknown(step int, why string) error
}

// intent says what a step is about to send.
func (r *sending) intent(s *plan.Step, path string, body map[string]any) record.Intent {
	i := record.Intent{Step: s.Number, Attempt: 1, Method: s.Method, Path: path, Addresses: s.Changes, Body: body, Baseline: s.Baseline}
	if o := s.Subject; o != nil {
		i.Kind, i.Key = o.Kind.Word, o.NaturalKey()
	}
	if o := s.Makes; o != nil {
		i.Creates, i.Sent = true, sent(s, body)
		i.Kind, i.Key = o.Kind.Word, cmp.Or(o.NaturalKey(), r.tenant.Name) // the tenant itself has no key
		if o.Parent != nil {
			i.Parent = r.idOf(o.Parent.Symbol())
		}
	} else if s.Method != http.MethodPost {
		i.Object = r.target(s)
	}
	for name, v := range s.Body {
		if v, ok := v.(plan.SecretOf); ok {
			if i.Sends == nil {
				i.Sends = map[string]map[string]int64{s.Changes[0]: {}}
			}
			i.Sends[s.Changes[0]][name] = v.From.Version
		}
	}
	return i
}

// target returns the id of the object that a step writes to. The delete of what is replaced
// serves the change of its heir, which may be there by then.
func (r *knowledge) target(s *plan.Step) int64 {
	if len(s.Checks) > 0 {
		return s.Checks[0].Live.ID
	}
	return r.idOf(s.Changes[0])
}

// sent returns what of a body may be written down.
func sent(s *plan.Step, body map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range body {
		switch s.Body[name].(type) {
		case plan.SecretOf, plan.FileOf:
		default:
			out[name] = v
		}
	}
	return out
}

// reason says why a call failed without a word of the server's: it may repeat a
// secret that was sent.
func reason(err error) string {
	if status := call.Status(err); status != 0 {
		return fmt.Sprintf("the server answered %d", status)
	}
	return "no answer that tells"
}

// noJournal is the journal of a run that keeps none.
type noJournal struct{}

func (noJournal) Begin(*plan.Value, []record.Object) error { return nil }
func (noJournal) Before(record.Object) error               { return nil }
func (noJournal) Intent(record.Intent) error               { return nil }
func (noJournal) Respelled(record.Respelled) error         { return nil }
func (noJournal) Ack(int, int64, string) error             { return nil }
func (noJournal) Failed(int, string) error                 { return nil }
func (noJournal) Unknown(int, string) error                { return nil }
