package sync

import (
	"context"
	"fmt"
	"net/http"
)

// Journal puts down what a run does. Each method returns when its line is on
// disk. Calls may come at the same time.
type Journal interface {
	// Intent comes before a call is sent. If it fails, the call is not sent.
	Intent(Intent) error
	// Ack says that the call of a step was carried out, and which object it made.
	Ack(step int, id int64) error
	// Failed says that the call of a step was certainly not carried out.
	Failed(step int, why string) error
	// Unknown says that nobody knows whether the call of a step was carried out.
	Unknown(step int, why string) error
}

// Intent is a call that is about to be sent. Body holds secrets: a journal may
// keep no more of it than a digest that needs a key.
type Intent struct {
	Step      int
	Attempt   int
	Method    string
	Path      string
	Kind      string
	Addresses []string
	Creates   bool
	Key       string                      // of the object to be made or changed
	Parent    int64                       // id of the parent of the object to be made
	Baseline  []int64                     // ids of the live objects that have its key already
	Object    int64                       // id of the object to be changed
	Sends     map[string]map[string]int64 // address -> secret field -> version
	Body      map[string]any
}

// Records tell what the API cannot, from the journals of earlier runs.
type Records struct {
	Where     string                     // for people
	None      bool                       // there are none, though there may have been runs
	Sent      map[string]map[string]Sent // address -> field -> what was sent last
	Seen      map[Name][]Seen            // objects that runs made or changed, oldest first
	Unsettled map[Name]string            // the run and step that may have made it
}

// Seen is an object that a run made or changed, and what the files called it.
type Seen struct {
	Address string
	ID      int64
}

// Name is what the tenant calls an object.
type Name struct{ Kind, Key string }

// Sent is a secret that was sent: the version in the file, and to which object.
type Sent struct{ Version, ID int64 }

// intent says what a step is about to send.
func (r *run) intent(s *Step, path string, body map[string]any) Intent {
	i := Intent{Step: s.Number, Attempt: 1, Method: s.Method, Path: path, Addresses: s.Changes, Body: body, Baseline: s.baseline}
	if o := s.subject; o != nil {
		i.Kind, i.Key = o.Kind.Word, o.NaturalKey()
	}
	if o := s.makes; o != nil {
		i.Creates = true
		if o.Parent != nil {
			i.Parent = r.idOf(o.Parent.Symbol())
		}
	} else if s.Method != http.MethodPost {
		i.Object = r.idOf(s.Changes[0])
	}
	for name, v := range s.Body {
		if v, ok := v.(SecretOf); ok {
			if i.Sends == nil {
				i.Sends = map[string]map[string]int64{s.Changes[0]: {}}
			}
			i.Sends[s.Changes[0]][name] = v.From.Version
		}
	}
	return i
}

// attempt puts a call down, sends it once, and puts down what came of it.
func (r *run) attempt(ctx context.Context, i Intent, res result) result {
	if res.broken = r.journal.Intent(i); res.broken != nil {
		res.err = fmt.Errorf("%w; the call was not sent", res.broken)
		return res
	}
	res = r.send(ctx, i.Body, res)
	switch {
	case res.err == nil:
		res.broken = r.journal.Ack(i.Step, res.id)
	case Doubtful(res.err):
		res.broken = r.journal.Unknown(i.Step, reason(res.err))
	default:
		res.broken = r.journal.Failed(i.Step, reason(res.err))
	}
	return res
}

// reason says why a call failed without a word of the server's: it may repeat a
// secret that was sent.
func reason(err error) string {
	if status := Status(err); status != 0 {
		return fmt.Sprintf("the server answered %d", status)
	}
	return "no answer that tells"
}

// noJournal is the journal of a run that keeps none.
type noJournal struct{}

func (noJournal) Intent(Intent) error       { return nil }
func (noJournal) Ack(int, int64) error      { return nil }
func (noJournal) Failed(int, string) error  { return nil }
func (noJournal) Unknown(int, string) error { return nil }
