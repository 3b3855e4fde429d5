package cli

import (
	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/sync"
)

// undo plans the way back from a run and takes it, as apply does with files. The files
// say where the server and the records are, and what is protected.
func (p *applier) undo() error {
	o := p.o
	if err := p.output(o.printing); err != nil {
		return err
	}
	if err := o.serving.check(); err != nil {
		return err
	}
	run, where, err := o.undone()
	if err != nil {
		return err
	}
	files, in, err := p.tenant(where, o.command)
	if err != nil {
		return err
	}
	stated, err := input.StateDir(o.stateDir, in)
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
	j, err := p.open(&o.common, &job{where: where, dir: in.Dir}, in)
	if err != nil {
		return err
	}
	return p.bring(j, false, func(e *sync.Engine, o sync.Options, op sync.Operator) (*sync.Applied, error) {
		return e.Undo(p.whole, run, files, o, op)
	})
}

// undone reads RUN [PATH].
func (o *applying) undone() (run, where string, err error) {
	switch len(o.list) {
	case 1:
		return o.list[0], ".", nil
	case 2:
		where = o.list[1]
		if where == input.Stdin {
			return "", "", exit.Fail(exit.Error, "undo asks before it writes, so standard input cannot hold the files; name a file or folder")
		}
		return o.list[0], where, nil
	}
	return "", "", exit.Fail(exit.Error, "undo takes RUN and PATH; pbxsync runs lists the runs")
}
