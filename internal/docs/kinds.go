package main

import (
	"fmt"
	"strings"

	"pbxsync/schema"
)

// kindsPage makes the reference of all kinds.
func kindsPage(c *schema.Catalogue) []byte {
	w := &writer{}
	w.head("Kinds")
	w.line("Every kind of object that pbxsync knows, made from the catalogue. `pbxsync explain KIND` and")
	w.line("`pbxsync explain KIND.FIELD` say the same at a terminal.")
	w.line("")
	w.line("Files state only what they want to hold: a field that is left out is left alone, and every table")
	w.line("below is a list of what may be stated. *Required* and *decide* matter only for an object that has")
	w.line("to be created. A *reference* takes the key of a declared object, or `{dealer: KEY}`, `{live: KEY}`")
	w.line("or `{id: N}`. *Or null* means that the API can clear the field.")
	w.line("")
	var rows [][]string
	for _, k := range c.Kinds {
		rows = append(rows, []string{fmt.Sprintf("[%s](#%s)", k.Word, k.Word), codeOr(k.YAML(), "not in files"), plain(k.Description)})
	}
	w.table([]string{"Kind", "In files", "What it is"}, rows)
	for _, k := range c.Kinds {
		w.kind(k.OfItems())
	}
	return w.tidy()
}

// tidy ends a page with one line feed.
func (w *writer) tidy() []byte { return []byte(strings.TrimRight(w.String(), "\n") + "\n") }

func codeOr(text, none string) string {
	if text == "" {
		return none
	}
	return code(text)
}

func (w *writer) kind(k *schema.Kind) {
	w.line("## %s", k.Word)
	w.line("")
	w.line("%s", plain(k.Description))
	w.line("")
	w.line("- In files: %s", inFiles(k))
	if len(k.Key) > 0 {
		w.line("- Key: %s", keyText(k))
	}
	for _, line := range apiLines(k) {
		w.line("- %s", line)
	}
	for _, child := range k.Children {
		w.line("- Below it: `%s`, see [%s](#%s)", strings.Join(child.Section, "."), child.Word, child.Word)
	}
	for _, say := range []struct{ what, text string }{
		{"Deleting one loses", k.Loses}, {"Not read by this version, so that deleting one needs `--allow-loss`:", k.Unread.String()}, {"Where there is none:", k.HintCreate}, {"Instead of deleting:", k.HintDelete},
	} {
		if say.text != "" {
			w.line("- %s %s", say.what, plain(say.text))
		}
	}
	if k.Limit.Name != "" {
		w.line("- Limit: `%s` of the tenant%s%s", k.Limit.Name, perText(k), doubtText(k.Limit))
	}
	w.line("")
	w.fields(k.Fields, k)
}

// doubtText says what the API's documents leave open.
func doubtText(l schema.Limit) string {
	switch {
	case l.Unsure:
		return "; the documents leave open whether it bounds these"
	case l.Or != nil:
		return "; the documents leave open whether it counts " + l.Or.Word
	}
	return ""
}

func perText(k *schema.Kind) string {
	switch k.Limit.Per {
	case "":
		return ""
	case "parent":
		return ", counted for each " + parents(k, " or ")
	}
	return ", counted for each `" + k.Limit.Per + "`"
}

func parents(k *schema.Kind, between string) string {
	var words []string
	for _, p := range k.Parents {
		words = append(words, p.Word)
	}
	return codes(words, between)
}

func inFiles(k *schema.Kind) string {
	if len(k.Section) == 0 {
		return "it cannot be declared; it is read"
	}
	text := code(k.YAML())
	if len(k.Parents) > 0 {
		text = fmt.Sprintf("%s under each %s", code(strings.Join(k.Section, ".")), parents(k, " and "))
	}
	switch {
	case k.Value != "" && k.Form == schema.FormSingle:
		text += fmt.Sprintf(", the bare value of `%s`", k.Value)
	case k.Value != "":
		text += fmt.Sprintf(", a map of key to `%s`", k.Value)
	case k.Form == schema.FormSingle:
		text += ", one object"
	case k.Form == schema.FormSequence:
		text += ", a list whose order is " + k.Ordering()
	case k.Form == schema.FormList:
		text += ", a list"
	default:
		text += ", a map by key"
	}
	for _, name := range sortedKeys(k.When) {
		text += fmt.Sprintf(", only where `%s` is `%s`", name, k.When[name])
	}
	return text
}

