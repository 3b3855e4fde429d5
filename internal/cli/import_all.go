package cli

import ucli "github.com/urfave/cli/v2"

func (p *Program) importAll(*ucli.Context) error {
	return fail(exitInvalid, "--all is not supported in this version")
}
