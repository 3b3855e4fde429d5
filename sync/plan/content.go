package plan

import (
	"net/http"

	"pbxsync/diff"
	"pbxsync/schema"
)

// replaceContent makes the step that replaces the content of a file, if the change
// has one. The API takes it apart from all other fields.
func (b *builder) replaceContent(ch *diff.Change) *node {
	o := ch.Desired
	c := o.Kind.Content
	if c == nil || !ch.Sets(c.Field) {
		return nil
	}
	body := map[string]any{c.Field.API: fileOf(o, o.Values[c.Field.Name])}
	return b.add(&node{Step: Step{Method: http.MethodPost, Path: o.ItemPath(), Body: body, Changes: others(ch)}, content: true})
}

// others names the change at a step that is not its only one.
func others(ch *diff.Change) []string {
	if len(ch.Fields) == 1 {
		return nil
	}
	return []string{ch.Address()}
}

func fileOf(o *schema.Object, v any) FileOf {
	ref := schema.FileRefOf(v)
	return FileOf{Name: ref.Name, As: ref.UploadName(o), Size: ref.Size, SHA256: ref.SHA256, Ref: ref, Rule: o.Kind.Content}
}
