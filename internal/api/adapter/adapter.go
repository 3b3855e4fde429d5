package adapter

import (
	"context"

	"pbxsync/internal/api"
	"pbxsync/schema"
	"pbxsync/sync/call"
)

var (
	_ call.Reader = Reader{}
	_ call.Writer = Writer{}
)

// Reader is a client without any way to write: plan, drift and check get no other.
type Reader struct{ client *api.Client }

// Read returns the reading half of a client.
func Read(client *api.Client) Reader { return Reader{client} }

// Get reads one answer.
func (r Reader) Get(ctx context.Context, path string) (any, error) { return r.client.Get(ctx, path) }

// List reads every row of a list.
func (r Reader) List(ctx context.Context, path string, how schema.Listing) ([]map[string]any, int, int, error) {
	l, err := r.client.List(ctx, path, api.Listing(how))
	return l.Rows, l.Pages, l.Extra, err
}

// Download reads the content of a file.
func (r Reader) Download(ctx context.Context, path string, most int64) ([]byte, error) {
	return r.client.Download(ctx, path, most)
}

// Writer can write too. Only apply gets it.
type Writer struct{ Reader }

// Write returns a client that may write.
func Write(client *api.Client) Writer { return Writer{Read(client)} }

// Send makes one writing call.
func (w Writer) Send(ctx context.Context, method, path string, body map[string]any) (map[string]any, error) {
	return w.client.Send(ctx, method, path, body)
}

// SendForm posts a form with a file.
func (w Writer) SendForm(ctx context.Context, path string, fields map[string]string, f call.File) (map[string]any, error) {
	return w.client.SendForm(ctx, path, fields, f.Field, f.Name, f.Data)
}
