package report

import (
	"fmt"
	"slices"
	"strings"

	"pbxsync/schema/wording"
)

// Coverage says what was looked at, and what was not.
type Coverage struct {
	Compared int      `json:"compared"`
	Fields   int      `json:"fields"`
	Strays   int      `json:"strays"`
	Skipped  int      `json:"contents_skipped,omitempty"` // files whose content was not compared
	Hidden   []Hidden `json:"not_shown,omitempty"`
	Unread   []string `json:"kinds_not_read"`
	Below    []Below  `json:"children_not_read"`
	Unknown  []string `json:"not_known_to_this_version"`
}

// Below is a kind of children that the files leave out below some objects, so that nobody looked there.
type Below struct {
	Kind    string `json:"kind"`   // such as events, or phone
	Parent  string `json:"parent"` // kind of the objects above, as in addresses
	Objects int    `json:"objects"`
}

// Hidden is a field that the server does not show.
type Hidden struct {
	Field   string `json:"field"` // with its kind, as extension.label
	Objects int    `json:"objects"`
}

// Line returns the coverage as the last line of every plan.
func (c *Coverage) Line() string {
	line := fmt.Sprintf("compared %s of %s fields", wording.Thousands(c.Compared), wording.Thousands(c.Fields))
	if c.Strays > 0 {
		line += "; " + count(c.Strays, "object") + " that no file declares"
	}
	if c.Skipped > 0 {
		line += "; content of " + count(c.Skipped, "file") + " not compared (--skip-content)"
	}
	if len(c.Hidden) > 0 {
		line += "; the server does not show: " + hiddenText(c.Hidden)
	}
	if unread := c.unread(); len(unread) > 0 {
		line += "; kinds not read: " + strings.Join(unread, ", ")
	}
	if len(c.Unknown) > 0 {
		line += "; not known to this version: " + strings.ReplaceAll(strings.Join(c.Unknown, ", "), "_", " ")
	}
	return line
}

// unread names the kinds that the files leave out, everywhere or below some objects.
func (c *Coverage) unread() []string {
	list := slices.Clone(c.Unread)
	for _, b := range c.Below {
		list = append(list, fmt.Sprintf("%s (%s)", b.Kind, count(b.Objects, strings.ReplaceAll(b.Parent, "_", " "))))
	}
	return list
}

// hiddenText names the fields that answers lack, and at how many objects.
func hiddenText(list []Hidden) string {
	parts := make([]string, len(list))
	for i, h := range list {
		parts[i] = fmt.Sprintf("%s (%s)", h.Field, count(h.Objects, "object"))
	}
	return strings.Join(parts, ", ")
}

// Sentences says it in two sentences.
func (c *Coverage) Sentences() string { return c.text(false) }

// text says it in two sentences, with the names of all that was not looked at where they are wanted.
func (c *Coverage) text(verbose bool) string {
	if verbose {
		return "Coverage: " + c.Line() + "."
	}
	looked := Coverage{Compared: c.Compared, Fields: c.Fields, Strays: c.Strays, Skipped: c.Skipped, Hidden: c.Hidden}
	line := strings.ToUpper(looked.Line()[:1]) + looked.Line()[1:] + "."
	var missed []string
	if len(c.unread()) > 0 {
		missed = append(missed, "kinds that the files leave out")
	}
	if len(c.Unknown) > 0 {
		missed = append(missed, "what this version does not know")
	}
	if len(missed) == 0 {
		return line
	}
	return line + " Not read: " + strings.Join(missed, ", and ") + "."
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return wording.Thousands(n) + " " + what + "s"
}
