package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/journal"
	"pbxsync/internal/report"
)

// runLine is one run as the command shows it.
type runLine struct {
	Run      string `json:"run"`
	Started  string `json:"started"`
	Server   string `json:"server"`
	Tenant   string `json:"tenant"`
	Prefix   string `json:"prefix"`
	Tool     string `json:"tool"`
	Plan     string `json:"plan"`
	Steps    int    `json:"steps"`
	Done     int    `json:"done"`
	Failed   int    `json:"failed"`
	Unknown  int    `json:"unknown"`
	Finished bool   `json:"finished"` // by itself, and was not cut off
}

// runs lists the run records, oldest first. It needs no server.
func (p *Program) runs(c *ucli.Context) error {
	if err := p.output(c); err != nil {
		return err
	}
	where, err := path(c)
	if err != nil {
		return err
	}
	dir, err := p.recordsOf(c, where)
	if err != nil {
		return err
	}
	lines, gone, err := runLines(dir)
	if err != nil {
		return err
	}
	p.tellGone(gone)
	if p.format == formatJSON {
		return p.json(exitFine, map[string]any{"format_version": report.Version, "runs": lines})
	}
	if len(lines) == 0 {
		p.out.Linef("no run records in %s", filepath.ToSlash(dir))
	}
	for _, l := range lines {
		p.out.Linef("%s   %s (prefix %s) on %s   %s", l.Run, l.Tenant, l.Prefix, l.Server, l.outcome())
	}
	return nil
}

// runLines returns a line for each run, and the runs whose records were taken away.
func runLines(dir string) (lines []runLine, gone []string, err error) {
	folders, err := recordFolders(dir)
	if err != nil {
		return nil, nil, err
	}
	lines = []runLine{}
	for _, folder := range folders { // sorted: by server, then by tenant
		records, err := journal.LoadBelow(dir, folder)
		if err != nil {
			return nil, nil, err
		}
		gone = append(gone, journal.Gone(records)...)
		for _, r := range records {
			lines = append(lines, runLine{Run: r.Run, Started: r.Started, Server: r.Server, Tenant: r.Name, Prefix: r.Prefix, Tool: r.Tool, Plan: r.Plan, Steps: r.Header.Steps,
				Done: r.Count(journal.TypeAck), Failed: r.Count(journal.TypeFailed), Unknown: r.Count(journal.TypeUnknown), Finished: r.Finish() != nil})
		}
	}
	return lines, gone, nil
}

// recordFolders returns the folders of run records below a folder: by server, then by
// tenant. The built-in simulator keeps a file of its own beside them.
func recordFolders(dir string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(globEscape(dir), "*", "*"))
	return slices.DeleteFunc(found, func(path string) bool {
		info, err := os.Lstat(path)
		return err != nil || info.Mode().IsRegular()
	}), err
}

// globEscape keeps a folder's own name from being a pattern.
func globEscape(dir string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(dir)
}

// outcome says how a run went.
func (l runLine) outcome() string {
	text := countOf(l.Steps, "step") + ": " + fmt.Sprintf("%d done, %d failed, %d unknown, %d not sent", l.Done, l.Failed, l.Unknown, l.Steps-l.Done-l.Failed-l.Unknown)
	if !l.Finished {
		text += "; cut off"
	}
	return text
}
