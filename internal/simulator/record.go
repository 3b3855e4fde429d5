package simulator

import (
	"encoding/json"
	"net/http"
	"time"

	"pbxsync/internal/faults"
)

// What a record is about.
const (
	RecordCall  = "call"  // a request for the API
	RecordToken = "token" // a request for a token
	RecordLate  = "late"  // a call that was carried out after its client had gone
	RecordEdit  = "edit"  // a write by another client
)

// Record is a line of the history by which a run can be judged later: what was
// asked, what went wrong, what was changed, and what the client was told. It
// holds no secret: of bodies there are digests (see Server.Digest), of calls for
// tokens nothing.
type Record struct {
	What     string        `json:"what"`
	Number   int64         `json:"number"` // of the call, in the order of arrival; of an edit: of the call that it came before
	Start    time.Duration `json:"start_ns"`
	End      time.Duration `json:"end_ns"`
	Method   string        `json:"method,omitempty"`
	Path     string        `json:"path,omitempty"` // below the API's base, with the query
	Template string        `json:"template,omitempty"`
	Body     string        `json:"body,omitempty"` // digest
	Faults   []Fault       `json:"faults,omitempty"`

	Committed bool    `json:"committed"`         // something was written
	Kind      string  `json:"kind,omitempty"`    // of what was or would have been written
	IDs       []int64 `json:"ids,omitempty"`     // of what was written, as far as the answer or the path tells
	Server    int     `json:"server,omitempty"`  // the status that the server had for the call, if it was carried out
	Status    int     `json:"status,omitempty"`  // the status that was sent
	Answered  bool    `json:"answered"`          // the answer was sent whole
	Foreign   bool    `json:"foreign,omitempty"` // by another client
	Error     string  `json:"error,omitempty"`   // why an edit was not made
}

// Fault is a rule that met the call.
type Fault struct {
	Do   faults.Do `json:"do"`
	Rule int       `json:"rule"` // from 1
	Nth  int       `json:"nth"`  // which of the calls that the rule matches
}

func faultsOf(fired []faults.Fired) []Fault {
	var out []Fault
	for _, f := range fired {
		out = append(out, Fault{f.Do, f.Index + 1, f.Nth})
	}
	return out
}

// note puts what the server did into the record.
func (r *Record) note(m match, answer *reply) {
	r.Server = answer.code()
	r.Committed = r.What != RecordToken && r.Method != http.MethodGet && r.Server/100 == 2
	if !r.Committed {
		return
	}
	if !m.at.item && r.Method == http.MethodPost {
		r.IDs = idsOf(answer.body)
	} else if n := len(m.vars); m.at.item && n > 0 && number(m.vars[n-1]) != 0 {
		r.IDs = []int64{number(m.vars[n-1])}
	}
}

// idsOf returns the ids of the object in an answer, or of those in a list.
func idsOf(body []byte) []int64 {
	type object struct {
		ID int64 `json:"id"`
	}
	var one object
	var many []object
	if json.Unmarshal(body, &one) == nil && one.ID != 0 {
		return []int64{one.ID}
	}
	var ids []int64
	if json.Unmarshal(body, &many) == nil {
		for _, o := range many {
			if o.ID != 0 {
				ids = append(ids, o.ID)
			}
		}
	}
	return ids
}
