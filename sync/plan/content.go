package plan

import (
	"net/http"

	"pbxsync/diff"
	"pbxsync/schema"
)

// FileOf stands in a body for the bytes of a file. As is the name that the server is told.
type FileOf struct {
	Name   string          `json:"file"`
	As     string          `json:"as"`
	Size   int64           `json:"size"`
	SHA256 string          `json:"sha256"`
	Ref    schema.FileRef  `json:"-"`
	Rule   *schema.Content `json:"-"`
}

// replaceContent makes the step that replaces the content of a file, if the change
// has one. The API takes it apart from all other fields.
func (b *builder) replaceContent(ch *diff.Change) (*node, *schema.Field) {
	o := ch.Desired
	c := o.Kind.Content
	if c == nil || !ch.Sets(c.Field) {
		return nil, nil
	}
	body := map[string]any{c.Field.API: fileOf(o, o.Values[c.Field.Name])}
	return b.add(&node{Step: Step{Method: http.MethodPost, Path: o.ItemPath(), Body: body, Changes: others(ch)}, content: true}), c.Field
}

// others names the change at a step that is not its only one.
func others(ch *diff.Change) []string {
	if len(ch.Fields) == 1 {
		return nil
	}
	return []string{ch.Address()}
}

// file is what a body has for the content of a file, which is there wherever it is stated.
func (b *bodies) file(o *schema.Object, f *schema.Field, v any) (any, bool) {
	if c := o.Kind.Content; c == nil || c.Field != f {
		return nil, false
	}
	return fileOf(o, v), true
}

func fileOf(o *schema.Object, v any) FileOf {
	ref := schema.FileRefOf(v)
	return FileOf{Name: ref.Name, As: ref.UploadName(o), Size: ref.Size, SHA256: ref.SHA256, Ref: ref, Rule: o.Kind.Content}
}
