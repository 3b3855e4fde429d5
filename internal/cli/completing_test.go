package cli

import (
	"regexp"
	"testing"

	"pbxsync/schema"
)

// Every value and argument that the usage texts name by a placeholder is completed, or there is
// nothing that could be offered for it.
func TestPlaceholdersAreCompleted(t *testing.T) {
	nothing := map[string]bool{"NUMBER": true, "NAME": true, "ID": true, "HOST:PORT": true, "STEP": true, "YEAR": true, "SHA256": true, "URL": true, "BYTES": true, "FORM=FILE": true, "TIME": true}
	p := &Program{Catalogue: schema.Builtin()}
	known := func(command, placeholder string) {
		if _, ok := placeholders[placeholder]; !ok && !nothing[placeholder] && slot(placeholder).Values == nil {
			t.Errorf("%s: %s is not completed", command, placeholder)
		}
	}
	quoted := regexp.MustCompile("`([^`]*)`")
	for i, d := range described(p.Commands()) {
		for _, f := range d.Flags {
			for _, m := range quoted.FindAllStringSubmatch(f.Usage, -1) {
				if choices[f.Names[0]] != nil {
					continue // a few words, which are offered
				}
				known(d.Name+" --"+f.Names[0], m[1])
			}
		}
		if i < len(p.Commands()) {
			for _, m := range regexp.MustCompile(`[^ \[\]]+(\[\.\w+\])?`).FindAllString(p.Commands()[i].ArgsUsage, -1) {
				known(d.Name, m)
			}
		}
	}
	for name := range choices {
		found := false
		for _, c := range p.Commands() {
			for _, f := range c.Flags {
				found = found || f.Names()[0] == name
			}
		}
		if !found {
			t.Errorf("there is no flag --%s", name)
		}
	}
}
