package cli

import (
	"pbxsync/internal/input"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

// tenant reads and parses PATH, and prints warnings. Problems are the error.
func (p *Program) tenant(path string) (*schema.Tenant, *input.Input, error) {
	in, err := p.files().Read(path)
	if err != nil {
		return nil, nil, err
	}
	if in.Later != "" && !p.Quiet {
		p.Log.Linef("note: %s was not read; a later version of pbxsync reads it", in.Later)
	}
	t, problems := file.Parse(p.Catalogue, in.Files)
	p.KeepWhole(pathsOf(in.Files))
	p.KeepWhole(addressesOf(t.Objects))
	problems = t.Unsilenced(append(problems, t.Contents(p.files().Folder(in.Dir))...).Sort())
	if err := problems.Err(); err != nil {
		return nil, in, problems
	}
	p.Warn(problems)
	return t, in, nil
}

// files reads what people have written.
func (p *Program) files() input.Reader { return input.Reader{Stdin: p.Stdin, Stop: p.Stop} }
