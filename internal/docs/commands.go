package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/cli"
	"pbxsync/internal/exit"
	"pbxsync/schema"
)

// commandsPage makes the reference of the commands from the program's own flags.
func commandsPage(c *schema.Catalogue) []byte {
	commands := program(c).Commands()
	printing := flagsOf(commands, "show")
	server := without(flagsOf(commands, "check"), printing)
	w := &writer{}
	w.head("Commands")
	w.line("`pbxsync COMMAND [FLAGS] [PATH]`. PATH is a tenant's file or folder, `.` if it is left out, and `-`")
	w.line("is standard input. Flags stand before or after it. Results go to standard output, everything else")
	w.line("to standard error. A variable of the environment sets a flag that is not given; approvals and")
	w.line("guards have none.")
	w.line("")
	w.flagTable("Flags of every command that prints", printing)
	w.flagTable("Flags of every command that talks to a server", server)
	w.line("Credentials have no flag, because argument lists can be read by others: `PBXSYNC_APP_ID`,")
	w.line("`PBXSYNC_APP_SECRET` or `PBXSYNC_APP_SECRET_FILE`, or a profile.")
	w.line("")
	for _, cmd := range commands {
		w.command(cmd, printing, server)
	}
	w.exitTable()
	return w.tidy()
}

func (w *writer) command(cmd *ucli.Command, printing, server []flag) {
	w.line("## %s", cmd.Name)
	w.line("")
	w.line("%s", plain(strings.ToUpper(cmd.Usage[:1])+cmd.Usage[1:]+"."))
	w.line("")
	w.line("```")
	w.line("%s", strings.TrimSpace("pbxsync "+cmd.Name+" [FLAGS] "+cmd.ArgsUsage))
	w.line("```")
	w.line("")
	flags := flagsOf([]*ucli.Command{cmd}, cmd.Name)
	switch {
	case slices.Contains(flags, server[0]):
		w.line("Takes the flags of printing and of the server.")
		w.line("")
	case slices.Contains(flags, printing[0]):
		w.line("Takes the flags of printing.")
		w.line("")
	}
	if own := without(without(flags, printing), server); len(own) > 0 {
		w.flagTable("", own)
	}
}

func (w *writer) exitTable() {
	w.line("## Exit codes")
	w.line("")
	w.line("With `--format json`, `code` holds the word.")
	w.line("")
	var rows [][]string
	for _, e := range exit.Codes() {
		word := ""
		if e.Name != "" {
			word = code(e.Name)
		}
		rows = append(rows, []string{fmt.Sprint(e.Code), word, plain(e.Text)})
	}
	w.table([]string{"Code", "Word", "Meaning"}, rows)
}

// flag is one flag as the page shows it.
type flag struct{ name, value, variable, preset, text string }

func (w *writer) flagTable(title string, flags []flag) {
	if title != "" {
		w.line("## %s", title)
		w.line("")
	}
	var rows [][]string
	for _, f := range flags {
		rows = append(rows, []string{code(strings.TrimSpace(f.name + " " + f.value)), f.variable, f.preset, plain(f.text)})
	}
	w.table([]string{"Flag", "Variable", "Default", "Meaning"}, rows)
}

var (
	valueName    = regexp.MustCompile("`([^`]+)`")
	variableName = regexp.MustCompile(` \[\$([A-Z_]+)\]$`)
)

// flagsOf returns the flags of one command that are not hidden.
func flagsOf(commands []*ucli.Command, name string) []flag {
	var out []flag
	for _, cmd := range commands {
		if cmd.Name != name {
			continue
		}
		for _, f := range cmd.Flags {
			if v, ok := f.(ucli.VisibleFlag); ok && v.IsVisible() {
				out = append(out, flagOf(f.(ucli.DocGenerationFlag)))
			}
		}
	}
	return out
}

func flagOf(f ucli.DocGenerationFlag) flag {
	out := flag{name: "--" + f.Names()[0], text: f.GetUsage()}
	if m := variableName.FindStringSubmatch(out.text); m != nil { // read apart from the library
		out.variable, out.text = code(m[1]), strings.TrimSuffix(out.text, m[0])
	}
	if f.TakesValue() {
		out.value = "VALUE"
		if m := valueName.FindStringSubmatch(out.text); m != nil {
			out.value = m[1]
		}
		if text := f.GetDefaultText(); text != "" && text != "none" {
			out.preset = code(strings.Trim(text, `"`))
		}
	}
	out.text = strings.ReplaceAll(out.text, "`", "")
	if names := f.GetEnvVars(); len(names) > 0 {
		out.variable = codes(names, ", ")
	}
	return out
}

func without(flags, others []flag) []flag {
	return slices.DeleteFunc(slices.Clone(flags), func(f flag) bool { return slices.Contains(others, f) })
}

// program returns the program without a terminal, an environment or a profile.
func program(c *schema.Catalogue, args ...string) *cli.Program {
	return &cli.Program{Args: args, Stdin: strings.NewReader(""), Catalogue: c,
		Getenv: func(string) string { return "" }, ConfigDir: func() (string, error) { return "", errors.New("no folder") }}
}

// ask runs the program and returns what it prints, and its exit code.
func ask(c *schema.Catalogue, args ...string) (string, int) {
	var out bytes.Buffer
	p := program(c, args...)
	p.Stdout, p.Stderr = &out, &out
	code := p.Run(context.Background())
	return out.String(), code
}
