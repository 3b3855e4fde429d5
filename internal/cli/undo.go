package cli

import (
	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/sync"

	ucli "github.com/urfave/cli/v2"
)

// undo plans the way back from a run and takes it, as apply does with files. The files
// say where the server and the records are, and what is protected.
func (p *Program) undo(c *ucli.Context) error {
	if err := p.output(c); err != nil {
		return err
	}
	if err := checkPace(c); err != nil {
		return err
	}
	run, where, err := undoArgs(c)
	if err != nil {
		return err
	}
	files, in, err := p.tenant(where)
	if err != nil {
		return err
	}
	stated, err := input.StateDir(c.String("state-dir"), in)
	if err != nil {
		return err
	}
	store, err := p.store(stated, nil)
	if err == nil {
		_, err = store.Past(run) // before a server is asked
	}
	if err != nil {
		return err
	}
	j, err := p.open(c, &job{where: where, dir: in.Dir}, in)
	if err != nil {
		return err
	}
	return p.bring(c, j, false, func(e *sync.Engine, o sync.Options, op sync.Operator) (*sync.Applied, error) {
		return e.Undo(p.whole, run, files, o, op)
	})
}

// undoArgs reads RUN [PATH].
func undoArgs(c *ucli.Context) (run, where string, err error) {
	switch c.Args().Len() {
	case 1:
		return c.Args().First(), ".", nil
	case 2:
		where = c.Args().Get(1)
		if where == input.Stdin {
			return "", "", exit.Fail(exit.Error, "undo asks before it writes, so standard input cannot hold the files; name a file or folder")
		}
		return c.Args().First(), where, nil
	}
	return "", "", exit.Fail(exit.Error, "undo takes RUN and PATH; pbxsync runs lists the runs")
}
