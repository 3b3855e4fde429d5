package cli

import (
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/schema/checks"
	"pbxsync/schema/file"
)

// tenant reads and parses PATH, and prints warnings. Problems are the error. What checks find counts
// where the files are what it is about: drift and undo are not hindered by it.
func (p *Program) tenant(path, command string) (*schema.Tenant, *input.Input, error) {
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
	if problems.Err() == nil { // what could not be read whole misleads
		problems = append(problems, p.checked(t, command)...).Sort()
	}
	if err := problems.Err(); err != nil {
		return nil, in, problems
	}
	p.Warn(problems)
	return t, in, nil
}

// checked returns what the checks find that the command tells.
func (p *Program) checked(t *schema.Tenant, command string) schema.Problems {
	switch command {
	case report.Validate:
		return checks.Of(p.Catalogue, t, p.today())
	case "plan", "apply":
		return checks.Of(p.Catalogue, t, p.today()).Told()
	}
	return nil
}

// files reads what people have written.
func (p *Program) files() input.Reader { return input.Reader{Stdin: p.Stdin, Stop: p.Stop} }
