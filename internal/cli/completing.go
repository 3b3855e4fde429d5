package cli

import (
	"embed"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/complete"
	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/holidays"
	"pbxsync/internal/input"
	"pbxsync/internal/profile"
	"pbxsync/internal/report/forms"
	"pbxsync/schema/file"
	"pbxsync/schema/published"
	"pbxsync/schema/risk"
	"pbxsync/sync/plan"
)

//go:embed completions
var completions embed.FS

var shells = []string{"bash", "zsh", "fish", "powershell"}

// choices are the words that a flag takes, where they are few.
var choices = map[string][]string{
	"format":    forms.Names(),
	"color":     {"auto", "always", "never"},
	"log-level": {"info", "error"},
	"on-delete": {"refuse", "null"},
	"reread":    {rereadTouched, rereadWhole},
	"tenant":    {"@me", "prefix:", "name:"},
	"endpoint":  {profile.Simulator},
	"fail-on":   risk.Words(),
	"approve":   plan.Approvals(),
}

// placeholders say in usage texts what a value or an argument is.
var placeholders = map[string]complete.Source{
	"FILE": complete.Files, "REVISION": complete.Files, "DIR": complete.Files, "PATH": complete.Files, "PATH|plan.json": complete.Files, "PATH|snapshot.json": complete.Files, "plan.json": complete.Files,
	"ADDRESS": complete.Addresses, "RUN": complete.Runs, "KIND": complete.Kinds, "KIND[.FIELD]": complete.Meanings, "COMMAND": complete.Names,
}

// completer completes command lines.
type completer struct{ *Program }

// complete prints the script for a shell, or, for that script, the words that can stand next.
func (p *completer) complete(args []string) error {
	shell := ""
	if len(args) > 0 {
		shell = args[0]
	}
	if !slices.Contains(shells, shell) {
		return exit.Fail(exit.Error, "completion %q is not known; one of %s", shell, strings.Join(shells, ", "))
	}
	if len(args) > 1 {
		p.completed(shell, args[1:])
		return nil
	}
	data, err := completions.ReadFile("completions/" + shell)
	if err != nil {
		return err
	}
	_, err = p.Stdout.Write(data)
	return err
}

// filesToo is the line that lets a shell offer files as well.
const filesToo = ":files"

// completed prints a word to a line, with its meaning behind a tab where a shell shows it.
func (p *completer) completed(shell string, words []string) {
	program := complete.Program{Commands: described(p.Commands()), Look: p.lookUp}
	next, files := program.Next(words)
	for _, w := range next {
		switch {
		case strings.ContainsFunc(w.Text, isControl): // no shell could take it
		case w.Usage != "" && (shell == "zsh" || shell == "fish"):
			fmt.Fprintf(p.Stdout, "%s\t%s\n", w.Text, strings.ReplaceAll(w.Usage, "`", ""))
		default:
			fmt.Fprintln(p.Stdout, w.Text)
		}
	}
	if files {
		fmt.Fprintln(p.Stdout, filesToo)
	}
}

func isControl(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// described turns the library's commands into those that lines are completed for.
func described(commands []*ucli.Command) []complete.Command {
	var out []complete.Command
	for _, c := range commands {
		d := complete.Command{Name: c.Name, Usage: c.Usage}
		for _, arg := range strings.Fields(c.ArgsUsage) {
			d.Args = append(d.Args, slot(strings.TrimSuffix(strings.TrimPrefix(arg, "["), "]")))
		}
		for _, f := range c.Flags {
			d.Flags = append(d.Flags, describe(f))
		}
		out = append(out, d)
	}
	return append(out, complete.Command{Name: "help", Usage: "show the help of a command", Args: []complete.Slot{slot("COMMAND")}})
}

// slot is the place that a placeholder stands for.
func slot(placeholder string) complete.Slot {
	switch placeholder {
	case "SHELL":
		return complete.Slot{Values: shells}
	case "REGION":
		return complete.Slot{Values: holidays.Regions()}
	}
	return complete.Slot{From: placeholders[placeholder]}
}

func describe(f ucli.Flag) complete.Flag {
	d := complete.Flag{Names: f.Names()}
	if doc, ok := f.(ucli.DocGenerationFlag); ok {
		d.Usage, d.Takes = doc.GetUsage(), doc.TakesValue()
	}
	if many, ok := f.(ucli.DocGenerationSliceFlag); ok {
		d.Repeats = many.IsSliceFlag()
	}
	d.Value.Values = choices[d.Names[0]]
	if _, after, ok := strings.Cut(d.Usage, "`"); ok {
		name, _, _ := strings.Cut(after, "`")
		d.Value.From = placeholders[name]
	}
	return d
}

// lookUp finds the words of a source. What cannot be read offers nothing: an error would only
// stand in the way of who types.
func (p *completer) lookUp(from complete.Source, t complete.Typed) []string {
	var words []string
	switch from {
	case complete.Names:
		for _, c := range p.Commands() {
			words = append(words, c.Name)
		}
	case complete.Kinds:
		for _, k := range p.Catalogue.Kinds {
			words = append(words, k.Word)
		}
	case complete.Meanings:
		return published.Meanings(p.Catalogue)
	case complete.Addresses:
		return p.addresses(t.Path())
	case complete.Runs:
		return p.runNames(t)
	}
	return words
}

func (p *completer) addresses(path string) []string {
	if path == input.Stdin {
		return nil
	}
	in, err := p.files().Read(path)
	if err != nil {
		return nil
	}
	t, _ := file.Parse(p.Catalogue, in.Files)
	return slices.Sorted(addressesOf(t.Objects))
}

// runNames returns the runs on record, the newest first.
func (p *completer) runNames(t complete.Typed) []string {
	dir := t.Flags["state-dir"]
	if dir == "" {
		in := &input.Input{}
		if path := t.Path(); path != input.Stdin {
			in.Dir = path
			if input.IsThere(path) && !folder.Is(path) {
				in.Dir = filepath.Dir(path)
			}
		}
		var err error
		if dir, err = input.StateDir(p.Getenv(env("state-dir")[0]), in); err != nil {
			return nil
		}
	}
	lines, _, err := p.runLines(dir)
	if err != nil {
		return nil
	}
	var words []string
	for _, l := range slices.Backward(lines) {
		words = append(words, l.Run)
	}
	return words
}
