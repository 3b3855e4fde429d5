package cli

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/api/adapter"
	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/report"
	"pbxsync/internal/staging"
	"pbxsync/internal/survey"
	"pbxsync/schema/wording"
)

// deepFlags are those of the long look of check.
func deepFlags() []ucli.Flag {
	return []ucli.Flag{
		&ucli.BoolFlag{Name: "deep", Usage: "read each collection once, and print where the server leaves what this version knows"},
		&ucli.StringFlag{Name: "record", Usage: "with --deep: write the shapes of all answers, without values, to a new `FILE`"},
		&ucli.IntFlag{Name: "sample", Value: 20, Usage: "with --deep: of how many objects of a kind the children are read"},
	}
}

// deepJob is a survey, with the file that its record goes to.
type deepJob struct {
	record *os.File // nil: none
	sample int
	said   *survey.Report
}

// opened opens the file of the record before the first call.
func (o *checking) opened() (*deepJob, error) {
	name := o.record
	switch {
	case !o.deep && name != "":
		return nil, exit.Fail(exit.Error, "--record keeps what --deep finds; add --deep")
	case !o.deep:
		return nil, nil
	case o.sample < 0:
		return nil, exit.Fail(exit.Error, "--sample %d: 0 or more is due; 20 if it is left out", o.sample)
	}
	d := &deepJob{sample: o.sample}
	if name == "" {
		return d, nil
	}
	f, err := staging.Private(name, os.O_EXCL)
	if err != nil {
		return nil, exit.Fail(exit.Error, "the record cannot be written (%w); name another file with --record", err)
	}
	d.record = f
	return d, nil
}

// run reads the tenant and compares; it keeps the record where one is wanted.
func (d *deepJob) run(ctx context.Context, k *checker, tenant int64) error {
	if d == nil {
		return nil
	}
	rec, err := survey.Read(ctx, adapter.Read(k.j.conn.client), survey.Options{Catalogue: k.Catalogue, Tool: "pbxsync " + version,
		Tenant: strconv.FormatInt(tenant, 10), PageSize: k.o.pageSize, Sample: d.sample})
	if err != nil {
		return err
	}
	d.said = survey.Compare(k.Catalogue, rec)
	if d.record == nil {
		return nil
	}
	data, err := rec.Encode()
	if err == nil {
		data = report.EscapeFormat([]byte(k.Mask.Text(string(data))))
		err = folder.Shapes.Fits(d.record.Name(), int64(len(data)))
	}
	if err == nil {
		_, err = d.record.Write(data)
	}
	if err != nil {
		return exit.Fail(exit.Error, "the record is not whole: %w", err)
	}
	return nil
}

// whole is an error where calls had no answer, so that nothing is known of what they
// would have shown.
func (d *deepJob) whole() error {
	if d == nil || d.said == nil || d.said.Unanswered == 0 {
		return nil
	}
	return exit.Fail(exit.Error, "not all was read: %s had no answer; run it again when the server is well", wording.CountOf(d.said.Unanswered, "call"))
}

// close ends the record. One in which nothing was written is taken away.
func (d *deepJob) close() error {
	if d == nil || d.record == nil {
		return nil
	}
	info, err := d.record.Stat()
	if closed := d.record.Close(); err == nil {
		err = closed
	}
	if err == nil && info.Size() == 0 {
		err = os.Remove(d.record.Name())
	}
	return err
}

// group is what was found alike in several places.
type group struct {
	what, said, such string
	where            []string
}

// groups puts findings that differ only in their place together.
func groups(findings []survey.Finding) []*group {
	var all []*group
	alike := map[string]*group{}
	for _, f := range findings {
		key := f.What + "\x00" + f.Text + "\x00" + f.Such
		g := alike[key]
		if g == nil {
			g = &group{what: f.What, said: f.Text, such: f.Such}
			alike[key] = g
			all = append(all, g)
		}
		g.where = append(g.where, f.Where)
	}
	return all
}

func (g *group) text() string {
	text := g.said
	switch {
	case g.such != "" && g.what == survey.Refused:
		text += ": " + g.such
	case g.such != "":
		text += ", such as " + strconv.Quote(g.such)
	}
	if len(g.where) == 1 {
		return g.where[0] + ": " + text
	}
	return fmt.Sprintf("%d places: %s: %s", len(g.where), text, strings.Join(g.where, ", "))
}

// printDeep prints the findings, the worst first.
func (k *checker) printDeep() {
	d := k.deep
	if d == nil || d.said == nil {
		return
	}
	for _, g := range groups(d.said.Findings) {
		k.Out.Linef("%-8s %s", g.what, report.Clean(g.text()))
	}
	sums := wording.CountOf(d.said.Collections, "collection") + ", " + wording.CountOf(d.said.Rows, "row") + ", " + wording.CountOf(d.said.Fields, "field") + " as documented"
	if len(d.said.Findings) == 0 {
		k.Out.Linef("nothing to say: %s", sums)
	} else {
		k.Out.Linef("%s: %s", wording.CountOf(len(d.said.Findings), "finding"), sums)
	}
	k.Out.Linef("read: every collection of the tenant, the children of at most %s of a kind; of calls, recordings and sessions one page", wording.CountOf(d.sample, "object"))
	if len(d.said.Unread) > 0 {
		k.Out.Linef("not read, since the API lists none: %s", strings.Join(d.said.Unread, ", "))
	}
}
