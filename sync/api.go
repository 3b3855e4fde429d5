package sync

import (
	"context"
	"errors"

	"pbxsync/schema"
)

// Reader reads the API. Paths begin with a slash below the base path. Numbers
// in answers are json.Number.
type Reader interface {
	// Get returns one decoded answer.
	Get(ctx context.Context, path string) (any, error)
	// List returns every row of a list, whatever shape it came in, how many pages were
	// read, and how many more after a doubtful one.
	List(ctx context.Context, path string, how schema.Listing) (rows []map[string]any, pages, extra int, err error)
	// Download returns the content of a file, which is an error beyond most bytes.
	Download(ctx context.Context, path string, most int64) ([]byte, error)
}

// Writer also writes. Send and SendForm return the object in the answer, or nil.
type Writer interface {
	Reader
	Send(ctx context.Context, method, path string, body map[string]any) (map[string]any, error)
	// SendForm posts fields and one file.
	SendForm(ctx context.Context, path string, fields map[string]string, file File) (map[string]any, error)
}

// File is the file of a form: the field that holds it, the name that the server is
// told, and the bytes.
type File struct {
	Field, Name string
	Data        []byte
}

// doubtful is an error after which it is not known whether the call was carried out.
type doubtful interface{ IsDoubtful() bool }

// Doubtful reports whether the outcome of a failed call is unknown.
func Doubtful(err error) bool {
	var d doubtful
	return errors.As(err, &d) && d.IsDoubtful()
}

// Status returns the HTTP status that an error carries, or 0.
func Status(err error) int {
	var s interface{ HTTPStatus() int }
	if errors.As(err, &s) {
		return s.HTTPStatus()
	}
	return 0
}

// Guard is a refusal that protects the tenant: what was found, and the way out.
type Guard struct{ Message, Hint string }

// Error returns the refusal with its way out.
func (g *Guard) Error() string {
	if g.Hint == "" {
		return g.Message
	}
	return g.Message + "; " + g.Hint
}

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
