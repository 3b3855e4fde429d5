package adapter

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pbxsync/internal/api"
	"pbxsync/schema"
	"pbxsync/sync/call"
)

// Each call reaches the server as it was asked for, and its answer comes back whole.
func TestCalls(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path == "/oauth/token":
			_, _ = io.WriteString(w, `{"access_token":"t","expires_in":3600}`)
		case r.URL.Query().Get("page") == "2":
			_, _ = io.WriteString(w, `[]`)
		case strings.HasSuffix(r.URL.Path, "/list/"):
			_, _ = io.WriteString(w, `[{"id":1},{"id":2}]`)
		case strings.HasSuffix(r.URL.Path, "/bytes/"):
			w.Header().Set("Content-Type", "audio/x-wav")
			_, _ = io.WriteString(w, "RIFF")
		default:
			_, _ = fmt.Fprintf(w, `{"id":7,"got":%q}`, r.Method+" "+strings.Split(string(body), "\r\n")[0])
		}
	}))
	t.Cleanup(srv.Close)
	client, err := api.New(api.Config{Endpoint: srv.URL, AppID: "app", AppSecret: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, w := t.Context(), Write(client)
	got, err := w.Get(ctx, "/one/")
	said(t, fmt.Sprint(got, err), "map[got:GET  id:7] <nil>")
	rows, pages, extra, err := w.List(ctx, "/list/", schema.Listing{Pages: true})
	said(t, fmt.Sprint(rows, pages, extra, err), "[map[id:1] map[id:2]] 1 1 <nil>")
	data, err := w.Download(ctx, "/bytes/", 100)
	said(t, fmt.Sprint(string(data), " ", err), "RIFF <nil>")
	row, err := w.Send(ctx, http.MethodPut, "/one/", map[string]any{"name": "a"})
	said(t, fmt.Sprint(row, err), `map[got:PUT {"name":"a"} id:7] <nil>`)
	row, err = w.SendForm(ctx, "/one/", map[string]string{"title": "Hold"}, call.File{Field: "file", Name: "hold.wav", Data: []byte("RIFF")})
	said(t, fmt.Sprint(row["id"], " ", err), "7 <nil>")
}

func said(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
