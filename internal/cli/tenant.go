package cli

import (
	"bytes"
	"cmp"
	"slices"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/internal/report/answer"
	"pbxsync/internal/report/findings"
	"pbxsync/internal/staging"
	"pbxsync/schema"
	"pbxsync/schema/checks"
	"pbxsync/schema/expect"
	"pbxsync/schema/file"
	"pbxsync/schema/route"
)

// tenant reads and parses PATH, and prints warnings. Problems are the error. What checks find counts
// where the files are what it is about: drift and undo are not hindered by it.
func (p *Program) tenant(path, command string) (*schema.Tenant, *input.Input, error) {
	in, err := p.files().Read(path)
	if err != nil {
		return nil, nil, err
	}
	t, problems := file.Parse(p.Catalogue, in.Files)
	p.KeepWhole(pathsOf(in.Files))
	p.KeepWhole(addressesOf(t.Objects))
	problems = t.Unsilenced(append(problems, t.Contents(p.files().Folder(in.Dir))...).Sort())
	if problems.Err() == nil { // what could not be read whole misleads
		problems = append(append(problems, p.checked(t, command)...), p.expected(t, in, command)...).Sort()
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

// expected returns what calls.yaml expects and the files do not do. A plan is not hindered by it.
func (p *Program) expected(t *schema.Tenant, in *input.Input, command string) schema.Problems {
	if in.Calls == nil || command == expecting || command == routes {
		return nil
	}
	if !slices.Contains([]string{report.Validate, "plan", "apply"}, command) {
		p.Note("%s was not looked at; validate, plan, apply and test do", in.Calls.Name)
		return nil
	}
	j, problems := judged(route.Of(t), in)
	problems = append(problems, j.Failed()...)
	if command != report.Validate {
		for i := range problems {
			problems[i].Warning = schema.WarnCalls
		}
	}
	return t.Unsilenced(problems)
}

// judged holds what is expected of calls against a board.
func judged(b *route.Board, in *input.Input) (*expect.Judged, schema.Problems) {
	list, problems := expect.Parse(*in.Calls)
	j, wrong := expect.Judge(b, list)
	return j, append(problems, wrong...).Sort()
}

// testOptions are the options of test.
type testOptions struct {
	plain
	junit string
}

func testOptionsOf(c *ucli.Context) *testOptions {
	return &testOptions{*plainOf(c), c.String("junit")}
}

// The commands that run expectations, and that ask where a call goes.
const (
	expecting = "test"
	routes    = "route"
)

// tester holds expectations against the files.
type tester struct {
	*Program
	o *testOptions
}

// test runs the expectations of calls.yaml.
func (p *tester) test() error {
	o := p.o
	if err := p.output(o.printing); err != nil {
		return err
	}
	where, err := o.path()
	if err != nil {
		return err
	}
	t, in, err := p.tenant(where, expecting)
	switch {
	case err != nil:
		return err
	case in.Calls == nil:
		return exit.Fail(exit.Invalid, "%s has no %s; write down where calls have to go, such as calls: [{call: \"4930123456\", at: 2026-12-24 18:10, goes to: voicemail}]", where, input.CallsName)
	}
	j, problems := judged(route.Of(t), in)
	if err := problems.Err(); err != nil {
		return problems
	}
	if o.junit != "" {
		var b bytes.Buffer
		if err := findings.Expectations(&b, t.Name, now(), j); err != nil {
			return err // and what is there stays
		}
		if err := staging.Replace(o.junit, b.Bytes()); err != nil {
			return err
		}
	}
	return p.tested(j)
}

// tested prints what became of expectations.
func (p *tester) tested(j *expect.Judged) error {
	code := exit.Fine
	if len(j.Failed()) > 0 {
		code = exit.Differences
	}
	if p.Format == console.JSON {
		return cmp.Or(p.JSON(code, answer.OfExpectations(j)), exit.Silent(code))
	}
	answer.ExpectationsText(p.Out, j)
	return exit.Silent(code)
}

// files reads what people have written.
func (p *Program) files() input.Reader { return input.Reader{Stdin: p.Stdin, Stop: p.Stop} }
