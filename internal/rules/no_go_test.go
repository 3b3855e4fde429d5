package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/file"
)

// goSyntax is how Go prints what was not meant for people.
var goSyntax = regexp.MustCompile(`map\[|\[\]interface|\[\]any|%!|<nil>|&\{|0x[0-9a-f]{6}|\b(schema|sync|file|diff)\.[A-Z]`)

// TestScriptsShowNoGo: no output that the scripts expect is Go, where -update would have taken it over.
func TestScriptsShowNoGo(t *testing.T) {
	scripts, err := filepath.Glob("../../testdata/script/*.txtar")
	if err != nil || len(scripts) < 50 {
		t.Fatalf("%d scripts: %v", len(scripts), err)
	}
	for _, name := range scripts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := goSyntax.Find(text); found != nil {
			t.Errorf("%s has %s", name, found)
		}
	}
}

// Each field of each kind is given values of every wrong form: what is said of them is no Go.
func TestWrongValuesInWords(t *testing.T) {
	wrong := []string{"{a: {b: [1, null]}}", "[{a: 1}, [x], null]", "null", "true", "1.5", "-7", "[]", "{}", "2026-01-01", "text of no form", "{id: {}}", "{env: [A]}", "[[[]]]", "~"}
	said, fields := 0, 0
	for _, k := range schema.Builtin().Kinds {
		if len(k.Section) == 0 {
			continue
		}
		for _, v := range wrong {
			texts := []string{below(k, v), below(k, "{x: "+v+"}"), below(k, "["+v+"]"), "defaults: {" + k.Word + ": " + v + "}"}
			for _, f := range k.Fields {
				fields++
				texts = append(texts, below(k, object(k, f.Name+": "+v)), below(k, object(k, "on_create: {"+f.Name+": "+v+"}")), "defaults: {"+k.Word+": {"+f.Name+": "+v+"}}")
			}
			for _, text := range texts {
				data := []byte("version: 1\ntenant: {name: acme, prefix: \"12037\"}\n" + text + "\n")
				_, problems := file.Parse(schema.Builtin(), []file.File{{Name: "t.yaml", Data: data}})
				for _, p := range problems {
					said++
					if goSyntax.MatchString(p.String()) {
						t.Errorf("%s:\n%s", text, p.String())
					}
				}
			}
		}
	}
	if fields < 1000 || said < 1000 {
		t.Errorf("only %d fields were tried, and %d messages read", fields, said)
	}
	t.Logf("%d values at fields, %d messages", fields, said)
}

// object writes one object of a kind as its section holds it.
func object(k *schema.Kind, fields string) string {
	switch k.Form {
	case schema.FormMap:
		return "{\"101\": {" + fields + "}}"
	case schema.FormList:
		return "[{" + fields + "}]"
	}
	return "{" + fields + "}"
}

// below writes what stands at the section of a kind, at its first parent where it has one.
func below(k *schema.Kind, text string) string {
	last := k.Section[len(k.Section)-1] + ": " + text
	for i := len(k.Section) - 2; i >= 0; i-- {
		last = k.Section[i] + ": {" + last + "}"
	}
	if len(k.Parents) == 0 {
		return last
	}
	return below(k.Parents[0], object(k.Parents[0], strings.TrimSpace(last)))
}
