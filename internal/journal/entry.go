package journal

import (
	"encoding/json"

	"pbxsync/sync/record"
)

// Format is the version of the lines. A reader refuses one that it does not know.
const Format = 1

// Type says what an entry is about.
type Type string

// The types of entries.
const (
	TypeHeader    Type = "header"    // the first line: which run this is
	TypeIntent    Type = "intent"    // a call is about to be sent
	TypeAck       Type = "ack"       // it was carried out
	TypeFailed    Type = "failed"    // it was certainly not carried out
	TypeUnknown   Type = "unknown"   // it is not known whether it was carried out
	TypeFinished  Type = "finished"  // the run has ended by itself
	TypePlan      Type = "plan"      // what the run is going to do
	TypeBefore    Type = "before"    // an object as it was before the run changed it
	TypeSettled   Type = "settled"   // what became of a call of an earlier run
	TypeRespelled Type = "respelled" // the server keeps another form of what was sent
	TypeVerified  Type = "verified"  // the tenant was read again, and is as wanted
	TypePruned    Type = "pruned"    // what records told that were taken away
)

// Entry is one line.
type Entry struct {
	Type     Type      `json:"type"`
	At       string    `json:"at"`      // wall time
	Elapsed  int64     `json:"elapsed"` // microseconds since the run began, whatever the clock does
	Step     int       `json:"step,omitempty"`
	ID       int64     `json:"id,omitempty"`  // ack: of a new object
	Why      string    `json:"why,omitempty"` // failed, unknown
	Header   *Header   `json:"header,omitempty"`
	Intent   *Intent   `json:"intent,omitempty"`
	Finished *Finished `json:"finished,omitempty"`

	Plan      json.RawMessage   `json:"plan,omitempty"` // as it is saved
	Before    *record.Object    `json:"before,omitempty"`
	Settled   *record.Settled   `json:"settled,omitempty"`
	Respelled *record.Respelled `json:"respelled,omitempty"`
	Verified  *record.Verified  `json:"verified,omitempty"`
	Pruned    *Pruned           `json:"pruned,omitempty"`
}

// Header says which run wrote a record.
type Header struct {
	Format int    `json:"format"`
	Run    string `json:"run"`
	Tool   string `json:"tool"`
	Host   string `json:"host"`   // the machine that ran it
	Server string `json:"server"` // as the folder of the record is called
	Client int64  `json:"client_id"`
	Name   string `json:"name"`
	Prefix string `json:"prefix"`
	Plan   string `json:"plan"` // digest of the plan
	Steps  int    `json:"steps"`

	Previous *Previous `json:"previous,omitempty"` // nil: the first, or of a version that kept none
}

// Previous is the record before this one in its folder, as it was when this run began: what is
// missing or was changed since can be told by it.
type Previous struct {
	Run    string `json:"run"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Intent is a call that is about to be sent.
type Intent struct {
	Method   string                      `json:"method"`
	Path     string                      `json:"path"`
	Kind     string                      `json:"kind,omitempty"`
	Address  []string                    `json:"address"`
	Creates  bool                        `json:"creates,omitempty"`
	Key      string                      `json:"key,omitempty"`       // of the object to be made or changed
	Parent   int64                       `json:"parent_id,omitempty"` // of the object to be made
	Baseline []int64                     `json:"baseline,omitempty"`  // ids that had this key before the run
	Object   int64                       `json:"object_id,omitempty"` // of the object to be changed
	Body     string                      `json:"body,omitempty"`      // HMAC-SHA256 of what is sent
	Sent     map[string]any              `json:"sent,omitempty"`      // of that, what is no secret and no file; of creates only
	Sends    map[string]map[string]int64 `json:"sends,omitempty"`     // address -> secret field -> its version
	Attempt  int                         `json:"attempt"`
}

// Finished counts the steps of a run that has ended by itself.
type Finished struct {
	Done        int  `json:"done"`
	Failed      int  `json:"failed"`
	Skipped     int  `json:"skipped"`
	Interrupted bool `json:"interrupted,omitempty"`
}
