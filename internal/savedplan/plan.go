package savedplan

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/internal/staging"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// Ext is how the name of a saved plan ends.
const Ext = ".json"

// Plan is a plan in a file. Its member Plan is kept as it was written, since its bytes
// are what counts.
type Plan struct {
	Header Header          `json:"header"`
	Plan   json.RawMessage `json:"plan"`
	Value  *plan.Value     `json:"-"`
	Digest string          `json:"-"` // of the whole file
}

// Header says where a plan comes from. Nothing in it decides what is sent.
type Header struct {
	Tool   string            `json:"tool"`
	Time   string            `json:"time"`
	Host   string            `json:"host"`
	Server string            `json:"server"`
	Path   string            `json:"path"`
	Files  map[string]string `json:"files"`  // name -> sha256 of the content
	Report report.Report     `json:"report"` // what was printed beside the plan

	Deleted []record.Object `json:"deleted,omitempty"` // what the plan deletes, as it was

	// Protected goes into the run records, so that what leaves the files later is not
	// deleted in the same change.
	Protected []string `json:"protected,omitempty"`

	// Base goes there too, for later runs to tell what drifted from what the files changed.
	Base *record.Base `json:"base,omitempty"`

	// Asked decides what is refused, then and now.
	Asked sync.Asked `json:"asked,omitzero"`
}

// SnapshotHost stands for the server where a plan was made from a snapshot.
const SnapshotHost = "snapshot"

// Check refuses a name by which a plan could not be saved, or found again.
func Check(path string) error {
	if filepath.Ext(path) != Ext {
		return exit.Fail(exit.Error, "--out %s: the name of a saved plan ends in %s, by which apply tells it from files; write --out plan%s", path, Ext, Ext)
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return exit.Fail(exit.Error, "--out %s: there is no folder %s; make it, or name another", path, filepath.Dir(path))
	}
	return nil
}

// Save writes a plan of files, so that apply can carry out what was approved, and returns its
// digest. The report is the one that was printed.
func Save(path string, h Header, planned *sync.Planned, printed *report.Report, files []file.File) (digest string, err error) {
	plan, err := planned.Plan.Bytes()
	if err != nil {
		return "", err
	}
	h.Time = printed.Made
	h.Host, _ = os.Hostname()
	h.Report, h.Protected, h.Base, h.Files = *printed, planned.Protections(), planned.Accepted(), map[string]string{}
	h.Report.Tenant, h.Report.Changes, h.Report.Steps, h.Report.Risks = nil, nil, nil, nil // the plan tells them
	h.Deleted = report.Deleted(planned.Plan)
	for _, f := range files {
		h.Files[f.Name] = fmt.Sprintf("%x", sha256.Sum256(f.Data))
	}
	data, err := encode(Plan{Header: h, Plan: plan})
	if err == nil {
		err = folder.Plan.Fits(path, int64(len(data)))
	}
	if err != nil {
		return "", err
	}
	return digestOf(data), staging.Replace(path, data)
}

// encode writes a saved plan on one line, for which programs are glad; people have show.
func encode(s Plan) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(s)
	return report.EscapeFormat(b.Bytes()), err
}

// Load reads a saved plan.
func Load(path string, stop <-chan struct{}) (*Plan, error) {
	data, err := folder.NamedFile(path, folder.Plan, stop)
	if err != nil {
		return nil, input.Unread("", err)
	}
	s := &Plan{Digest: digestOf(data)}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(s); err != nil || len(s.Plan) == 0 {
		return nil, exit.Fail(exit.Invalid, "%s is no saved plan; make one with plan --out plan.json", path)
	}
	if s.Value, err = plan.Decode(s.Plan); err != nil {
		return nil, exit.Fail(exit.Invalid, "%s is no saved plan (%w); make one with plan --out plan.json", path, err)
	}
	if s.Value.Version != plan.Version {
		return nil, exit.Fail(exit.Invalid, "%s has plan version %q, this program knows %s; make the plan again", path, s.Value.Version, plan.Version)
	}
	return s, nil
}

// Printed is the report that was printed of the plan. What is going to be sent is taken from the
// plan itself.
func (s *Plan) Printed(c *schema.Catalogue) *report.Report {
	r := s.Header.Report
	r.Made = s.Header.Time
	r.Planned(s.Value, c, s.Header.Deleted)
	r.NoteSides()
	return &r
}

// Approved is the plan for the engine.
func (s *Plan) Approved(where string) *sync.Saved {
	return &sync.Saved{Where: where, JSON: s.Plan, Value: s.Value, Protected: s.Header.Protected, Base: s.Header.Base, Asked: s.Header.Asked}
}

// OtherServer refuses a saved plan that was made from another server. A snapshot does
// not say from which one it is; its tenant is checked like any other.
func (s *Plan) OtherServer(host string) error {
	if s.Header.Server == host || s.Header.Server == SnapshotHost {
		return nil
	}
	return exit.Fail(exit.Guard, "the saved plan was made for the server %s, and this is %s; nothing was written; name the right one with --endpoint, or make the plan again with plan --out", s.Header.Server, host)
}
