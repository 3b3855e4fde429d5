package cli

import (
	"io"
	"iter"
	"os"
	"strconv"

	ucli "github.com/urfave/cli/v2"
	"golang.org/x/term"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/plan"
)

// width returns how many cells a line of a terminal has, 0 for anything else.
func width(f *os.File) int {
	if cells, _, err := term.GetSize(int(f.Fd())); err == nil {
		return cells
	}
	return 0
}

// columns returns how many cells the environment wants in a line, 0 where it does not say it.
func columns(getenv func(string) string) int {
	n, err := strconv.Atoi(getenv("COLUMNS"))
	if err != nil {
		return 0
	}
	return n
}

// helpAt lets the library break its help at a width.
func helpAt(width int) {
	ucli.HelpPrinter = func(w io.Writer, text string, data any) {
		ucli.HelpPrinterCustom(w, text, data, map[string]any{"wrapAt": func() int { return width }})
	}
}

func pathsOf(files []file.File) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, f := range files {
			if !yield(f.Name) {
				return
			}
		}
	}
}

func addressesOf(objects []*schema.Object) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, o := range objects {
			if !yield(o.Address()) {
				return
			}
		}
	}
}

// plannedBy returns the addresses in a plan.
func plannedBy(p *plan.Value) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, c := range p.Changes {
			if !yield(c.Address) || !yield(c.Place.File) {
				return
			}
		}
	}
}
