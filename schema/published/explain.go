package published

import (
	"fmt"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/checks"
)

// Explain says what a kind (extension) or a field (extension.status) means. The
// empty word lists the kinds.
func Explain(c *schema.Catalogue, word string) (string, error) {
	if word == "" {
		return explainAll(c), nil
	}
	if checks.IsID(word) {
		return checks.Explain(word)
	}
	if text := explainTop(c, word); text != "" {
		return text, nil
	}
	k, name, field := named(c, word)
	switch {
	case k != nil && field == "":
		return explainKind(k.OfItems()), nil
	case k != nil:
		return explainPath(k, strings.Split(field, "."))
	}
	if text := explainAnywhere(c, word); text != "" {
		return text, nil
	}
	return "", schema.Problems{{Message: fmt.Sprintf("no kind, field or word %q in tenant files", name), Hint: meant(c, name)}}
}

// named finds the kind at the beginning of a word, by its address word or by its
// place in files, and the field behind it.
func named(c *schema.Catalogue, word string) (k *schema.Kind, name, field string) {
	if k := c.BySection(word); k != nil {
		return k, word, ""
	}
	name, field, _ = strings.Cut(word, ".")
	if k = c.Kind(name); k == nil {
		k = c.BySection(name)
	}
	if last := strings.LastIndex(word, "."); k == nil && last > 0 {
		k, field = c.BySection(word[:last]), word[last+1:]
	}
	return k, name, field
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func explainAll(c *schema.Catalogue) string {
	var b strings.Builder
	for _, k := range c.Kinds {
		if len(k.Section) > 0 {
			fmt.Fprintf(&b, "%-20s %-26s %s\n", k.Word, k.YAML(), k.Description)
		}
	}
	return b.String()
}

func explainKind(k *schema.Kind) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", k.Word, k.Description)
	if len(k.Section) > 0 {
		fmt.Fprintf(&b, "In files:  %s\n", k.YAML())
	}
	if len(k.Key) > 0 {
		fmt.Fprintf(&b, "Key:       %s\n", strings.Join(names(k.KeyFields()), " "))
	}
	verbs := make([]string, len(k.Verbs))
	for i, v := range k.Verbs {
		verbs[i] = string(v)
	}
	fmt.Fprintf(&b, "API:       %s\n", strings.Join(verbs, ", "))
	for _, line := range []struct{ what, text string }{{"Order:     ", k.Ordering()}, {"Deleting:  loses ", k.Loses}, {"Not read:  ", k.Unread.String()}, {"Create:    ", k.HintCreate}, {"Delete:    ", k.HintDelete}} {
		if line.text != "" {
			b.WriteString(line.what + line.text + "\n")
		}
	}
	b.WriteString("Fields:\n")
	for _, f := range k.Fields {
		fmt.Fprintf(&b, "  %-34s %s\n", f.Name, strings.TrimSpace(shape(f)+"  "+f.Description))
	}
	for _, c := range k.Children {
		fmt.Fprintf(&b, "  %-34s see %s\n", c.Section[0], c.Word)
	}
	return b.String()
}

// absence says what absent: true is for.
func absence(k *schema.Kind) string {
	if k.Admin.Has(schema.Delete) {
		return "The tenant is to be deleted, with everything in it; apply needs --delete-tenant with its name."
	}
	return "The object is to be deleted."
}

// shape says in a few words what a field takes.
func shape(f *schema.Field) string {
	switch {
	case f.ReadOnly:
		return "read-only"
	case f.Secret():
		return "secret"
	case f.Takes != "":
		return f.Takes
	case f.OrText:
		return f.Ref.Word + " or text"
	case f.Ref != nil:
		return f.Ref.Word
	case len(f.Enum) > 0:
		return strings.Join(f.Enum, "|")
	case len(f.Words) > 0 && f.Type != "boolean":
		return f.Words[0].File + "|…|" + f.Words[len(f.Words)-1].File
	case f.Format != "":
		return f.Format
	case f.Items != nil && f.Items.Format != "":
		return "list of " + f.Items.Format
	}
	return f.Type
}

func explainField(f *schema.Field, k *schema.Kind) string { return explainAt(f, k.Word) }

// explainAt says what a field means that stands there.
func explainAt(f *schema.Field, where string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.%s: %s\n", where, f.Name, orElse(f.Description, "set by the server"))
	fmt.Fprintf(&b, "Takes:     %s\n", shape(f))
	if f.Minimum != nil || f.Maximum != nil {
		fmt.Fprintf(&b, "Bounds:    %s\n", schema.Bounds(f))
	}
	if f.HasDefault {
		fmt.Fprintf(&b, "Server:    %v, unless a create says otherwise\n", f.Default)
	}
	for _, say := range []struct {
		yes  bool
		text string
	}{
		{f.Required, "A create has to state it."},
		{f.Decide, "A create has to decide it; the server's own choice is not left to chance."},
		{f.CreateOnly, "Only create may set it."},
		{f.Once, "It acts once and stands under on_create."},
		{f.Secret(), "Written as {env: NAME} or {file: PATH, key: KEY}, never as itself; a higher version: N has it sent again."},
		{f.Nullable, "null clears it."},
		{f.Set, "The order does not matter."},
		{f.Unique != "", "Its value is unique in the tenant."},
		{f.NeedsAdmin(), "It takes an administrator's credentials."},
	} {
		if say.yes {
			b.WriteString(say.text + "\n")
		}
	}
	for _, sub := range subFields(f) {
		fmt.Fprintf(&b, "  %-20s %s\n", sub.Name, strings.TrimSpace(shape(sub)+"  "+sub.Description))
	}
	return b.String()
}

func subFields(f *schema.Field) []*schema.Field {
	if f.Items != nil {
		return f.Items.Fields
	}
	return f.Fields
}

func names(fields []*schema.Field) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.Name
	}
	return out
}
