package sync

import (
	"fmt"
	"net/http"

	"pbxsync/schema"
)

// Journal records what a run does. Each method returns when its line is on
// disk. Calls may come at the same time.
type Journal interface {
	// Begin says what is going to be done, and what the objects that will be
	// changed were like. It comes first.
	Begin(p *Plan, before []Before) error
	// Before adds an object that only the run itself has read.
	Before(Before) error
	// Intent comes before a call is sent. If it fails, the call is not sent.
	Intent(Intent) error
	// Ack says that the call of a step was carried out, and which object it made;
	// why, how that is known where no answer told it.
	Ack(step int, id int64, why string) error
	// Respelled says, before Ack does, that the server keeps another key than was sent.
	Respelled(Respelled) error
	// Failed says that the call of a step was certainly not carried out.
	Failed(step int, why string) error
	// Unknown says that it is not known whether the call of a step was carried out.
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
	Sent      map[string]any // of Body, what is no secret and no file; of creates only
}

// Before is an object as it was before a run changed or deleted it, in the normal
// form of files. Secrets and the content of files are not in it.
type Before struct {
	Address string         `json:"address"`
	Kind    string         `json:"kind"`
	Parent  string         `json:"parent,omitempty"` // address
	Key     string         `json:"key,omitempty"`
	Name    string         `json:"name,omitempty"` // where the key is a handle
	ID      int64          `json:"id,omitempty"`
	Values  map[string]any `json:"values"`
}

// Settled says what became of a call whose outcome an earlier run did not learn.
type Settled struct {
	Run  string `json:"run"`
	Step int    `json:"step"`
	How  How    `json:"how"`
	ID   int64  `json:"id,omitempty"` // adopted: of the object
}

// How a call was settled.
type How string

// The ways to settle a call.
const (
	Adopted   How = "adopted"   // it was carried out: the object is there
	NotDone   How = "not_done"  // the object did not appear in the time that was waited
	Forgotten How = "forgotten" // a person says that nothing is there
)

// Verified is what a run leaves for the guards of the next one: how many objects of
// each kind the tenant had when it was read again, and the patterns that protected some
// in the files.
type Verified struct {
	Objects   map[string]int `json:"objects"`
	Protected []string       `json:"protected,omitempty"`

	// Versions are those of the secrets that the tenant is taken to have: address -> field.
	Versions map[string]map[string]Sent `json:"versions,omitempty"`
}

// Records tell what the API cannot, from the journals of earlier runs.
type Records struct {
	Where string                     // for people
	told  bool                       // it was said that there are none
	None  bool                       // there are none, though there may have been runs
	Sent  map[string]map[string]Sent // address -> field -> what was sent last
	Seen  map[Name][]Seen            // objects that runs made or changed, oldest first
	Open  []Open                     // creates whose outcome is not known, oldest first
	// Respelled is what the server keeps in another form than it was sent, oldest first.
	Respelled []Respelled
	Verified  *Verified // of the last run whose tenant was as wanted
}

// Open is a create of an earlier run whose outcome is not known.
type Open struct {
	Run     string
	Step    int
	Address string
	Intent
}

// String names the run and the step.
func (o *Open) String() string { return fmt.Sprintf("run %s, step %d", o.Run, o.Step) }

// unsettled returns the create that may have made an object, or nil.
func (k *Records) unsettled(o *schema.Object) *Open {
	for i := range k.Open {
		if x := &k.Open[i]; x.Kind == o.Kind.Word && x.Key == o.NaturalKey() {
			return x
		}
	}
	return nil
}

// Seen is an object that a run made or changed, and what the files called it.
type Seen struct {
	Address string
	ID      int64
	Settled string // the run and step, where nothing but a word says that it was made
}

// Name is what the tenant calls an object.
type Name struct{ Kind, Key string }

// Sent is a secret that was sent: the version in the file, and to which object.
type Sent struct {
	Version  int64 `json:"version"`
	ID       int64 `json:"id,omitempty"`
	Doubtful bool  `json:"doubtful,omitempty"` // the answer to the call that sent it was lost
}

// intent says what a step is about to send.
func (r *run) intent(s *Step, path string, body map[string]any) Intent {
	i := Intent{Step: s.Number, Attempt: 1, Method: s.Method, Path: path, Addresses: s.Changes, Body: body, Baseline: s.baseline}
	if o := s.subject; o != nil {
		i.Kind, i.Key = o.Kind.Word, o.NaturalKey()
	}
	if o := s.makes; o != nil {
		i.Creates, i.Sent = true, sent(s, body)
		i.Kind, i.Key = o.Kind.Word, o.NaturalKey()
		if o.Kind.Tenant.ID != "" {
			i.Key = r.tenant.Name
		}
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

// sent returns what of a body may be written down.
func sent(s *Step, body map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range body {
		switch s.Body[name].(type) {
		case SecretOf, FileOf:
		default:
			out[name] = v
		}
	}
	return out
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

func (noJournal) Begin(*Plan, []Before) error  { return nil }
func (noJournal) Before(Before) error          { return nil }
func (noJournal) Intent(Intent) error          { return nil }
func (noJournal) Respelled(Respelled) error    { return nil }
func (noJournal) Ack(int, int64, string) error { return nil }
func (noJournal) Failed(int, string) error     { return nil }
func (noJournal) Unknown(int, string) error    { return nil }
