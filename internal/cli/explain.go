package cli

import (
	"errors"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/exit"
	"pbxsync/internal/report"
	"pbxsync/schema/published"
)

// explainWord says what a kind or a field means.
func (p *Program) explainWord(c *ucli.Context) error {
	if err := p.output(c); err != nil {
		return err
	}
	if err := atMost(c, 1); err != nil {
		return err
	}
	word := c.Args().First()
	text, err := published.Explain(p.Catalogue, word)
	if err != nil {
		return err
	}
	if p.format == formatJSON {
		return p.json(exit.Fine, map[string]any{"format_version": report.Version, "word": word, "text": text})
	}
	for line := range strings.Lines(text) {
		p.out.Linef("%s", strings.TrimSuffix(line, "\n"))
	}
	return nil
}

func (p *Program) schema(c *ucli.Context) error {
	if err := errors.Join(p.output(c), atMost(c, 0)); err != nil {
		return err
	}
	_, err := p.Stdout.Write(published.Schema(p.Catalogue))
	return err
}
