package observe

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// SnapshotVersion is the version of the saved form of a snapshot.
const SnapshotVersion = "1.0"

// Snapshot is what the API said of a whole tenant, without secrets and without
// what the catalogue does not know. It can be read like the API.
type Snapshot struct {
	Version string                      `json:"format_version"`
	Tenant  plan.TenantID               `json:"tenant"`
	Lists   map[string][]map[string]any `json:"lists"`             // by path, rows by id
	Items   map[string]map[string]any   `json:"items"`             // by path
	Foreign map[string][]string         `json:"foreign,omitempty"` // fields of answers that the catalogue does not know, by kind

	Contents map[string]schema.FileRef `json:"contents,omitempty"` // what the files are, by path; never their bytes
	Refused  map[string]int            `json:"refused,omitempty"`  // the status of what was not to be had, by path

	mu sync.Mutex
}

func newSnapshot() *Snapshot {
	return &Snapshot{Version: SnapshotVersion, Lists: map[string][]map[string]any{}, Items: map[string]map[string]any{}, Foreign: map[string][]string{},
		Contents: map[string]schema.FileRef{}, Refused: map[string]int{}}
}

// DecodeSnapshot reads a snapshot from its saved form.
func DecodeSnapshot(data []byte) (*Snapshot, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	s := newSnapshot()
	s.Version = ""
	if err := d.Decode(s); err != nil {
		return nil, err
	}
	switch {
	case s.Version == "" || s.Tenant.ID <= 0:
		return nil, fmt.Errorf("it has no tenant")
	case s.Version != SnapshotVersion:
		return nil, fmt.Errorf("it has format_version %q, this program knows %s", s.Version, SnapshotVersion)
	}
	return s, nil
}

// Selector names the tenant of the snapshot.
func (s *Snapshot) Selector() Selector { return Selector(strconv.FormatInt(s.Tenant.ID, 10)) }

// Get returns one answer as the API gave it.
func (s *Snapshot) Get(_ context.Context, path string) (any, error) {
	if row, ok := s.Items[path]; ok {
		return row, nil
	}
	return nil, s.missing(path)
}

// List returns the rows of a list as the API gave them. No page was read for it.
func (s *Snapshot) List(_ context.Context, path string, _ schema.Listing) ([]map[string]any, int, int, error) {
	if rows, ok := s.Lists[path]; ok {
		return rows, 0, 0, nil
	}
	return nil, 0, 0, s.missing(path)
}

// noAnswer says that a snapshot was not asked what it is asked now.
type noAnswer struct{ error }

// refusal is what a server answered with a status that is no success.
type refusal struct {
	path   string
	status int
	why    string // "" where only the status is known
}

// Error reads like what the server said, as far as that is known.
func (r *refusal) Error() string {
	if r.why != "" {
		return fmt.Sprintf("%s %s: %s", http.MethodGet, r.path, r.why)
	}
	return fmt.Sprintf("%s %s: %d", http.MethodGet, r.path, r.status)
}

// HTTPStatus returns the status.
func (r *refusal) HTTPStatus() int { return r.status }

func (s *Snapshot) missing(path string) error {
	if status := s.Refused[path]; status != 0 {
		return &refusal{path: path, status: status}
	}
	return noAnswer{fmt.Errorf("the snapshot has no answer to %s %s; make it again with import --snapshot, or plan with a server", http.MethodGet, path)}
}

// keep notes a list. A nil snapshot notes nothing.
func (s *Snapshot) keep(k *schema.Kind, path string, rows []map[string]any) {
	if s == nil {
		return
	}
	known := make([]map[string]any, len(rows))
	for i, row := range rows {
		known[i] = s.known(k, row)
	}
	if !ordered(k) {
		slices.SortStableFunc(known, func(a, b map[string]any) int { return cmp.Compare(idOf(a), idOf(b)) })
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Lists[path] = known
}

// keepItem notes a single object.
func (s *Snapshot) keepItem(k *schema.Kind, path string, row map[string]any) {
	if s == nil {
		return
	}
	known := s.known(k, row)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Items[path] = known
}

// refuse notes that the server had no answer, so that it has none here.
func (s *Snapshot) refuse(path string, err error) {
	if s == nil || call.Status(err) < 400 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Refused[path] = call.Status(err)
}

func (s *Snapshot) known(k *schema.Kind, row map[string]any) map[string]any {
	known, foreign := k.Known(row)
	if len(foreign) > 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, name := range foreign {
			if i, found := slices.BinarySearch(s.Foreign[k.Word], name); !found {
				s.Foreign[k.Word] = slices.Insert(s.Foreign[k.Word], i, name)
			}
		}
	}
	return known
}

func idOf(row map[string]any) int64 {
	id, _ := diff.WholeID(row["id"])
	return id
}

// Download cannot answer: a snapshot holds no bytes of files.
func (s *Snapshot) Download(_ context.Context, path string, _ int64) ([]byte, error) {
	return nil, fmt.Errorf("a snapshot holds no files, so it cannot give GET %s", path)
}

// Sparing reads the snapshot like a server that hides whatever is not in it.
func (s *Snapshot) Sparing() call.Reader { return sparing{s} }

type sparing struct{ *Snapshot }

// Get returns one answer.
func (s sparing) Get(ctx context.Context, path string) (any, error) {
	v, err := s.Snapshot.Get(ctx, path)
	return v, hides(path, err)
}

// List returns the rows of a list.
func (s sparing) List(ctx context.Context, path string, how schema.Listing) ([]map[string]any, int, int, error) {
	rows, pages, extra, err := s.Snapshot.List(ctx, path, how)
	return rows, pages, extra, hides(path, err)
}

func hides(path string, err error) error {
	var none noAnswer
	if errors.As(err, &none) {
		return &refusal{path: path, status: http.StatusNotFound}
	}
	return err
}