func keyText(k *schema.Kind) string {
	var parts []string
	for _, p := range k.Key {
		text := code(p.Field.Name)
		if p.Optional {
			text = "`@" + p.Field.Name + "` where it is set"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

// apiLines lists the calls that the API offers.
func apiLines(k *schema.Kind) []string {
	var lines []string
	for _, at := range []struct {
		path  string
		verbs []schema.Verb
	}{{k.Collection, []schema.Verb{schema.List, schema.Create}}, {k.Item, []schema.Verb{schema.Read, schema.Update, schema.Delete}}} {
		var have []string
		for _, v := range at.verbs {
			if k.Has(v) {
				have = append(have, string(v))
			}
		}
		if len(have) > 0 {
			lines = append(lines, fmt.Sprintf("API: %s at `%s`%s", strings.Join(have, ", "), at.path, pagesText(k, at.verbs[0])))
		}
	}
	var have []string
	for _, v := range []schema.Verb{schema.Create, schema.Read, schema.Update, schema.Delete} {
		if k.Admin.Has(v) {
			have = append(have, string(v))
		}
	}
	if len(have) > 0 {
		lines = append(lines, fmt.Sprintf("API for administrators: %s at `%s`", strings.Join(have, ", "), k.Admin.Item))
	}
	return lines
}

func pagesText(k *schema.Kind, v schema.Verb) string {
	if v == schema.List && k.Pages && k.Has(v) {
		return ", page by page"
	}
	return ""
}

// fields writes the table of what may be stated, and names the rest. k is nil
// for what stands inside a field.
func (w *writer) fields(fields []*schema.Field, k *schema.Kind) {
	var rows [][]string
	var server []string
	var nested []*schema.Field
	for _, f := range fields {
		key := k != nil && k.IsKey(f)
		if f.ReadOnly {
			if !key {
				server = append(server, f.Name)
			}
			continue
		}
		rows = append(rows, []string{code(f.Name), typeText(f), defaultText(f), strings.Join(rules(f, key), "; "), sentence(f)})
		if len(subFields(f)) > 0 {
			nested = append(nested, f)
		}
	}
	if len(rows) > 0 {
		w.table([]string{"Field", "Takes", "Server's default", "Rules", "What it does"}, rows)
	}
	if len(server) > 0 {
		w.line("Set by the server, never in files: %s.", codes(server, ", "))
		w.line("")
	}
	for _, f := range nested {
		w.line("In each of `%s`:", f.Name)
		w.line("")
		w.fields(subFields(f), nil)
		w.spans(f)
	}
}

func subFields(f *schema.Field) []*schema.Field {
	if f.Items != nil {
		return f.Items.Fields
	}
	return f.Parts()
}

// spans says which fields belong together.
func (w *writer) spans(f *schema.Field) {
	if f.Items != nil {
		f = f.Items
	}
	for _, p := range f.Pairs {
		text := fmt.Sprintf("- `%s` and `%s` come together", p.From, p.To)
		switch {
		case p.Wraps:
			text += ", and may pass the end of the cycle"
		case p.Last != "":
			text += "; a span that passes the end is written as two"
		default:
			text += ", the first not after the second"
		}
		w.line("%s.", text)
	}
	if len(f.Overrides) > 0 {
		w.line("- Where %s are set, the server ignores all other fields, so stating those is an error.", codes(f.Overrides, " and "))
	}
	if len(f.Pairs)+len(f.Overrides) > 0 {
		w.line("")
	}
}

func sentence(f *schema.Field) string {
	return plain(f.Description)
}

// typeText says what a field takes.
func typeText(f *schema.Field) string {
	text := f.Type
	switch {
	case f.Secret():
		return "secret: `{env: NAME}` or `{file: PATH, key: KEY}`, with `version: N`"
	case f.Ref != nil:
		text = fmt.Sprintf("reference to [%s](#%s)", f.Ref.Word, f.Ref.Word)
		if f.OrText {
			text += ", or text that names none"
		}
	case len(f.Enum) > 0:
		text = codes(f.Enum, ", ")
	case len(f.Words) > 0 && f.Type != "boolean":
		var words []string
		for _, word := range f.Words {
			words = append(words, word.File)
		}
		text = codes(words, ", ")
	case f.Items != nil && len(f.Items.Fields) > 0:
		text = "list, see below"
	case f.Items != nil:
		text = "list of " + typeText(f.Items)
	case f.Format != "":
		text = f.Format
	}
	if b := bounds(f); b != "" && len(f.Words) == 0 {
		text += " " + b
	}
	if f.Nullable {
		text += ", or null"
	}
	return text
}

func bounds(f *schema.Field) string {
	switch {
	case f.Minimum != nil && f.Maximum != nil:
		return fmt.Sprintf("%d to %d", *f.Minimum, *f.Maximum)
	case f.Minimum != nil:
		return fmt.Sprintf("from %d", *f.Minimum)
	case f.Maximum != nil:
		return fmt.Sprintf("to %d", *f.Maximum)
	}
	return ""
}

func defaultText(f *schema.Field) string {
	switch {
	case !f.HasDefault:
		return ""
	case f.Default == nil, f.Ref != nil:
		return "not set"
	}
	return code(fmt.Sprint(f.Default))
}

func rules(f *schema.Field, key bool) []string {
	var out []string
	for _, rule := range []struct {
		yes  bool
		text string
	}{
		{key, "part of the key"}, {f.Required && !key, "required on create"}, {f.Decide, "decide on create"}, {f.CreateOnly, "only create sets it"},
		{f.Once, "under `on_create`"}, {f.Always, "every update carries it"}, {f.Set, "order does not matter"},
		{f.Unique != "", "unique in the tenant"}, {f.NeedsAdmin(), "administrators only"},
	} {
		if rule.yes {
			out = append(out, rule.text)
		}
	}
	return out
}
