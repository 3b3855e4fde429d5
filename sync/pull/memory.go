package pull

import (
	"context"
	"sync"

	"pbxsync/schema"
	"pbxsync/sync/call"
)

// memory is a reader that answers a call of an earlier look as it was answered then, so that
// all looks see one tenant. Within one look a call that comes twice is made twice: some are
// there to see whether an answer stays the same.
type memory struct {
	call.Reader
	mu            sync.Mutex
	earlier, late map[string]answer
}

// answer is what a call has come to.
type answer struct {
	value any
	rows  []map[string]any
	pages int
	extra int
	err   error
}

func remembering(r call.Reader) *memory {
	return &memory{Reader: r, earlier: map[string]answer{}, late: map[string]answer{}}
}

// next ends a look.
func (m *memory) next() {
	for path, a := range m.late {
		if _, known := m.earlier[path]; !known {
			m.earlier[path] = a
		}
	}
	clear(m.late)
}

func (m *memory) recall(path string) (answer, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, known := m.earlier[path]
	return a, known
}

func (m *memory) keep(ctx context.Context, path string, a answer) {
	if ctx.Err() != nil {
		return // that says nothing of the tenant
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.late[path] = a
}

// Get returns one answer.
func (m *memory) Get(ctx context.Context, path string) (any, error) {
	if a, known := m.recall(path); known {
		return a.value, a.err
	}
	v, err := m.Reader.Get(ctx, path)
	m.keep(ctx, path, answer{value: v, err: err})
	return v, err
}

// List returns the rows of a list. No page is read for what is known.
func (m *memory) List(ctx context.Context, path string, how schema.Listing) ([]map[string]any, int, int, error) {
	if a, known := m.recall(path); known {
		return a.rows, 0, 0, a.err
	}
	rows, pages, extra, err := m.Reader.List(ctx, path, how)
	m.keep(ctx, path, answer{rows: rows, pages: pages, extra: extra, err: err})
	return rows, pages, extra, err
}
