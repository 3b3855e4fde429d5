package cli

import (
	"embed"
	"errors"
	"fmt"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/report"
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
	text, err := p.Catalogue.Explain(word)
	if err != nil {
		return err
	}
	if p.format == formatJSON {
		return p.json(exitFine, map[string]any{"format_version": report.Version, "word": word, "text": text})
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
	_, err := p.Stdout.Write(p.Catalogue.Published())
	return err
}

//go:embed completions
var completions embed.FS

func (p *Program) completion(c *ucli.Context) error {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	shell := c.Args().First()
	if err := atMost(c, 1); err != nil {
		return err
	}
	if shell == "fish" {
		text, err := c.App.ToFishCompletion()
		if err != nil {
			return err
		}
		_, err = fmt.Fprint(p.Stdout, text)
		return err
	}
	data, err := completions.ReadFile("completions/" + shell)
	if err != nil {
		return fail(exitError, "completion %q is not known; one of %s", shell, strings.Join(shells, ", "))
	}
	_, err = p.Stdout.Write(data)
	return err
}
