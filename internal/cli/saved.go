package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/sync"
	"pbxsync/sync/plan"
)

const planExt = ".json"

// savePlan writes {header, plan} so that apply can carry out what was approved.
func (p *Program) savePlan(path string, j *job, warnings schema.Problems) error {
	if filepath.Ext(path) != planExt {
		return exit.Fail(exit.Error, "--out %s: the name of a saved plan ends in %s, by which apply tells it from files; write --out plan%s", path, planExt, planExt)
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return exit.Fail(exit.Error, "--out %s: there is no folder %s; make it, or name another", path, filepath.Dir(path))
	}
	plan, err := j.planned.Plan.Bytes()
	if err != nil {
		return err
	}
	host, _ := os.Hostname()
	header := planHeader{Tool: version, Time: time.Now().UTC().Format(time.RFC3339), Host: host, Server: j.conn.host,
		Path: j.where, Files: map[string]string{}, Report: *j.report, Protected: j.planned.Protections()}
	header.Report.Plan, header.Report.Warnings = nil, warnings
	if j.where != input.Stdin {
		in, err := (input.Reader{}).Read(j.where)
		if err != nil {
			return err
		}
		for _, f := range in.Files {
			header.Files[f.Name] = fmt.Sprintf("%x", sha256.Sum256(f.Data))
		}
	}
	var b bytes.Buffer
	if err := report.JSON(&b, savedPlan{Header: header, Plan: plan}); err != nil {
		return err
	}
	if err := replaceFile(path, b.Bytes()); err != nil {
		return err
	}
	p.note("%s has the sha256 %s; apply --expect-digest takes no other", path, planDigest(b.Bytes()))
	return nil
}

// loadPlan reads a saved plan.
func (p *Program) loadPlan(path string) (*savedPlan, error) {
	data, err := folder.NamedFile(path, folder.Plan, p.Stop)
	if err != nil {
		return nil, input.Unread("", err)
	}
	s := &savedPlan{digest: planDigest(data)}
	if err := json.Unmarshal(data, s); err != nil || len(s.Plan) == 0 {
		return nil, exit.Fail(exit.Invalid, "%s is no saved plan; make one with plan --out plan.json", path)
	}
	if s.decoded, err = plan.Decode(s.Plan); err != nil {
		return nil, exit.Fail(exit.Invalid, "%s is no saved plan (%w); make one with plan --out plan.json", path, err)
	}
	if s.decoded.Version != plan.Version {
		return nil, exit.Fail(exit.Invalid, "%s has plan version %q, this program knows %s; make the plan again", path, s.decoded.Version, plan.Version)
	}
	return s, nil
}

// approved is the plan for the engine.
func (s *savedPlan) approved(where string) *sync.Saved {
	return &sync.Saved{Where: where, JSON: s.Plan, Value: s.decoded, Protected: s.Header.Protected}
}

// replaceFile writes a file so that a crash leaves the old or the new one.
func replaceFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".pbxsync-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
