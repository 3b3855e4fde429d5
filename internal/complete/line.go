package complete

import (
	"slices"
	"strings"
)

// Source says where the words for a place come from, beyond those that are fixed.
type Source int

// The sources. Files are left to the shell, which knows paths better.
const (
	Nowhere Source = iota
	Files
	Addresses // of the objects in the files that the line names
	Runs      // that are on record
	Kinds
	Meanings // what explain takes
	Names    // of commands
)

// Slot is a place on the line: the value of a flag, or an argument.
type Slot struct {
	From   Source
	Values []string
}

// Flag is a flag as a command takes it.
type Flag struct {
	Names   []string // without dashes, the long one first
	Usage   string
	Takes   bool // a value
	Repeats bool
	Value   Slot
}

// Command is a command with its flags and arguments.
type Command struct {
	Name, Usage string
	Flags       []Flag
	Args        []Slot
}

// Typed is what stands on the line already.
type Typed struct {
	Command *Command
	Args    []string
	Flags   map[string]string // by long name; the last value counts
}

// Path returns the argument that names files, "." where none does.
func (t Typed) Path() string {
	for i, a := range t.Args {
		if i < len(t.Command.Args) && t.Command.Args[i].From == Files {
			return a
		}
	}
	return "."
}

// Word is one that can stand next, with what it means.
type Word struct{ Text, Usage string }

// Program is what a line is completed for.
type Program struct {
	Commands []Command
	Look     func(Source, Typed) []string // the words of a source; Nowhere and Files are not asked for
}

// Next returns what the last of the words can become, and whether files can stand there too.
func (p Program) Next(words []string) (next []Word, files bool) {
	if len(words) == 0 {
		return nil, false
	}
	cur, before := words[len(words)-1], words[:len(words)-1]
	if len(before) == 0 {
		return p.first(cur), false
	}
	i := slices.IndexFunc(p.Commands, func(c Command) bool { return c.Name == before[0] })
	if i < 0 {
		return nil, false
	}
	typed, open, ended := read(&p.Commands[i], before[1:])
	switch name, value, valued := strings.Cut(cur, "="); {
	case open != nil:
		return p.fill(open.Value, typed, "", cur)
	case !ended && valued && strings.HasPrefix(cur, "-"):
		if f := typed.Command.flag(name); f != nil && f.Takes {
			return p.fill(f.Value, typed, name+"=", value)
		}
		return nil, false
	case !ended && strings.HasPrefix(cur, "-"):
		return typed.flags(cur), false
	case len(typed.Args) < len(typed.Command.Args):
		return p.fill(typed.Command.Args[len(typed.Args)], typed, "", cur)
	}
	return nil, false
}

func (p Program) first(cur string) []Word {
	var out []Word
	for _, c := range p.Commands {
		out = with(out, cur, Word{c.Name, c.Usage})
	}
	if strings.HasPrefix(cur, "-") {
		out = with(with(out, cur, Word{"--help", "show help"}), cur, Word{"--version", "print the version"})
	}
	return out
}

// fill returns the words for a slot, each with what stands before it in the same word.
func (p Program) fill(s Slot, t Typed, lead, cur string) (next []Word, files bool) {
	words := s.Values
	if s.From != Nowhere && s.From != Files {
		words = append(slices.Clone(words), p.Look(s.From, t)...)
	}
	for _, w := range words {
		next = with(next, lead+cur, Word{Text: lead + w})
	}
	return next, s.From == Files
}

func with(list []Word, cur string, w Word) []Word {
	if strings.HasPrefix(w.Text, cur) {
		return append(list, w)
	}
	return list
}

// read parts what is typed; open is a flag whose value comes next.
func read(c *Command, words []string) (t Typed, open *Flag, ended bool) {
	t = Typed{Command: c, Flags: map[string]string{}}
	for _, w := range words {
		name, value, valued := strings.Cut(w, "=")
		switch {
		case open != nil:
			t.Flags[open.Names[0]], open = w, nil
		case !ended && w == "--":
			ended = true
		case ended || w == "-" || !strings.HasPrefix(w, "-"):
			t.Args = append(t.Args, w)
		default:
			f := c.flag(name)
			if f == nil {
				continue
			}
			t.Flags[f.Names[0]] = value
			if f.Takes && !valued {
				open = f
			}
		}
	}
	return t, open, ended
}

func (c *Command) flag(dashed string) *Flag {
	name := strings.TrimLeft(dashed, "-")
	for i := range c.Flags {
		if slices.Contains(c.Flags[i].Names, name) {
			return &c.Flags[i]
		}
	}
	return nil
}

// flags returns those that can still be given.
func (t Typed) flags(cur string) []Word {
	var out []Word
	for _, f := range t.Command.Flags {
		if _, given := t.Flags[f.Names[0]]; !given || f.Repeats {
			out = with(out, cur, Word{"--" + f.Names[0], f.Usage})
		}
	}
	return with(out, cur, Word{"--help", "show help"})
}
