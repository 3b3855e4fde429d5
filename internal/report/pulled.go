package report

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/pull"
)

// Pulled is what pull prints: how the files change, what stands behind it, and what stays as
// it is.
type Pulled struct {
	Version  string          `json:"format_version"`
	Files    []FileDiff      `json:"files"`
	Taken    []pull.Taken    `json:"taken"`
	Left     schema.Problems `json:"left"`
	Stay     int             `json:"not_applied_yet"` // changes of the files that stay
	Written  bool            `json:"written"`
	Warnings schema.Problems `json:"warnings"`
}

// FileDiff is how one file changes, in the unified form.
type FileDiff struct {
	Name string `json:"name"`
	Diff string `json:"diff"`
}

// OfPull makes the report of new files beside those that were read.
func OfPull(c *schema.Catalogue, old []file.File, got *pull.Pulled) *Pulled {
	r := &Pulled{Version: ListVersion, Files: []FileDiff{}, Taken: append([]pull.Taken{}, got.Taken...), Left: append(schema.Problems{}, got.Left...), Stay: got.Stay, Warnings: schema.Problems{}}
	for _, fresh := range got.Files {
		for _, f := range old {
			if f.Name == fresh.Name {
				r.Files = append(r.Files, FileDiff{f.Name, unstated(c, unified(f.Name, f.Data, fresh.Data))})
			}
		}
	}
	return r
}

// unified compares two versions of a file line by line.
func unified(name string, old, fresh []byte) string {
	_, text, _ := bytes.Cut(diff.Diff(name, old, name, fresh), []byte("\n")) // the first line repeats the names
	return string(text)
}

// unstated is a text of files without the values that no report shows, whatever object they are of.
// That there is none may be seen.
func unstated(c *schema.Catalogue, text string) string {
	for _, k := range c.Kinds {
		for _, f := range k.Fields {
			if !f.Mask {
				continue
			}
			stated := regexp.MustCompile(`(\b` + regexp.QuoteMeta(f.Name) + `["']?[ \t]*:[ \t]*)([^,}\r\n]+)`)
			text = stated.ReplaceAllStringFunc(text, func(found string) string {
				parts := stated.FindStringSubmatch(found)
				if strings.HasPrefix(parts[2], "null") {
					return found
				}
				return parts[1] + hidden
			})
		}
	}
	return text
}

// PulledText prints how the files change.
func PulledText(p *Printer, r *Pulled) {
	for _, f := range r.Files {
		for line := range strings.Lines(f.Diff) {
			line = strings.TrimRight(line, "\r\n")
			switch {
			case strings.HasPrefix(line, "+"):
				p.styled(green, "%s", line)
			case strings.HasPrefix(line, "-"):
				p.styled(red, "%s", line)
			default:
				p.Linef("%s", line)
			}
		}
	}
}
