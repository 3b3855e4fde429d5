package canned

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"sync"

	"pbxsync/schema"
)

// Reader answers reading calls with what a case says, and notes what it was asked.
type Reader struct {
	Answers Tenant
	Pages   map[string]int                   // path of a list -> how many pages it has, where that is not one
	Extra   map[string]int                   // path of a list -> how many more were read after a doubtful one
	Then    map[string][]Tenant              // path -> what is answered the second time and later
	Ends    map[string]error                 // method and path -> what such a call ends with
	Fail    func(nth int, what string) error // what a call ends with by its number, from 1; nil: none does

	mu    sync.Mutex
	Asked []string // method and path of each call
}

func (r *Reader) ask(method, at string) error {
	what := method + " " + at
	r.Asked = append(r.Asked, what)
	var err error
	if r.Fail != nil {
		err = r.Fail(len(r.Asked), what)
	}
	call, _, _ := strings.Cut(what, "?")
	return cmp.Or(err, r.Ends[call])
}

// Get returns what is at the path, or the row of a list.
func (r *Reader) Get(ctx context.Context, at string) (any, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.ask(http.MethodGet, at); err != nil {
		return nil, err
	}
	now := r.now(at)
	if v := now[at]; v != nil {
		return v, nil
	}
	if v, _ := now.Get(ctx, at); v != nil {
		return v, nil
	}
	return nil, Status(http.StatusNotFound)
}

// List returns the rows of a list.
func (r *Reader) List(ctx context.Context, at string, how schema.Listing) ([]map[string]any, int, int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.ask("LIST", at); err != nil {
		return nil, 1, 0, err
	}
	path, _, _ := strings.Cut(at, "?")
	rows, _, _, _ := r.now(path).List(ctx, path, how)
	return rows, cmp.Or(r.Pages[path], 1), r.Extra[path], nil
}

// now returns the answers at this time: a path that has later ones gives each of them once.
func (r *Reader) now(at string) Tenant {
	later := r.Then[at]
	asked := -1
	for _, what := range r.Asked {
		if _, path, _ := strings.Cut(what, " "); path == at || strings.HasPrefix(path, at+"?") {
			asked++
		}
	}
	if asked <= 0 || len(later) == 0 {
		return r.Answers
	}
	return later[min(asked, len(later))-1]
}

// Download returns the sound at the path.
func (r *Reader) Download(_ context.Context, at string, most int64) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.ask("DOWNLOAD", at); err != nil {
		return nil, err
	}
	text, ok := r.Answers[at].(string)
	if !ok || int64(len(text)) > most {
		return nil, Status(http.StatusNotFound)
	}
	return sound(text), nil
}

// Again returns a reader of the same answers that was asked nothing.
func (r *Reader) Again() *Reader {
	return &Reader{Answers: r.Answers, Pages: r.Pages, Extra: r.Extra, Then: r.Then, Ends: r.Ends}
}
