package observe

// Calls counts the reading calls of a run. Lists and Items are what the promise
// of the fewest calls covers; the others are counted apart.
type Calls struct {
	Lists  int `json:"lists"`            // pages of lists
	Items  int `json:"items"`            // objects that have only an item call, and downloads
	Tenant int `json:"tenant"`           // finding the tenant itself
	Limits int `json:"limits"`           // the tenant's limits
	Extra  int `json:"extra"`            // pages after a doubtful one
	Losses int `json:"losses,omitempty"` // what goes with deleted objects
	Second int `json:"second"`           // second passes over lists from which absence is concluded
	Again  int `json:"again"`            // reading the tenant again after the last write
	// Checks looked at objects right before they were written to, Settling for what
	// became of calls without an answer.
	Checks   int `json:"checks,omitempty"`
	Settling int `json:"settling,omitempty"`
	Ended    int `json:"ended,omitempty"` // writes: to end what deleted objects left behind
	Token    int `json:"token"`           // asking for a token
	// Downloads are those of the items whose content was compared; Bytes is what they took.
	Downloads int   `json:"downloads,omitempty"`
	Bytes     int64 `json:"bytes,omitempty"`
}

// Reads is the number that the promise covers.
func (c Calls) Reads() int { return c.Lists + c.Items }
