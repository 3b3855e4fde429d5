package cli

import (
	"errors"
	"strings"

	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/report"
	"pbxsync/schema/published"
)

// explainWord says what a kind or a field means.
func (p *Program) explainWord(o *plain) error {
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

func (p *Program) schema(o *plain) error {
	if err := errors.Join(p.output(o.printing), o.atMost(0)); err != nil {
		return err
	}
	_, err := p.Stdout.Write(published.Schema(p.Catalogue))
	return err
}
