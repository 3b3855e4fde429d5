package console

import (
	"bytes"
	"encoding/json"
	"io"

	"pbxsync/internal/exit"
	"pbxsync/internal/report"
	"pbxsync/internal/report/forms"
)

// Target is a file that gets a report.
type Target struct {
	Form  *forms.Form
	Path  string
	Write func(path string, data []byte) error // so that a crash leaves the old file or the new one
}

// Print prints a report in the chosen form, and into the files that were asked for.
func (c *Console) Print(code int, r *report.Report) error {
	c.judge(code, r)
	if err := c.print(r); err != nil {
		return err
	}
	return c.Save(r)
}

// Finish is Print where the screen has been told already.
func (c *Console) Finish(code int, r *report.Report) error {
	c.judge(code, r)
	return c.Save(r)
}

// judge says what a report comes to.
func (c *Console) judge(code int, r *report.Report) {
	r.Warnings = c.Warnings
	r.Judge(exit.Name(code))
}

func (c *Console) print(r *report.Report) error {
	if c.Format == Text {
		report.Text(c.Page(), r)
		return nil
	}
	if c.Format == forms.Lines {
		return c.Tell(r.Events()...)
	}
	return c.write(c.Stdout, forms.Named(c.Format), r)
}

// Tell prints events as they happen, each once, in the form that is made of them.
func (c *Console) Tell(events ...report.Event) error {
	if c.Format != forms.Lines {
		return nil
	}
	for _, e := range events {
		what, err := json.Marshal(e.What)
		if err != nil {
			return err
		}
		if key := e.Type + string(what); !c.events[key] {
			c.events[key] = true
			if err := forms.Line(c.Stdout, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// Page returns a printer for reports. Their lines are broken where there is no screen, too.
func (c *Console) Page() *report.Printer {
	return report.NewPrinter(c.Stdout, c.Told.Colored).Wrap(c.wrapped(c.wraps[2])).Mask(c.Mask.Text).Detail(c.Told.All, c.Told.Verbose)
}

// write writes a report in a form.
func (c *Console) write(w io.Writer, f *forms.Form, r *report.Report) error {
	o := c.Told
	o.Wrap, o.Mask = c.wrapped(c.wraps[2]), c.Mask.Text
	return f.Write(w, r, o)
}

// Save writes the report into the files that were asked for.
func (c *Console) Save(r *report.Report) error {
	for _, t := range c.Reports {
		var b bytes.Buffer
		plain := c.Told.Colored
		c.Told.Colored = false
		err := c.write(&b, t.Form, r)
		c.Told.Colored = plain
		if err == nil {
			err = t.Write(t.Path, []byte(c.Mask.Text(b.String())))
		}
		if err != nil {
			return exit.Fail(exit.Error, "--report %s=%s: %w", t.Form.Name, t.Path, err)
		}
	}
	return nil
}
