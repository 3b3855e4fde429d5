package cli

import (
	"errors"
	"strings"

	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/report"
	"pbxsync/schema/published"
)

// reference tells what holds without a tenant: words, the schema, holidays.
type reference struct {
	*Program
	o *plain
}

// word says what a kind or a field means.
func (p *reference) word() error {
	o := p.o
	if err := p.output(o.printing); err != nil {
		return err
	}
	if err := o.atMost(1); err != nil {
		return err
	}
	word := o.first()
	text, err := published.Explain(p.Catalogue, word)
	if err != nil {
		return err
	}
	if p.Format == console.JSON {
		return p.JSON(exit.Fine, map[string]any{"format_version": report.ListVersion, "word": word, "text": text})
	}
	for line := range strings.Lines(text) {
		p.Out.Linef("%s", strings.TrimSuffix(line, "\n"))
	}
	return nil
}

func (p *reference) schema() error {
	o := p.o
	if err := errors.Join(p.output(o.printing), o.atMost(0)); err != nil {
		return err
	}
	_, err := p.Stdout.Write(published.Schema(p.Catalogue))
	return err
}
