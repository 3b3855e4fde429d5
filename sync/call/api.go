package call

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
